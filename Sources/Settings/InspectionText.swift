public import Engine

/// Writes an inspection as a settings file to edit.
public struct InspectionText {
  private let inspection: Inspection

  /// Of one inspection.
  public init(_ inspection: Inspection) {
    self.inspection = inspection
  }

  /// YAML that `check` accepts wherever every role was found.
  public var yaml: String {
    let records = "\(inspection.sampledRecords) record\(inspection.sampledRecords == 1 ? "" : "s")"
    let extent = inspection.hasMore ? "its first \(records)" : "all of its \(records)"
    var lines = [
      "# What Tranche would assume about \(inspection.path), from \(extent).",
      "# Check every line: a run takes them as they stand, and guesses nothing.",
    ]
    lines += input + customer + order + time + amount + others + filters
    return lines.joined(separator: "\n") + "\n"
  }

  private var input: [String] {
    [
      "input:", "  delimiter: \(inspection.delimiter)", "  quote: \(inspection.quote)",
      "  header: \(inspection.hasHeader)", "  encoding: \(inspection.encoding)",
    ]
  }

  private var customer: [String] {
    var lines = ["customer:", column("column", .customer, "the customer's id")]
    if !inspection.customerSuffix.isEmpty {
      lines.append("  strip_suffix: '\(inspection.customerSuffix)'  # every id ends so")
    }
    return lines
  }

  private var order: [String] {
    guard inspection.roles[.order] == nil else {
      return ["order:", column("column", .order, "the order's id")]
    }
    return ["order:", "  by: day  # no column of order ids was found; day or row"]
  }

  private var time: [String] {
    let lines = ["time:", column("column", .time, "the time")]
    switch inspection.time {
    case nil: return lines
    case .format(let format): return lines + ["  format: '\(format)'"]
    case .unknown(let example):
      return lines + ["  format: iso8601  # no known pattern fits, as in '\(comment(example))'"]
    case .ambiguous(let dayFirst, let monthFirst):
      return lines + [
        "  # The sample can't tell day from month: both fit every row. Choose one:",
        "  # format: '\(dayFirst)'", "  # format: '\(monthFirst)'",
        "  format: iso8601  # until then every row is rejected, rather than misread",
      ]
    }
  }

  private var amount: [String] {
    var lines = ["amount:"]
    if inspection.roles[.quantity] != nil, inspection.roles[.price] != nil {
      lines += [column("quantity", .quantity, ""), column("price", .price, "")]
    } else {
      lines.append(column("column", .amount, "the amount"))
    }
    lines.append("  decimals: \(inspection.decimals)")
    if inspection.quantityDecimals > 0 {
      lines.append("  quantity_decimals: \(inspection.quantityDecimals)")
    }
    if inspection.decimalMark != "." { lines.append("  decimal_mark: \(inspection.decimalMark)") }
    if let mark = inspection.thousandsMark { lines.append("  thousands_mark: \(mark)") }
    return lines
  }

  private var others: [String] {
    var lines: [String] = []
    if inspection.roles[.currency] != nil {
      lines += ["currency:", column("column", .currency, "")]
    }
    if inspection.roles[.country] != nil {
      lines += ["dimensions:", column("country", .country, "")]
    }
    return lines
  }

  private var filters: [String] {
    let rules = inspection.findings.compactMap { finding in
      Self.rules[finding.rule].map { rule in
        "  - {name: \(finding.rule), \(rule)}  # \(finding.rows) rows of the sample"
      }
    }
    return rules.isEmpty ? [] : ["filters:"] + rules
  }

  private static let rules: [String: String] = [
    "customer_missing": "column: customer, missing: true",
    "cancelled": "column: order, prefix: C",
    "quantity_not_positive": "column: quantity, at_most: 0",
    "price_not_positive": "column: price, at_most: 0",
    "amount_not_positive": "column: amount, at_most: 0",
  ]

  private func column(_ key: String, _ role: ColumnRole, _ meaning: String) -> String {
    guard let index = inspection.roles[role] else {
      let names = inspection.columns.prefix(12).map(comment).joined(separator: ", ")
      return "  \(key): none  # not found: name the column of \(meaning); there are \(names)"
    }
    guard inspection.hasHeader else { return "  \(key): \(index + 1)" }
    return "  \(key): \(quoted(inspection.columns[index]))"
  }

  private func quoted(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x20
    }
    let isWord = !name.isEmpty && name.first != " " && name.last != " "
    return isPlain && isWord ? name : "'\(name.replacing("'", with: "''"))'"
  }

  /// Text that may stand in a comment.
  private func comment(_ text: String) -> String {
    String(
      text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) }
    )
  }
}
