public import Kernels
public import Tables

extension RFMTable {
  /// Recency, frequency and money of every customer.
  ///
  /// - Parameters:
  ///   - customers: The customers, in batches.
  ///   - asOf: The moment that recency is counted to; not before any customer's last row.
  ///   - definition: What the three mean.
  ///   - moneyScale: Decimals of the ledger's amounts.
  ///   - workers: Take one batch at a time each.
  /// - Returns: One entry a customer, in the order of the batches.
  /// - Throws: ``FeatureError/notFinite(row:column:)`` when an amount is beyond the doubles.
  /// - Complexity: O(n); 40 bytes a customer.
  public static func derive(
    _ customers: CustomerBatches,
    asOf: Instant,
    definition: RFMDefinition,
    moneyScale: Int,
    workers: Workers
  ) throws(FeatureError) -> RFMTable {
    let parts = try workers.map(blocks: customers.batchCount) { index throws(FeatureError) in
      let part = RFMTable(
        customers.batch(at: index),
        asOf: asOf,
        definition: definition,
        moneyScale: moneyScale
      )
      if let row = part.monetary.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(row: customers.rows(ofBatch: index).lowerBound + row, column: "monetary")
      }
      return part
    }
    return RFMTable(
      asOf: asOf,
      recencyDays: parts.flatMap(\.recencyDays),
      frequency: parts.flatMap(\.frequency),
      monetary: parts.flatMap(\.monetary),
      net: parts.flatMap(\.net)
    )
  }

  private init(
    _ batch: CustomerBatch,
    asOf: Instant,
    definition: RFMDefinition,
    moneyScale: Int
  ) {
    self.init(
      asOf: asOf,
      recencyDays: batch.lastInstants.map {
        definition.recency.days(from: Instant(microseconds: $0), to: asOf)
      },
      frequency: (0..<batch.count).map { definition.frequency.count(batch, row: $0) },
      monetary: (0..<batch.count).map {
        definition.monetary.amount(batch, row: $0, scale: moneyScale)
      },
      net: (0..<batch.count).map(batch.net)
    )
  }
}

extension RFMDefinition.Recency {
  /// Whole periods of 24 hours or midnights between two moments, rounded towards the past.
  func days(from last: Instant, to asOf: Instant) -> Int64 {
    switch self {
    case .elapsed:
      let difference = Int128(asOf.microseconds) - Int128(last.microseconds)
      let day = Int128(Instant.microsecondsPerDay)
      let (quotient, remainder) = difference.quotientAndRemainder(dividingBy: day)
      return Int64(remainder < 0 ? quotient - 1 : quotient)
    case .calendar:
      return Int64(asOf.day.number) - Int64(last.day.number)
    }
  }
}

extension RFMDefinition.Frequency {
  func count(_ batch: CustomerBatch, row: Int) -> Int64 {
    switch self {
    case .orders: batch.orderCounts[row]
    case .rows: batch.rowCounts[row]
    case .days: batch.dayCounts[row]
    case .repeatDays: batch.dayCounts[row] - 1
    }
  }
}

extension RFMDefinition.Monetary {
  /// The amount in whole currency.
  func amount(_ batch: CustomerBatch, row: Int, scale: Int) -> Double {
    let net = batch.net(row)
    let orders = batch.orderCounts[row]
    switch self {
    case .sum:
      return Money(units: net).doubleValue(scale: scale)
    case .meanPerOrder:
      return Money(units: net).doubleValue(scale: scale) / Double(max(1, orders))
    case .meanPerRepeatOrder:
      guard orders > 1 else { return 0 }
      let later = Money(units: net - batch.firstOrders[row])
      return later.doubleValue(scale: scale) / Double(orders - 1)
    }
  }
}
