/// What `inspect` would assume about a file, for a configuration to edit.
public struct Inspection: Sendable {
  /// How dates in the sample can be read.
  public enum TimeGuess: Hashable, Sendable {
    /// As a setting of `time.format`.
    case format(String)
    /// Day first and month first fit the whole sample alike.
    case ambiguous(dayFirst: String, monthFirst: String)
    /// No known pattern fits them all; a value that shows it.
    case unknown(String)
  }

  /// The file, as it was named.
  public var path = ""
  /// Records that were looked at, without the header.
  public var sampledRecords = 0
  /// Whether the file has more records than that.
  public var hasMore = false
  /// As a setting of `input.delimiter`.
  public var delimiter = "comma"
  /// As a setting of `input.quote`.
  public var quote = "'\"'"
  /// Whether the first record names the columns.
  public var hasHeader = true
  /// As a setting of `input.encoding`.
  public var encoding = "utf-8"
  /// Names in the header, or the first record where there is none.
  public var columns: [String] = []
  /// The column of each role that was found, as an index into `columns`.
  public var roles: [ColumnRole: Int] = [:]
  /// How times are written; nil without a time column.
  public var time: TimeGuess?
  /// Taken off customer ids; empty for nothing.
  public var customerSuffix = ""
  /// Words in the customer's column that mean that there is none.
  public var missingCustomerWords: [String] = []
  /// Columns that may be prices or amounts by their shape, where no name tells.
  public var numberColumns: [Int] = []
  /// Two currencies where there are more than one.
  public var currencies: [String] = []
  /// Lines that begin so are comments; nil for none.
  public var comment: String?
  /// The line of a quote that is never closed.
  public var openQuoteLine: Int?
  /// Decimals of prices or amounts.
  public var decimals = 0
  /// Decimals of quantities.
  public var quantityDecimals = 0
  /// As a setting of `amount.decimal_mark`.
  public var decimalMark = "."
  /// As a setting of `amount.thousands_mark`; nil for none.
  public var thousandsMark: String?
  /// What stands before or behind amounts.
  public var currencySigns: [String] = []
  /// Whether some amounts are in parentheses or have a minus behind them.
  public var hasAccountingNegatives = false
  /// Words in columns of numbers that mean that there is none.
  public var zeroWords: [String] = []
  /// Empty fields in columns of numbers.
  public var emptyNumbers = 0
  /// What asks for a filter: the name of the rule and the rows.
  public var findings: [(rule: String, rows: Int)] = []
}

/// What a column can be to a ledger.
public enum ColumnRole: String, Hashable, Sendable, CaseIterable {
  case customer
  case order
  case time
  case quantity
  case price
  case amount
  case currency
  case country

  /// Names that such columns have in the wild, without case and punctuation, the surest first.
  var knownNames: [String] {
    switch self {
    case .customer:
      [
        "customerid", "custid", "customer", "clientid", "userid", "memberid", "customerno",
        "client",
        "customernumber", "buyerid", "kundennummer", "kunde", "user", "email",
      ]
    case .order:
      [
        "invoiceno", "invoice", "orderid", "orderno", "ordernumber", "invoiceid", "invoicenumber",
        "transactionid", "basketid", "receiptid", "order", "receiptno", "bestellnummer",
      ]
    case .time:
      [
        "invoicedate", "orderdate", "transactiondate", "purchasedate", "datetime", "timestamp",
        "orderedat", "createdat", "date", "time", "datum", "ordertime",
      ]
    case .quantity: ["quantity", "qty", "units", "menge", "count"]
    case .price: ["unitprice", "price", "itemprice", "preis", "priceperunit"]
    case .amount:
      [
        "amount", "total", "totalamount", "dollarvalue", "value", "sales", "revenue", "linetotal",
        "totalprice", "spend", "betrag", "netamount",
      ]
    case .currency: ["currency", "currencycode"]
    case .country: ["country", "countrycode", "land", "shipcountry"]
    }
  }
}
