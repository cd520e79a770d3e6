import Kernels
import Tables

/// Turns a split's records into a batch of transactions, and counts what became of every row.
///
/// One worker has one, and reuses it from split to split.
struct BatchBuilder {
  /// Bytes of a rejected row that are kept.
  static let rawLimit = 4096

  let format: LedgerFormat
  let time: TimeSyntax
  let quantitySyntax: NumberSyntax
  let moneySyntax: NumberSyntax
  let filters: FilterProgram

  var batch = TransactionBatch()
  var tallies = RowTallies()
  var blank = 0
  var oddRejects = 0
  /// Where the first row of the newest kept day stands.
  var newestPlace: (place: RowPlace, line: Int)?
  /// Currencies of kept rows, each with the place of its first.
  var currencies: [[UInt8]: (place: RowPlace, line: Int)] = [:]

  var index: RowIndex
  var verdicts: [UInt8] = []
  var timeFaults: [UInt8] = []
  var quantities: [Int64] = []
  var quantityFaults: [UInt8] = []
  var prices: [Int64] = []
  var priceFaults: [UInt8] = []
  var discounts: [Int64] = []
  var discountFaults: [UInt8] = []
  var productFaults: [UInt8] = []
  var dimensions: [FieldColumn]
  var currency = FieldColumn()
  var anyFault = false
  /// Where fields are written anew: behind the text.
  var arenaEnd = 0

  init(_ format: LedgerFormat, time: TimeSyntax, filters: FilterProgram) {
    self.format = format
    self.time = time
    self.filters = filters
    quantitySyntax = format.quantityFormat.syntax
    moneySyntax = format.moneyFormat.syntax
    index = RowIndex(dialect: format.dialect.scan)
    dimensions = Array(repeating: FieldColumn(), count: format.dimensions.count)
    batch.attributes = Array(repeating: FieldColumn(), count: format.attributes.count)
  }

  /// Builds the batch of one split.
  ///
  /// - Parameters:
  ///   - text: The split; its bytes move into the batch until ``giveBack(_:)``.
  ///   - plan: Where the columns are.
  ///   - input: The input that the split belongs to.
  ///   - repeated: Given the verdicts and every row's fields, marks rows that repeat an earlier one.
  /// - Returns: The rows that cannot be read, in their order.
  /// - Throws: ``ReadError`` when removing repeated rows needs too much memory, or another piece failed;
  ///   `openQuote`.
  mutating func build(
    _ text: inout SplitText,
    plan: ColumnPlan,
    input: OpenInput,
    repeated: RepeatedRowsFilter?
  ) throws(ReadError) -> [Reject] {
    swap(&batch.bytes, &text.bytes)
    batch.fileOrdinal = input.ordinal
    batch.originOffset = text.originOffset
    arenaEnd = text.filled + TextScan.padding
    index.index(batch.bytes, text.scan, columnCount: plan.count)
    batch.rowCount = index.rowCount
    index.beginnings(text.scan, origin: SplitText.origin, into: &batch.rowBegins)
    resetVerdicts()
    cutTexts(text, plan)
    parse(text, plan)
    checkEncoding(text, plan)
    judgeFaults()
    try repeated?.mark(
      &batch.bytes,
      text,
      index,
      plan,
      arena: arenaEnd,
      rows: batch.rowCount,
      verdicts: &verdicts
    )
    applyFilters()
    let unreadableBefore = unreadableRows
    batch.keptRows = tallies.select(
      verdicts: verdicts,
      amounts: batch.amounts,
      instants: batch.instants,
      count: batch.rowCount
    )
    noteNewest(text, input)
    noteCurrencies(text, input)
    return try rejects(
      text,
      plan,
      input,
      hasUnreadableRows: unreadableRows > unreadableBefore
    )
  }

  /// Returns the split's bytes for the next one.
  mutating func giveBack(_ text: inout SplitText) {
    swap(&batch.bytes, &text.bytes)
  }
}
