import Kernels
import Tables

extension BatchBuilder {
  func place(_ row: Int) -> RowPlace {
    RowPlace(
      fileOrdinal: batch.fileOrdinal,
      byteOffset: batch.originOffset + UInt64(batch.rowBegins[row])
    )
  }

  func line(_ row: Int, _ text: SplitText) -> Int {
    text.line(of: SplitText.origin + Int(batch.rowBegins[row]), in: batch.bytes)
  }

  mutating func noteNewest(_ text: SplitText, _ input: OpenInput) {
    guard let row = tallies.advancingRow else { return }
    newestPlace = (place(row), line(row, text))
  }

  /// Notes the first two currencies; since a worker's splits ascend, those of the whole ledger are the
  /// first two of all workers'.
  mutating func noteCurrencies(_ text: SplitText, _ input: OpenInput) {
    guard format.currency != nil, currencies.count < 2 else { return }
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
      guard currencies.count < 2 else { return }
    }
  }

  /// Rows of all batches so far that have the expected fields, and cannot be read all the same.
  var unreadableRows: Int {
    (Verdict.lowestReject...Verdict.unreadableAmount).reduce(0) { $0 + tallies[$1].rows }
  }

  mutating func rejects(
    _ text: SplitText,
    _ plan: ColumnPlan,
    _ input: OpenInput,
    hasUnreadableRows: Bool
  ) throws(ReadError) -> [Reject] {
    try refuseSwallowedLines(text, input)
    var found = oddRecords(text, input)
    if hasUnreadableRows {
      for row in 0..<batch.rowCount where verdicts[row] >= Verdict.lowestReject {
        let range = index.range(ofRow: row, columnCount: plan.count, text.scan)
        let (reason, column) = fault(row, plan)
        found.append(reject(range, reason, column.map(plan.name) ?? "", text, input))
      }
    }
    return found.sorted { $0.byteOffset < $1.byteOffset }
  }

  /// Refuses a last record that a quote leaves open over several lines: each may have been a row.
  private func refuseSwallowedLines(_ text: SplitText, _ input: OpenInput) throws(ReadError) {
    guard let open = text.openRecord else { return }
    let first = text.line(of: open.lowerBound, in: batch.bytes)
    let end = open.last { batch.bytes[$0] != 0x0A && batch.bytes[$0] != 0x0D } ?? open.lowerBound
    let lines = text.line(of: end, in: batch.bytes) - first + 1
    guard lines > 1 else { return }
    throw .openQuote(
      path: input.file.path,
      line: first,
      byteOffset: text.originOffset + UInt64(open.lowerBound - SplitText.origin),
      lines: lines
    )
  }

  mutating func oddRecords(_ text: SplitText, _ input: OpenInput) -> [Reject] {
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

  func fault(_ row: Int, _ plan: ColumnPlan) -> (RejectReason, Int?) {
    switch verdicts[row] {
    case Verdict.customerMissing: return (.customerMissing, plan.customer)
    case Verdict.orderMissing: return (.orderMissing, plan.order)
    case Verdict.unreadableAmount: return amountFault(row, plan)
    default: return timeFaults[row] == 0 ? (.encoding, nil) : (.time, plan.time)
    }
  }

  func amountFault(_ row: Int, _ plan: ColumnPlan) -> (RejectReason, Int?) {
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

  func reject(
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
