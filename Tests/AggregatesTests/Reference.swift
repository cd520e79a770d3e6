internal import Aggregates
internal import Tables

/// One customer with everything that is known of it; doubles as bits, so that NaN equals NaN.
struct Customer: Equatable {
  var key: [UInt8]
  var first: Int64
  var last: Int64
  var orders: Int64
  var rows: Int64
  var days: Int64
  var gross: Int128
  var returns: Int128
  var largestOrder: Int128
  var firstOrder: Int128
  var gapMean: UInt64
  var gapVariance: UInt64
  var place: RowPlace
  var attributes: [[UInt8]]
}

extension Aggregation {
  /// All customers, one by one.
  var all: [Customer] {
    (0..<customers.batchCount).flatMap { index in
      let batch = customers.batch(at: index)
      return (0..<batch.count).map { row in
        Customer(
          key: Array(batch.keys[row]),
          first: batch.firstInstants[row],
          last: batch.lastInstants[row],
          orders: batch.orderCounts[row],
          rows: batch.rowCounts[row],
          days: batch.dayCounts[row],
          gross: batch.gross[row],
          returns: batch.returns[row],
          largestOrder: batch.largestOrders[row],
          firstOrder: batch.firstOrders[row],
          gapMean: batch.gapMeanDays[row].bitPattern,
          gapVariance: batch.gapVarianceDays[row].bitPattern,
          place: batch.places[row],
          attributes: batch.attributes.map { Array($0[row]) }
        )
      }
    }
  }
}

/// What identifies an order in the reference; ties between orders go by it.
private struct OrderID: Hashable {
  var bytes: [UInt8]

  init(_ row: Transaction, _ options: AggregateOptions) {
    let file = Self.bigEndian(UInt64(row.place.fileOrdinal), count: 4)
    let day = UInt32(bitPattern: Instant(microseconds: row.instant).day.number)
    bytes = options.isOrderScopedToFile ? file : []
    switch options.orders {
    case .column: bytes += row.order
    case .day: bytes += Self.bigEndian(UInt64(day ^ 0x8000_0000), count: 4)
    case .row: bytes += file + Self.bigEndian(row.place.byteOffset, count: 8)
    }
  }

  private static func bigEndian(_ value: UInt64, count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}

/// Customers by dictionaries and plain arithmetic: short, slow, and easy to believe.
func referenceCustomers(
  _ rows: [Transaction],
  _ options: AggregateOptions
) -> [Customer] {
  Dictionary(grouping: rows, by: \.customer)
    .map { referenceCustomer($0.value, options) }
    .sorted { $0.key.lexicographicallyPrecedes($1.key) }
}

private struct Order {
  var begin: Int64
  var id: OrderID
  var net: Int128
}

/// The orders of one customer by their beginnings.
private func referenceOrders(_ rows: [Transaction], _ options: AggregateOptions) -> [Order] {
  Dictionary(grouping: rows) { OrderID($0, options) }
    .map { id, rows in
      let net = rows.reduce(Int128(0)) { $0 + Int128($1.amount) }
      return Order(begin: rows.map(\.instant).min() ?? 0, id: id, net: net)
    }
    .sorted { left, right in
      left.begin != right.begin
        ? left.begin < right.begin : left.id.bytes.lexicographicallyPrecedes(right.id.bytes)
    }
}

private func referenceCustomer(
  _ rows: [Transaction],
  _ options: AggregateOptions
) -> Customer {
  let orders = referenceOrders(rows, options)
  let (mean, variance) = referenceGaps(orders.map(\.begin))
  return Customer(
    key: rows[0].customer,
    first: rows.map(\.instant).min() ?? 0,
    last: rows.map(\.instant).max() ?? 0,
    orders: Int64(orders.count),
    rows: Int64(rows.count),
    days: Int64(Set(rows.map { Instant(microseconds: $0.instant).day }).count),
    gross: rows.reduce(Int128(0)) { $0 + Int128(max(0, $1.amount)) },
    returns: rows.reduce(Int128(0)) { $0 + Int128(min(0, $1.amount)) },
    largestOrder: orders.map(\.net).max() ?? 0,
    firstOrder: orders[0].net,
    gapMean: mean.bitPattern,
    gapVariance: variance.bitPattern,
    place: rows.map(\.place).min() ?? rows[0].place,
    attributes: (0..<options.attributeCount).map { referenceAttribute(rows, $0) }
  )
}

/// Mean and population variance of the gaps, in days; the numerator (n·Σg² − S²) is exact as long as it
/// fits 128 bits.
private func referenceGaps(_ begins: [Int64]) -> (mean: Double, variance: Double) {
  guard begins.count > 1 else { return (.nan, .nan) }
  let day = Double(Instant.microsecondsPerDay)
  let count = UInt128(begins.count - 1)
  let gaps = zip(begins, begins.dropFirst()).map { UInt128(Int128($1) - Int128($0)) }
  let span = gaps.reduce(0, +)
  let numerator = count * gaps.reduce(0) { $0 + $1 * $1 } - span * span
  let squaredCount = Double(count) * Double(count)
  return (Double(span) / Double(count) / day, Double(numerator) / squaredCount / (day * day))
}

private func referenceAttribute(_ rows: [Transaction], _ index: Int) -> [UInt8] {
  rows.filter { !$0.attributes[index].isEmpty }
    .max { ($0.instant, $0.place) < ($1.instant, $1.place) }?
    .attributes[index] ?? []
}
