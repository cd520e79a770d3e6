internal import Readers

/// The sections that say how the bytes of a ledger become rows.
extension Resolution {
  /// Sections `input` to `repeated_rows`.
  mutating func ledgerFormat() -> LedgerFormat {
    var format = LedgerFormat(
      customer: requiredColumn("customer.column", "the customer's id"),
      order: orderRule(),
      time: requiredColumn("time.column", "the time"),
      amount: amountRule()
    )
    format.dialect = dialect()
    format.customerSuffix = text("customer.strip_suffix")
    format.orderScope = choice("order.scope", or: .ledger)
    format.timeFormat = timeFormat()
    (format.quantityFormat, format.moneyFormat) = numberFormats()
    format.currency = column("currency.column")
    format.dimensions = namedColumns("dimensions")
    format.attributes = namedColumns("attributes")
    format.filters = filters(format)
    format.repeatedRows = choice("repeated_rows.action", or: .keep)
    checkNames(format)
    return format
  }

  /// The section `input`.
  mutating func dialect() -> Dialect {
    var dialect = Dialect()
    let typed = optionalText("input.delimiter") ?? ""
    if typed == "blanks" {
      dialect.separator = .blanks
    } else if let byte = byte("input.delimiter") {
      dialect.separator = .byte(byte)
    } else if problems.last?.keyPath != "input.delimiter" {
      fail("input.delimiter", "expected one character, or blanks")
    }
    dialect.quote = byte("input.quote")
    dialect.comment = byte("input.comment")
    dialect.preambleLines = integer("input.preamble_lines", in: 0...1_000_000)
    dialect.hasHeader = flag("input.header")
    dialect.encoding = choice("input.encoding", or: .utf8, notYet: EncodingNames.refused)
    if let quote = dialect.quote, dialect.separator == .byte(quote) {
      fail("input.quote", "the quote and the delimiter are the same character")
    }
    return dialect
  }

  private mutating func orderRule() -> OrderRule {
    switch text("order.by") {
    case "day": return .day
    case "row": return .row
    case "column": return .column(requiredColumn("order.column", "the order's id"))
    default:
      fail("order.by", "'\(text("order.by"))' is none of column, day, row")
      return .row
    }
  }

  private mutating func amountRule() -> AmountRule {
    let amount = column("amount.column")
    let quantity = column("amount.quantity")
    let price = column("amount.price")
    let discount = column("amount.discount")
    switch (amount, quantity, price) {
    case (let amount?, nil, nil):
      if discount != nil { fail("amount.discount", "counts only with amount.price") }
      return .amount(amount)
    case (nil, let quantity?, let price?):
      return .product(quantity: quantity, price: price, discount: discount)
    case (nil, nil, nil):
      fail("amount.column", "name the column of amounts, or amount.quantity and amount.price")
    case (nil, _, nil):
      fail("amount.price", "name the column of prices, as amount.quantity is given")
    case (nil, nil, _):
      fail("amount.quantity", "name the column of quantities, as amount.price is given")
    default:
      fail("amount.column", "set this or amount.quantity and amount.price to none: not both count")
    }
    return .amount(.number(1))
  }

  private mutating func timeFormat() -> TimeFormat {
    var format = TimeFormat()
    let typed = text("time.format")
    switch typed {
    case "iso8601": format.pattern = .iso8601
    case "epoch_seconds": format.pattern = .epochSeconds
    case "epoch_milliseconds": format.pattern = .epochMilliseconds
    case _ where typed.contains("%"): format.pattern = .pattern(typed)
    default:
      let known = "iso8601, epoch_seconds, epoch_milliseconds or a pattern such as '%d.%m.%Y %H:%M'"
      fail("time.format", "expected \(known), not '\(typed)'")
    }
    format.zoneOffsetSeconds = zoneOffset()
    do throws(ReadError) {
      try format.validate()
    } catch {
      if case .badTimePattern(_, let reason) = error {
        fail("time.format", "'\(typed)': \(reason)")
      }
    }
    return format
  }

  private mutating func zoneOffset() -> Int {
    let typed = text("time.zone")
    if let seconds = ClockText.zoneOffsetSeconds(typed) { return seconds }
    let isName = typed.contains("/") || typed.allSatisfy(\.isLetter)
    fail(
      "time.zone",
      isName
        ? "'\(typed)': IANA time zones are not there yet; give an offset such as +01:00"
        : "expected UTC or an offset such as +01:00, not '\(typed)'"
    )
    return 0
  }

  private mutating func numberFormats() -> (quantity: NumberFormat, money: NumberFormat) {
    var money = NumberFormat()
    money.decimals = integer("amount.decimals", in: 0...9)
    money.decimalMark = byte("amount.decimal_mark") ?? UInt8(ascii: ".")
    money.thousandsMark = byte("amount.thousands_mark")
    money.currencySigns = texts("amount.currency_signs")
    money.accountingNegatives = flag("amount.accounting_negatives")
    money.zeroWords = texts("amount.zero_words")
    do throws(ReadError) {
      try money.validate()
    } catch {
      if case .badNumberFormat(let part, let reason) = error {
        fail("amount.\(part.rawValue)", reason)
      }
    }
    var quantity = money
    quantity.decimals = integer("amount.quantity_decimals", in: 0...9)
    quantity.currencySigns = []
    return (quantity, money)
  }

  private mutating func namedColumns(_ path: String) -> [NamedColumn] {
    guard let entries = node(path).entries else {
      fail(path, "expected names with a column each, such as `country: Country`")
      return []
    }
    return entries.compactMap { name, node in
      let keyPath = "\(path).\(name)"
      if !Names.isSnakeCase(name) {
        fail(keyPath, "names are snake_case: a to z, 0 to 9 and _", at: node)
      }
      return column(of: node, at: keyPath).map { NamedColumn(name: name, column: $0) }
    }
  }

  /// Names that would collide, and names where a file without a header has none.
  private mutating func checkNames(_ format: LedgerFormat) {
    var seen = Names.reserved
    for (section, columns) in [
      ("dimensions", format.dimensions), ("attributes", format.attributes),
    ] {
      for column in columns where !seen.insert(column.name).inserted {
        fail("\(section).\(column.name)", "this name is taken; choose another")
      }
    }
    guard !format.dialect.hasHeader else { return }
    for path in columnPaths(format) {
      if case .name(let name)? = column(of: node(path), at: path) {
        fail(path, "without a header (input.header) give the column's number, not '\(name)'")
      }
    }
  }

  private func columnPaths(_ format: LedgerFormat) -> [String] {
    var paths = ["customer.column", "time.column", "currency.column", "amount.column"]
    paths += ["amount.quantity", "amount.price", "amount.discount"]
    if case .column = format.order { paths.append("order.column") }
    paths += format.dimensions.map { "dimensions.\($0.name)" }
    return paths + format.attributes.map { "attributes.\($0.name)" }
  }
}

/// Names of encodings that are known and refused.
enum EncodingNames {
  /// Why.
  static let refused: [String: String] = {
    let utf16 = "UTF-16 is refused; convert the file first, such as with `iconv -f UTF-16 -t UTF-8`"
    return ["utf-16": utf16, "utf-16le": utf16, "utf-16be": utf16, "UTF-16": utf16]
  }()
}

/// Rules for the names that users choose.
enum Names {
  /// Columns that customer files have, or may have with other settings.
  static let outputColumns: Set<String> = [
    "customer_id", "first_order", "last_order", "recency_days", "frequency", "monetary", "r_score",
    "f_score", "m_score", "segment", "tier", "cluster", "cluster_name", "orders", "rows", "days",
    "gross", "returns", "net", "largest_order_amount", "first_order_amount", "gap_mean_days",
    "gap_variance_days",
  ]

  /// Roles, and columns that customer files have anyway.
  static let reserved = outputColumns.union([
    "customer", "order", "time", "quantity", "price", "amount", "discount", "currency",
  ])

  /// Files of profiles, less their ending.
  static let profiles: Set<String> = ["segments", "clusters", "tiers", "segments_clusters"]

  /// Whether a name has only a to z, 0 to 9 and `_`, and begins with a letter.
  static func isSnakeCase(_ name: String) -> Bool {
    guard let first = name.utf8.first, (0x61...0x7A).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
    }
  }
}
