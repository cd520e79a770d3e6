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
    lines += warnings + input + customer + order + time + amount + others + filters
    return lines.joined(separator: "\n") + "\n"
  }

  private var warnings: [String] {
    var lines: [String] = []
    if inspection.sampledRecords == 0 {
      lines.append("# No row was seen: formats and decimals below are defaults, not guesses.")
    }
    if let line = inspection.openQuoteLine {
      lines += [
        "# Warning: a quote that opens in the record at line \(line) is never closed, and the rest",
        "# was not looked at: mend the file, or set `quote: none`.",
      ]
    }
    return lines
  }

  private var input: [String] {
    let comment = inspection.comment.map { ["  comment: '\($0)'  # the file begins so"] } ?? []
    return [
      "input:", "  delimiter: \(inspection.delimiter)", "  quote: \(inspection.quote)",
    ] + comment + [
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
    lines.append("  decimals: \(inspection.decimals)" + decimalsComment)
    if inspection.quantityDecimals > 0 {
      lines.append("  quantity_decimals: \(inspection.quantityDecimals)")
    }
    if inspection.decimalMark != "." { lines.append("  decimal_mark: \(inspection.decimalMark)") }
    if let mark = inspection.thousandsMark { lines.append("  thousands_mark: \(mark)") }
    return lines + oddNumbers
  }

  private var decimalsComment: String {
    var notes: [String] = []
    if !inspection.numberColumns.isEmpty {
      let columns = inspection.numberColumns.map { "\($0 + 1)" }.joined(separator: ", ")
      notes.append("as in column \(columns)")
    }
    if inspection.hasMore { notes.append("more records were not looked at") }
    return notes.isEmpty ? "" : "  # " + notes.joined(separator: "; ")
  }

  private var oddNumbers: [String] {
    var lines: [String] = []
    if !inspection.currencySigns.isEmpty {
      lines.append(
        "  currency_signs: \(list(inspection.currencySigns))"
          + (inspection.currencySigns.count > 1 ? "  # added up as if they were one" : "")
      )
    }
    if inspection.hasAccountingNegatives { lines.append("  accounting_negatives: true") }
    if !inspection.zeroWords.isEmpty {
      lines.append("  zero_words: \(list(inspection.zeroWords))  # or rows that have no amount?")
    }
    if inspection.emptyNumbers > 0 {
      lines.append(
        "  # empty numbers: \(inspection.emptyNumbers); add '' to zero_words if that is zero"
      )
    }
    return lines
  }

  private func list(_ texts: [String]) -> String {
    "[\(texts.map { "'\($0.replacing("'", with: "''"))'" }.joined(separator: ", "))]"
  }

  private var others: [String] {
    var lines: [String] = []
    let isMixed = inspection.currencies.count > 1
    if inspection.roles[.currency] != nil {
      lines += ["currency:", column("column", .currency, "")]
    }
    if isMixed || inspection.roles[.country] != nil { lines.append("dimensions:") }
    if isMixed { lines.append(column("row_currency", .currency, "")) }
    if inspection.roles[.country] != nil { lines.append(column("country", .country, "")) }
    return lines
  }

  private var filters: [String] {
    let rules = inspection.findings.compactMap { finding in
      rule(finding.rule).map { rule in
        "  - {name: \(finding.rule), \(rule)}  # \(finding.rows) row\(finding.rows == 1 ? "" : "s")"
      }
    }
    guard rules.isEmpty else { return ["filters:"] + rules + currencyFilter }
    return currencyFilter.isEmpty ? [] : ["# filters:"] + currencyFilter
  }

  /// Which currency to keep is for a person to say.
  private var currencyFilter: [String] {
    guard inspection.currencies.count > 1 else { return [] }
    let (first, second) = (inspection.currencies[0], inspection.currencies[1])
    return [
      "  # There are rows in '\(comment(first))' and in '\(comment(second))', which a run refuses: "
        + "keep one, such as",
      "  # - {name: other_currency, column: row_currency, none_of: \(list([comment(first)]))}",
    ]
  }

  private func rule(_ name: String) -> String? {
    switch name {
    case "customer_missing":
      let words = inspection.missingCustomerWords
      return "column: customer, missing: \(words.isEmpty ? "true" : list(words))"
    case "cancelled": return "column: order, prefix: C"
    case "quantity_not_positive": return "column: quantity, at_most: 0"
    case "price_not_positive": return "column: price, at_most: 0"
    case "amount_not_positive": return "column: amount, at_most: 0"
    default: return nil
    }
  }

  private func column(_ key: String, _ role: ColumnRole, _ meaning: String) -> String {
    guard let index = inspection.roles[role] else {
      return "  \(key): none  # not found: \(choice(of: meaning))"
    }
    let isRepeated = inspection.columns.count { $0 == inspection.columns[index] } > 1
    guard inspection.hasHeader else { return "  \(key): \(index + 1)" }
    if isRepeated {
      return "  \(key): \(index + 1)  # several are called \(comment(inspection.columns[index]))"
    }
    return "  \(key): \(quoted(inspection.columns[index]))"
  }

  private func choice(of meaning: String) -> String {
    let names = inspection.columns.prefix(12).map(comment).joined(separator: ", ")
    guard !inspection.hasHeader else { return "name the column of \(meaning); there are \(names)" }
    return "number the column of \(meaning); there are columns 1 to \(inspection.columns.count), "
      + "such as \(names)"
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
