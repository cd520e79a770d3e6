import Kernels
import Tables

/// Turns a split's records into a batch of transactions, and counts what became of every row.
///
/// One worker has one, and reuses it from split to split.
struct BatchBuilder {
  /// Bytes of a rejected row that are kept.
  private static let rawLimit = 4096

  private let format: LedgerFormat
  private let time: TimeSyntax
  private let quantitySyntax: NumberSyntax
  private let moneySyntax: NumberSyntax
  private let filters: FilterProgram

  private(set) var batch = TransactionBatch()
  private(set) var tallies = RowTallies()
  private(set) var blank = 0
  private(set) var oddRejects = 0
  /// Where the first row of the newest kept day stands.
  private(set) var newestPlace: (place: RowPlace, line: Int)?
  /// Currencies of kept rows, each with the place of its first.
  private(set) var currencies: [[UInt8]: (place: RowPlace, line: Int)] = [:]

  private var index: RowIndex
  private var verdicts: [UInt8] = []
  private var timeFaults: [UInt8] = []
  private var quantities: [Int64] = []
  private var quantityFaults: [UInt8] = []
  private var prices: [Int64] = []
  private var priceFaults: [UInt8] = []
  private var discounts: [Int64] = []
  private var discountFaults: [UInt8] = []
  private var productFaults: [UInt8] = []
  private var encodingFaults: [UInt8] = []
  private var named: [FieldColumn]
  private var currency = FieldColumn()
  private var anyFault = false
  /// Where fields are written anew: behind the text.
  private var arenaEnd = 0

  init(_ format: LedgerFormat, time: TimeSyntax, filters: FilterProgram) {
    self.format = format
    self.time = time
    self.filters = filters
    quantitySyntax = format.quantityFormat.syntax
    moneySyntax = format.moneyFormat.syntax
    index = RowIndex(dialect: format.dialect.scan)
    named = Array(
      repeating: FieldColumn(),
      count: format.dimensions.count + format.attributes.count
    )
  }

  /// Builds the batch of one split.
  ///
  /// - Parameters:
  ///   - text: The split; its bytes move into the batch until ``giveBack(_:)``.
  ///   - plan: Where the columns are.
  ///   - input: The input that the split belongs to.
  ///   - repeated: Given the verdicts and every row's fields, marks rows that repeat an earlier one.
  /// - Returns: The rows that cannot be read, in their order.
  /// - Throws: ``ReadError`` when removing repeated rows needs too much memory, or another piece failed.
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
    batch.keptRows = tallies.select(
      verdicts: verdicts,
      amounts: batch.amounts,
      instants: batch.instants,
      count: batch.rowCount
    )
    noteNewest(text, input)
    noteCurrencies(text, input)
    return rejects(text, plan, input)
  }

  /// Returns the split's bytes for the next one.
  mutating func giveBack(_ text: inout SplitText) {
    swap(&batch.bytes, &text.bytes)
  }
}

// MARK: - Columns

extension BatchBuilder {
  private mutating func resetVerdicts() {
    verdicts.removeAll(keepingCapacity: true)
    verdicts.append(contentsOf: repeatElement(0, count: batch.rowCount))
    anyFault = false
  }

  private mutating func cutTexts(_ text: SplitText, _ plan: ColumnPlan) {
    cut(text, plan.customer, into: \.batch.customers)
    stripSuffix()
    if let order = plan.order { cut(text, order, into: \.batch.orders) }
    let attributes = format.dimensions.count..<named.count
    for position in plan.named.indices
    where attributes.contains(position) || filters.namedTexts.contains(position) {
      cut(text, plan.named[position], into: \.named[position])
    }
    batch.attributes = Array(named[attributes])
    if let currency = plan.currency { cut(text, currency, into: \.currency) }
  }

  private mutating func cut(
    _ text: SplitText,
    _ column: Int,
    into target: WritableKeyPath<BatchBuilder, FieldColumn>
  ) {
    var field = FieldColumn()
    swap(&field, &self[keyPath: target])
    let knotty = index.cut(
      batch.bytes,
      text.scan,
      column: column,
      begins: &field.begins,
      lengths: &field.lengths
    )
    for row in knotty {
      reserveArena(Int(field.lengths[Int(row)]) + 2)
      let length = index.unquote(
        &batch.bytes,
        text.scan,
        row: Int(row),
        column: column,
        at: arenaEnd
      )
      field.begins[Int(row)] = UInt32(arenaEnd)
      field.lengths[Int(row)] = UInt32(length)
      arenaEnd += length
    }
    if format.dialect.encoding != .utf8, text.scan.hasHighBytes { transcodeHigh(&field) }
    swap(&field, &self[keyPath: target])
  }

  /// Writes fields with bytes above 0x7F anew as UTF-8.
  private mutating func transcodeHigh(_ field: inout FieldColumn) {
    encodingFaults.removeAll(keepingCapacity: true)
    for row in 0..<batch.rowCount {
      let range = field.range(row)
      guard batch.bytes[range].contains(where: { $0 > 0x7F }) else { continue }
      reserveArena(3 * range.count)
      let isWindows = format.dialect.encoding == .windows1252
      guard let length = transcode(&batch.bytes, range, isWindows: isWindows, at: arenaEnd) else {
        verdicts[row] = Verdict.unreadable
        anyFault = true
        continue
      }
      field.begins[row] = UInt32(arenaEnd)
      field.lengths[row] = UInt32(length)
      arenaEnd += length
    }
  }

  private mutating func reserveArena(_ count: Int) {
    let needed = arenaEnd + count + TextScan.padding
    guard batch.bytes.count < needed else { return }
    let size = max(needed, batch.bytes.count * 3 / 2)
    batch.bytes.append(contentsOf: repeatElement(0, count: size - batch.bytes.count))
  }

  private mutating func stripSuffix() {
    let suffix = Array(format.customerSuffix.utf8)
    guard !suffix.isEmpty else { return }
    for row in 0..<batch.rowCount {
      let range = batch.customers.range(row)
      guard range.count >= suffix.count, batch.bytes[range].suffix(suffix.count) == suffix[...]
      else { continue }
      batch.customers.lengths[row] -= UInt32(suffix.count)
    }
  }

  private mutating func parse(_ text: SplitText, _ plan: ColumnPlan) {
    timeFaults.removeAll(keepingCapacity: true)
    var faults = index.times(
      batch.bytes,
      text.scan,
      column: plan.time,
      syntax: time,
      instants: &batch.instants,
      faults: &timeFaults
    )
    switch plan.amount {
    case .amount(let column):
      faults += index.numbers(
        batch.bytes,
        text.scan,
        column: column,
        syntax: moneySyntax,
        values: &batch.amounts,
        faults: &priceFaults
      )
    case .product(let quantity, let price, let discount):
      faults += parseProduct(text, quantity, price, discount)
    }
    if faults > 0 { anyFault = true }
  }

  private mutating func parseProduct(
    _ text: SplitText,
    _ quantity: Int,
    _ price: Int,
    _ discount: Int?
  ) -> Int {
    var faults = index.numbers(
      batch.bytes,
      text.scan,
      column: quantity,
      syntax: quantitySyntax,
      values: &quantities,
      faults: &quantityFaults
    )
    faults += index.numbers(
      batch.bytes,
      text.scan,
      column: price,
      syntax: moneySyntax,
      values: &prices,
      faults: &priceFaults
    )
    if let discount {
      faults += index.numbers(
        batch.bytes,
        text.scan,
        column: discount,
        syntax: moneySyntax,
        values: &discounts,
        faults: &discountFaults
      )
    }
    productFaults.removeAll(keepingCapacity: true)
    productFaults.append(contentsOf: repeatElement(0, count: index.rowCount))
    return faults
      + multiply(
        quantities,
        prices,
        less: discount == nil ? nil : discounts,
        lessFactor: format.quantityFormat.unit,
        count: index.rowCount,
        values: &batch.amounts,
        faults: &productFaults
      )
  }

  /// Rejects rows whose bytes the encoding does not allow.
  private mutating func checkEncoding(_ text: SplitText, _ plan: ColumnPlan) {
    guard format.dialect.encoding == .utf8, text.scan.hasHighBytes,
      firstInvalidUTF8(batch.bytes, in: text.records) != nil
    else { return }
    for row in 0..<index.rowCount {
      let range = index.range(ofRow: row, columnCount: plan.count, text.scan)
      guard firstInvalidUTF8(batch.bytes, in: range) != nil else { continue }
      verdicts[row] = Verdict.unreadable
      anyFault = true
    }
  }
}

// MARK: - Verdicts

extension BatchBuilder {
  private mutating func judgeFaults() {
    guard anyFault else { return }
    for row in 0..<index.rowCount {
      if amountFault(row) != nil {
        verdicts[row] = Verdict.unreadableAmount
        batch.amounts[row] = 0
      } else if timeFaults[row] != 0 {
        verdicts[row] = Verdict.unreadable
      }
    }
  }

  private enum AmountPart { case quantity, price, discount, product }

  private func amountFault(_ row: Int) -> (part: AmountPart, fault: UInt8)? {
    if case .amount = format.amount {
      return priceFaults[row] == 0 ? nil : (.price, priceFaults[row])
    }
    if quantityFaults[row] != 0 { return (.quantity, quantityFaults[row]) }
    if priceFaults[row] != 0 { return (.price, priceFaults[row]) }
    if case .product(_, _, .some) = format.amount, discountFaults[row] != 0 {
      return (.discount, discountFaults[row])
    }
    return productFaults[row] == 0 ? nil : (.product, productFaults[row])
  }

  private mutating func applyFilters() {
    for (verdict, step) in filters.steps {
      switch step {
      case .text(.customer, let test, let words):
        apply(test, words, to: batch.customers, verdict)
      case .text(.order, let test, let words):
        apply(test, words, to: batch.orders, verdict)
      case .text(.named(let position), let test, let words):
        apply(test, words, to: named[position], verdict)
      case .number(let quantity, let comparison, let constant):
        apply(comparison, constant, to: quantity, verdict)
      case .instant(let comparison, let constant):
        RowFilters.apply(
          comparison,
          to: batch.instants,
          constant: constant,
          count: batch.rowCount,
          rule: verdict,
          verdicts: &verdicts
        )
      }
    }
    let empty = TextWords([[]])
    apply(.isOneOf, empty, to: batch.customers, Verdict.customerMissing)
    if case .column = format.order {
      apply(.isOneOf, empty, to: batch.orders, Verdict.orderMissing)
    }
  }

  private mutating func apply(
    _ test: TextTest,
    _ words: TextWords,
    to column: FieldColumn,
    _ verdict: UInt8
  ) {
    RowFilters.apply(
      test,
      words: words,
      bytes: batch.bytes,
      begins: column.begins,
      lengths: column.lengths,
      count: batch.rowCount,
      rule: verdict,
      verdicts: &verdicts
    )
  }

  private mutating func apply(
    _ comparison: NumberComparison,
    _ constant: Int64,
    to quantity: FilterRule.Quantity,
    _ verdict: UInt8
  ) {
    let values =
      switch quantity {
      case .quantity: quantities
      case .price: prices
      case .amount: batch.amounts
      }
    RowFilters.apply(
      comparison,
      to: values,
      constant: constant,
      count: batch.rowCount,
      rule: verdict,
      verdicts: &verdicts
    )
  }
}

// MARK: - What is noted besides

extension BatchBuilder {
  private func place(_ row: Int) -> RowPlace {
    RowPlace(
      fileOrdinal: batch.fileOrdinal,
      byteOffset: batch.originOffset + UInt64(batch.rowBegins[row])
    )
  }

  private func line(_ row: Int, _ text: SplitText) -> Int {
    text.line(of: SplitText.origin + Int(batch.rowBegins[row]), in: batch.bytes)
  }

  private mutating func noteNewest(_ text: SplitText, _ input: OpenInput) {
    guard let row = tallies.advancingRow else { return }
    newestPlace = (place(row), line(row, text))
  }

  private mutating func noteCurrencies(_ text: SplitText, _ input: OpenInput) {
    guard format.currency != nil else { return }
    var unknown = verdicts
    let known = TextWords(Array(currencies.keys))
    RowFilters.apply(
      .isOneOf,
      words: known,
      bytes: batch.bytes,
      begins: currency.begins,
      lengths: currency.lengths,
      count: batch.rowCount,
      rule: 1,
      verdicts: &unknown
    )
    for row in 0..<batch.rowCount where unknown[row] == 0 {
      let value = Array(batch.bytes[currency.range(row)])
      if currencies[value] == nil { currencies[value] = (place(row), line(row, text)) }
    }
  }

  private mutating func rejects(
    _ text: SplitText,
    _ plan: ColumnPlan,
    _ input: OpenInput
  ) -> [Reject] {
    var found = oddRecords(text, input)
    if verdicts.contains(where: { $0 >= Verdict.lowestReject }) {
      for row in 0..<batch.rowCount where verdicts[row] >= Verdict.lowestReject {
        let range = index.range(ofRow: row, columnCount: plan.count, text.scan)
        let (reason, column) = fault(row, plan)
        found.append(reject(range, reason, column.map(plan.name) ?? "", text, input))
      }
    }
    return found.sorted { $0.byteOffset < $1.byteOffset }
  }

  private mutating func oddRecords(_ text: SplitText, _ input: OpenInput) -> [Reject] {
    var found: [Reject] = []
    for position in 0..<index.oddCount {
      let record = index.oddRecord(position, text.scan)
      if record.fieldCount == 0 {
        blank += 1
      } else {
        found.append(reject(record.range, .fieldCount, "", text, input))
      }
    }
    if let open = text.openRecord { found.append(reject(open, .openQuote, "", text, input)) }
    oddRejects += found.count
    return found
  }

  private func fault(_ row: Int, _ plan: ColumnPlan) -> (RejectReason, Int?) {
    switch verdicts[row] {
    case Verdict.customerMissing: return (.customerMissing, plan.customer)
    case Verdict.orderMissing: return (.orderMissing, plan.order)
    case Verdict.unreadableAmount: return amountFault(row, plan)
    default: return timeFaults[row] == 0 ? (.encoding, nil) : (.time, plan.time)
    }
  }

  private func amountFault(_ row: Int, _ plan: ColumnPlan) -> (RejectReason, Int?) {
    guard let (part, fault) = amountFault(row) as (part: AmountPart, fault: UInt8)? else {
      return (.encoding, nil)
    }
    let reason: RejectReason =
      switch FieldFault(rawValue: fault) {
      case .decimals: .decimals
      case .overflow: .overflow
      default: .number
      }
    switch (plan.amount, part) {
    case (.amount(let column), _): return (reason, column)
    case (.product(_, let price, _), .price): return (reason, price)
    case (.product(_, _, let discount), .discount): return (reason, discount)
    case (.product(let quantity, _, _), _): return (reason, quantity)
    }
  }

  private func reject(
    _ range: Range<Int>,
    _ reason: RejectReason,
    _ column: String,
    _ text: SplitText,
    _ input: OpenInput
  ) -> Reject {
    Reject(
      file: input.file.path,
      line: text.line(of: range.lowerBound, in: batch.bytes),
      byteOffset: text.originOffset + UInt64(range.lowerBound - SplitText.origin),
      column: column,
      reason: reason,
      raw: Array(batch.bytes[range].prefix(Self.rawLimit))
    )
  }
}

extension NumberFormat {
  /// Units of one: 10^decimals.
  fileprivate var unit: Int64 {
    (0..<decimals).reduce(1) { product, _ in product * 10 }
  }
}
