internal import Kernels
internal import TestKit
internal import Testing

/// The bytes of order-days follow what is distinct, not the lines.
struct AggregationMemoryTests {
  /// Long keys: few order-days take many blocks, and few lines are enough to see it.
  private static let keyBytes = 700
  private static let customerCount = 32_768
  /// What the order-days of all customers take, with one order each.
  private static let distinctBytes = customerCount * (keyBytes + 56)
  /// A block a partition that is being written, the last mapping, and a little.
  private static let reserveBytes = 12 << 20

  private let keys = (0..<customerCount).flatMap { customer in
    let digits = Array(String(1_000_000 + customer).utf8)
    return digits + [UInt8](repeating: 0x78, count: keyBytes - digits.count)
  }

  /// One line a customer in `customers`, all of one order and one day.
  private func rows(_ customers: [Int]) -> LedgerRows {
    let count = customers.count
    let begins = customers.map { UInt32($0 * Self.keyBytes) }
    return LedgerRows(
      bytes: keys,
      rowCount: count,
      keptRows: Array(0..<UInt32(count)),
      customerBegins: begins,
      customerLengths: [UInt32](repeating: UInt32(Self.keyBytes), count: count),
      orderBegins: begins,
      orderLengths: [UInt32](repeating: 1, count: count),
      instants: [Int64](repeating: 0, count: count),
      amounts: [Int64](repeating: 1, count: count),
      rowBegins: [UInt32](repeating: 0, count: count),
      originOffset: 0,
      fileOrdinal: 0
    )
  }

  /// Bytes of order-days after batches of lines, of which the most stay mapped.
  private func bytes(after batches: Int, _ rows: (Int) -> LedgerRows) throws -> Int {
    let fold = CustomerFold(
      orders: .column,
      isPerFile: false,
      attributeCount: 0,
      hashSeed: 1,
      workers: 1
    )
    for batch in 0..<batches { try fold.absorb(rows(batch), worker: 0) }
    return fold.bytes
  }

  private func scattered(_ generator: inout SeededGenerator) -> LedgerRows {
    let count = Self.customerCount
    return rows((0..<count).map { _ in Int.random(in: 0..<count, using: &generator) })
  }

  @Test func `ten times the lines of the same orders take hardly more`() throws {
    var generator = SeededGenerator(seed: 3)
    let few = try bytes(after: 8) { _ in scattered(&generator) }
    let many = try bytes(after: 80) { _ in scattered(&generator) }
    #expect(few < 2 * Self.distinctBytes + Self.reserveBytes)
    #expect(4 * many < 5 * few, "\(few) bytes, then \(many)")
  }

  @Test func `orders that repeat only later take twice what is distinct`() throws {
    let all = rows(Array(0..<Self.customerCount))
    let once = try bytes(after: 1) { _ in all }
    #expect(once < Self.distinctBytes + Self.reserveBytes)
    let often = try bytes(after: 20) { _ in all }
    #expect(often < 2 * Self.distinctBytes + Self.reserveBytes, "\(often) bytes")
  }

  @Test func `one order of countless lines is folded among others that never repeat`() throws {
    let all = rows(Array(0..<Self.customerCount))
    let one = rows((0..<Self.customerCount).map { $0 % 2 * 7 })
    let often = try bytes(after: 20) { $0 == 0 ? all : one }
    #expect(often < Self.distinctBytes + Self.reserveBytes, "\(often) bytes")
  }
}
