internal import Tables
internal import TestKit

/// Seeded ledgers with everything in them that an aggregation can stumble over.
struct RandomLedger {
  var customerCount = 40
  var keyLength = 1...12
  var alphabet: [UInt8] = [0, 0x20, 0x41, 0xFF]
  var ordersPerCustomer = 6
  var attributeCount = 0
  var amounts: ClosedRange<Int64> = -1000...5000
  var instants: ClosedRange<Int64> =
    -3 * Instant.microsecondsPerDay...9 * Instant.microsecondsPerDay
  var fileCount: UInt32 = 3

  /// `count` rows by file and offset; neighbours often share customer, order and time.
  func rows(count: Int, seed: UInt64) -> [Transaction] {
    var generator = SeededGenerator(seed: seed)
    let customers = (0..<customerCount).map { _ in key(&generator) }
    let orders = (0..<ordersPerCustomer).map { _ in key(&generator) }
    var rows: [Transaction] = []
    for index in 0..<count {
      let isLine = !rows.isEmpty && Int.random(in: 0..<3, using: &generator) > 0
      var row =
        isLine
        ? rows[index - 1]
        : Transaction(
          customers[Int.random(in: 0..<customerCount, using: &generator)],
          orders[Int.random(in: 0..<ordersPerCustomer, using: &generator)],
          Int64.random(in: instants, using: &generator),
          0
        )
      row.amount = Int64.random(in: amounts, using: &generator)
      row.place = RowPlace(
        fileOrdinal: UInt32(index * Int(fileCount) / count),
        byteOffset: UInt64(index) * 40 + UInt64.random(in: 0..<40, using: &generator)
      )
      row.attributes = (0..<attributeCount).map { _ in
        generator.bytes(count: Int.random(in: 0..<4, using: &generator))
      }
      rows.append(row)
    }
    return rows
  }

  private func key(_ generator: inout SeededGenerator) -> [UInt8] {
    let length = Int.random(in: keyLength, using: &generator)
    return generator.bytes(count: length, from: alphabet)
  }
}
