internal import Kernels
internal import Testing

struct AggregationTests {
  /// Rows of customer `a` and orders `x`, `x`, `y` at the given places.
  private func rows(origin: UInt64 = 0, file: UInt32 = 0) -> LedgerRows {
    LedgerRows(
      bytes: Array("axaxay".utf8),
      rowCount: 3,
      keptRows: [0, 1, 2],
      customerBegins: [0, 2, 4],
      customerLengths: [1, 1, 1],
      orderBegins: [1, 3, 5],
      orderLengths: [1, 1, 1],
      instants: [0, 1, 2],
      amounts: [5, -2, 9],
      rowBegins: [0, 2, 4],
      originOffset: origin,
      fileOrdinal: file
    )
  }

  private func fold(_ orders: OrderKey = .column) -> CustomerFold {
    CustomerFold(orders: orders, isPerFile: false, attributeCount: 0, hashSeed: 1, workers: 1)
  }

  @Test(arguments: zip([OrderKey.column, .day, .row], [2, 1, 3] as [Int64]))
  func `rows make as many orders as the key says`(orders: OrderKey, count: Int64) throws {
    let fold = fold(orders)
    try fold.absorb(rows(), worker: 0)
    let columns = try fold.finish(workers: Workers(count: 1)).columns(0..<1)
    #expect(columns.orderCounts == [count])
    #expect(columns.rowCounts == [3])
    #expect((columns.gross[0], columns.returns[0]) == (14, -2))
    #expect(columns.keys == Array("a".utf8))
  }

  @Test func `the largest place that fits is kept, a larger one refused`() throws {
    let origin = (UInt64(1) << 42) - 1 - UInt64(UInt32.max)
    let file = (UInt32(1) << 22) - 1
    let fold = fold()
    try fold.absorb(rows(origin: origin, file: file), worker: 0)
    #expect(throws: KernelError.overflow) {
      try fold.absorb(rows(origin: origin + 1), worker: 0)
    }
    #expect(throws: KernelError.overflow) {
      try fold.absorb(rows(file: file + 1), worker: 0)
    }
    let columns = try fold.finish(workers: Workers(count: 1)).columns(0..<1)
    #expect(columns.placeOffsets == [origin])
    #expect(columns.placeFiles == [file])
  }

  @Test func `a kept row or a field outside the columns is refused`() throws {
    var outside = rows()
    outside.keptRows = [0, 3]
    #expect(throws: KernelError.badShape) { try fold().absorb(outside, worker: 0) }
    outside = rows()
    outside.orderBegins[2] = 6
    #expect(throws: KernelError.badShape) { try fold().absorb(outside, worker: 0) }
  }

  @Test func `an attribute that was not declared is refused`() {
    #expect(throws: KernelError.badShape) {
      try fold().absorb(rows(), attribute: 0, worker: 0)
    }
  }
}
