public import Tables

/// Which column of a file is meant.
public enum ColumnReference: Hashable, Sendable {
  /// By its name in the header; compared as bytes.
  case name(String)
  /// By its position from 1.
  case number(Int)
}

/// What makes rows of one customer one order.
public enum OrderRule: Hashable, Sendable {
  /// Rows with equal ids in this column.
  case column(ColumnReference)
  /// Rows of one day.
  case day
  /// Each row is an order.
  case row
}

/// Where an order id is unique.
public enum OrderScope: String, Hashable, Sendable, CaseIterable {
  /// In the whole ledger.
  case ledger
  /// In its file: ids start anew in each.
  case file
}

/// Where a row's amount comes from.
public enum AmountRule: Hashable, Sendable {
  /// One column.
  case amount(ColumnReference)
  /// Quantity × price, less the discount where there is one.
  case product(quantity: ColumnReference, price: ColumnReference, discount: ColumnReference?)
}

/// A column under a name of the user's.
public struct NamedColumn: Hashable, Sendable {
  /// What filters and outputs call it: snake_case.
  public var name: String
  /// Where it stands in the file.
  public var column: ColumnReference

  /// Pairs a name with a column.
  public init(name: String, column: ColumnReference) {
    self.name = name
    self.column = column
  }
}

/// How numbers are written.
public struct NumberFormat: Hashable, Sendable {
  /// Decimals that a number may have; one with more is a reject, never rounded.
  public var decimals = 0
  /// The byte before the decimals.
  public var decimalMark: UInt8 = UInt8(ascii: ".")
  /// A byte that may stand between digits before the decimal mark and is dropped.
  public var thousandsMark: UInt8?
  /// Signs that may stand before or behind a number and are dropped, such as `$` or `€`.
  public var currencySigns: [String] = []
  /// Whether `(12.50)` and `12.50-` mean -12.50.
  public var accountingNegatives = false
  /// Fields that mean zero, such as `NULL`; the empty field only if it is listed.
  public var zeroWords: [String] = []

  /// Whole numbers with a leading minus at most.
  public init() {}
}

/// How times are written.
public struct TimeFormat: Hashable, Sendable {
  /// What a time field holds.
  public enum Pattern: Hashable, Sendable {
    /// ISO 8601: a date, optionally a time with seconds and a fraction, optionally a zone.
    case iso8601
    /// strptime-like, such as `%m/%d/%Y %H:%M`; numbers may be unpadded.
    case pattern(String)
    /// Seconds since 1970-01-01T00:00:00Z, with up to six decimals.
    case epochSeconds
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case epochMilliseconds
  }

  /// What a time field holds.
  public var pattern: Pattern = .iso8601
  /// The ledger's zone, in seconds east of UTC.
  ///
  /// Text without a zone is taken as it stands; text with one, and epochs, are converted to this zone.
  public var zoneOffsetSeconds = 0

  /// ISO 8601 in UTC.
  public init() {}
}

/// A named rule that takes rows out of the count.
public struct FilterRule: Hashable, Sendable {
  /// The number that a numeric rule looks at.
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    /// The quantity column.
    case quantity
    /// The price column.
    case price
    /// The row's amount.
    case amount
  }

  /// The text that a textual rule looks at.
  public enum Text: Hashable, Sendable {
    /// The customer id.
    case customer
    /// The order id.
    case order
    /// A declared dimension or attribute, by its name.
    case column(String)
  }

  /// How a number is compared.
  public enum Comparison: String, Hashable, Sendable, CaseIterable {
    /// Less than or equal.
    case atMost = "at_most"
    /// Less than.
    case below
    /// Greater than or equal.
    case atLeast = "at_least"
    /// Greater than.
    case above
    /// Equal.
    case equal
  }

  /// When a row is taken out.
  public enum Condition: Hashable, Sendable {
    /// The text is empty or one of the null words.
    case missing(Text, nullWords: [String])
    /// The text begins with one of these.
    case prefix(Text, [String])
    /// The text is one of these.
    case isOneOf(Text, [String])
    /// The text is none of these.
    case isNoneOf(Text, [String])
    /// The number compares so with a decimal constant such as `0` or `0.50`.
    case number(Quantity, Comparison, String)
    /// The time is before this moment.
    case before(Instant)
    /// The time is after this moment.
    case after(Instant)
  }

  /// Names the rule in summaries: snake_case.
  public var name: String
  /// When a row is taken out.
  public var condition: Condition

  /// Names a condition.
  public init(name: String, condition: Condition) {
    self.name = name
    self.condition = condition
  }
}

/// What happens to rows whose every field equals an earlier row's.
public enum RepeatedRows: String, Hashable, Sendable, CaseIterable {
  /// They count like any other.
  case keep
  /// They are removed before the filters, under the rule name `repeated_rows`.
  case remove
}

/// Everything that says how the bytes of a ledger become rows.
public struct LedgerFormat: Hashable, Sendable {
  /// How bytes are cut into fields.
  public var dialect = Dialect()
  /// The customer id.
  public var customer: ColumnReference
  /// A suffix that is taken off customer ids, such as `.0`.
  public var customerSuffix = ""
  /// What makes an order.
  public var order: OrderRule
  /// Where order ids are unique.
  public var orderScope: OrderScope = .ledger
  /// The time.
  public var time: ColumnReference
  /// How times are written.
  public var timeFormat = TimeFormat()
  /// Where the amount comes from.
  public var amount: AmountRule
  /// How quantities are written.
  public var quantityFormat = NumberFormat()
  /// How prices, amounts and discounts are written.
  public var moneyFormat = NumberFormat()
  /// The currency of a row; rows of different currencies are refused unless filtered.
  public var currency: ColumnReference?
  /// Columns that filters, and later profiles, look at.
  public var dimensions: [NamedColumn] = []
  /// Columns whose latest value that is not empty is carried to the customer.
  public var attributes: [NamedColumn] = []
  /// What takes rows out, in order: a row is counted under the first rule that matches.
  public var filters: [FilterRule] = []
  /// What happens to repeated rows.
  public var repeatedRows: RepeatedRows = .keep

  /// A format with the four roles that every ledger has.
  public init(
    customer: ColumnReference,
    order: OrderRule,
    time: ColumnReference,
    amount: AmountRule
  ) {
    self.customer = customer
    self.order = order
    self.time = time
    self.amount = amount
  }

  /// Decimals of the ledger's smallest unit of money: for a product the sum of its factors' decimals.
  public var moneyScale: Int {
    switch amount {
    case .amount: moneyFormat.decimals
    case .product: quantityFormat.decimals + moneyFormat.decimals
    }
  }
}
