import Kernels
import Tables

extension BatchBuilder {
  mutating func resetVerdicts() {
    verdicts.removeAll(keepingCapacity: true)
    verdicts.append(contentsOf: repeatElement(0, count: batch.rowCount))
    anyFault = false
  }

  mutating func cutTexts(_ text: SplitText, _ plan: ColumnPlan) {
    cut(text, plan.customer, into: \.batch.customers)
    stripSuffix()
    if let order = plan.order { cut(text, order, into: \.batch.orders) }
    for position in dimensions.indices where filters.namedTexts.contains(position) {
      cut(text, plan.named[position], into: \.dimensions[position])
    }
    for position in batch.attributes.indices {
      let column = plan.named[dimensions.count + position]
      cut(text, column, into: \.batch.attributes[position])
    }
    if let currency = plan.currency { cut(text, currency, into: \.currency) }
  }

  mutating func cut(
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
      reserveArena(index.longestField(text.scan, row: Int(row), column: column))
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
  mutating func transcodeHigh(_ field: inout FieldColumn) {
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

  mutating func reserveArena(_ count: Int) {
    let needed = arenaEnd + count + TextScan.padding
    precondition(needed <= SplitText.byteLimit, "offsets into a text are 31 bits")
    guard batch.bytes.count < needed else { return }
    let size = max(needed, batch.bytes.count * 3 / 2)
    batch.bytes.append(contentsOf: repeatElement(0, count: size - batch.bytes.count))
  }

  mutating func stripSuffix() {
    let suffix = Array(format.customerSuffix.utf8)
    guard !suffix.isEmpty else { return }
    for row in 0..<batch.rowCount {
      let range = batch.customers.range(row)
      guard range.count >= suffix.count, batch.bytes[range].suffix(suffix.count) == suffix[...]
      else { continue }
      batch.customers.lengths[row] -= UInt32(suffix.count)
    }
  }

  mutating func parse(_ text: SplitText, _ plan: ColumnPlan) {
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

  mutating func parseProduct(
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
  mutating func checkEncoding(_ text: SplitText, _ plan: ColumnPlan) {
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

extension NumberFormat {
  /// Units of one: 10^decimals.
  fileprivate var unit: Int64 {
    (0..<decimals).reduce(1) { product, _ in product * 10 }
  }
}
