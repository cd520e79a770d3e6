internal import Tables

/// One kept row, as the tests write ledgers.
struct Transaction: Equatable {
  var customer: [UInt8]
  var order: [UInt8]
  var instant: Int64
  var amount: Int64
  var place: RowPlace
  var attributes: [[UInt8]] = []

  init(
    _ customer: [UInt8],
    _ order: [UInt8],
    _ instant: Int64,
    _ amount: Int64,
    file: UInt32 = 0,
    offset: UInt64 = 0
  ) {
    self.customer = customer
    self.order = order
    self.instant = instant
    self.amount = amount
    place = RowPlace(fileOrdinal: file, byteOffset: offset)
  }

  init(_ customer: String, _ order: String, _ instant: Int64, _ amount: Int64, offset: UInt64) {
    self.init(Array(customer.utf8), Array(order.utf8), instant, amount, offset: offset)
  }
}

extension TransactionBatch {
  /// Rows of one file as a batch, between them rows that do not count.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - padding: Bytes behind the last field.
  ///   - orders: Whether there is an order column.
  init(_ rows: ArraySlice<Transaction>, padding: Int, orders: Bool = true) {
    self.init()
    guard let first = rows.first else { return }
    fileOrdinal = first.place.fileOrdinal
    originOffset = rows.map(\.place.byteOffset).min() ?? 0
    attributes = first.attributes.map { _ in FieldColumn() }
    for (index, row) in rows.enumerated() {
      if index % 5 == 3 { add(Transaction([1], [2], 3, 4, offset: originOffset), orders: orders) }
      keptRows.append(UInt32(rowCount))
      add(row, orders: orders)
    }
    bytes += Array(repeating: 0xA5, count: padding)
  }

  private mutating func add(_ row: Transaction, orders hasOrders: Bool) {
    rowCount += 1
    add(row.customer, to: \.customers)
    if hasOrders { add(row.order, to: \.orders) }
    for index in attributes.indices {
      add(index < row.attributes.count ? row.attributes[index] : [], to: \.attributes[index])
    }
    instants.append(row.instant)
    amounts.append(row.amount)
    rowBegins.append(UInt32(row.place.byteOffset - originOffset))
  }

  private mutating func add(
    _ field: [UInt8],
    to column: WritableKeyPath<TransactionBatch, FieldColumn>
  ) {
    self[keyPath: column].begins.append(UInt32(bytes.count))
    self[keyPath: column].lengths.append(UInt32(field.count))
    bytes += field
  }
}
