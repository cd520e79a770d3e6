internal import Aggregates
internal import Kernels
internal import Tables
internal import Testing

private let day = Instant.microsecondsPerDay

struct AggregatorTests {
  @Test func `three orders of one customer add up by hand`() throws {
    // Orders begin on days 0, 2 and 6: gaps 2 and 4, mean 3, variance 1. Order B has lines on two days.
    let rows = [
      Transaction("ann", "A", 0, 500, offset: 10),
      Transaction("ann", "A", 5, 250, offset: 20),
      Transaction("bob", "A", 7, 100, offset: 30),
      Transaction("ann", "B", 2 * day, 900, offset: 40),
      Transaction("ann", "B", 3 * day, -100, offset: 50),
      Transaction("ann", "C", 6 * day, 300, offset: 60),
    ]
    let result = try aggregate(rows)
    let ann = result.all[0]
    #expect(result.all.map(\.key) == [Array("ann".utf8), Array("bob".utf8)])
    #expect((ann.first, ann.last) == (0, 6 * day))
    #expect((ann.orders, ann.rows, ann.days) == (3, 5, 4))
    #expect((ann.gross, ann.returns) == (1950, -100))
    #expect((ann.largestOrder, ann.firstOrder) == (800, 750))
    #expect((Double(bitPattern: ann.gapMean), Double(bitPattern: ann.gapVariance)) == (3, 1))
    #expect(ann.place == RowPlace(fileOrdinal: 0, byteOffset: 10))
    #expect((result.orderCount, result.orderDayCount) == (4, 5))
  }

  @Test func `a customer with one order has no gaps`() throws {
    let result = try aggregate([Transaction("ann", "A", 0, 500, offset: 0)])
    #expect(Double(bitPattern: result.all[0].gapMean).isNaN)
    #expect(Double(bitPattern: result.all[0].gapVariance).isNaN)
  }

  @Test func `orders that begin at one instant are told apart by their ids`() throws {
    let rows = [
      Transaction("ann", "B", 0, 2, offset: 0), Transaction("ann", "A", 0, 1, offset: 9),
    ]
    let ann = try aggregate(rows).all[0]
    #expect((ann.orders, ann.firstOrder, ann.largestOrder) == (2, 1, 2))
    #expect(Double(bitPattern: ann.gapMean) == 0)
  }

  @Test func `a ledger without rows has no customers`() throws {
    let result = try aggregate([])
    #expect(result.customers.count == 0)
    #expect(result.customers.batchCount == 0)
    #expect((result.orderCount, result.orderDayCount) == (0, 0))
  }

  @Test func `the latest attribute that is not empty wins, at one instant the one further back`()
    throws
  {
    let values = ["old", "", "new", "last", ""]
    let rows = zip([1, 9, 5, 5, 5] as [Int64], values).enumerated().map { index, row in
      var transaction = Transaction("ann", "A", row.0, 1, offset: UInt64(index))
      transaction.attributes = [Array(row.1.utf8), []]
      return transaction
    }
    var options = AggregateOptions()
    options.attributeCount = 2
    let result = try aggregate(rows, options)
    #expect(result.all[0].attributes == [Array("last".utf8), []])
  }

  @Test func `a batch whose field lies outside its bytes is refused by its place`() throws {
    var batch = TransactionBatch(
      [Transaction("ann", "A", 0, 1, file: 2, offset: 77)],
      padding: 0
    )
    batch.customers.lengths[0] = 1000
    let aggregator = Aggregator(options: AggregateOptions(), workers: .init(count: 1))
    #expect(throws: AggregateError.badBatch(fileOrdinal: 2, originOffset: 77)) {
      try aggregator.absorb(batch, worker: 0)
    }
  }

  @Test func `a batch whose columns differ in length is refused`() throws {
    var batch = TransactionBatch([Transaction("ann", "A", 0, 1, offset: 7)], padding: 64)
    batch.amounts = []
    let aggregator = Aggregator(options: AggregateOptions(), workers: .init(count: 1))
    #expect(throws: AggregateError.badBatch(fileOrdinal: 0, originOffset: 7)) {
      try aggregator.absorb(batch, worker: 0)
    }
  }
}

extension Transaction {
  init(
    _ customer: String,
    _ order: String,
    _ instant: Int64,
    _ amount: Int64,
    file: UInt32,
    offset: UInt64
  ) {
    self.init(
      Array(customer.utf8),
      Array(order.utf8),
      instant,
      amount,
      file: file,
      offset: offset
    )
  }
}
