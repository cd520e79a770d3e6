internal import Aggregates
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// Blocks of a few records and folds after a few blocks.
private let tiny: CustomerFoldSizes = {
  var sizes = CustomerFoldSizes()
  sizes.blockBytes = 512
  sizes.minimumFoldBytes = 1024
  return sizes
}()

struct AggregationLawTests {
  @Test(arguments: 0..<12) func `any ledger has the customers of the reference`(
    seed: UInt64
  ) throws {
    var options = AggregateOptions()
    options.orders = OrderIdentity.allCases[Int(seed) % 3]
    options.isOrderScopedToFile = seed % 2 == 1
    options.attributeCount = Int(seed % 4)
    options.hashSeed = seed
    var ledger = RandomLedger()
    ledger.attributeCount = options.attributeCount
    ledger.customerCount = [1, 7, 300][Int(seed) % 3]
    let rows = ledger.rows(count: 2000, seed: seed)
    let expected = referenceCustomers(rows, options)
    for handover in handovers {
      let result = try aggregate(rows, options, handover)
      #expect(result.all == expected, "seed \(seed), \(handover)")
      #expect(result.orderCount == expected.reduce(0) { $0 + Int($1.orders) })
    }
  }

  private var handovers: [Handover] {
    [
      Handover(),
      Handover(workerCount: 2, batchRows: 1, sizes: tiny),
      Handover(workerCount: 3, batchRows: 17, padding: 0, sizes: tiny),
      Handover(workerCount: 8, batchRows: 64, padding: 3, isReversed: true, sizes: tiny),
      Handover(workerCount: 1, batchRows: 5000, isReversed: true),
    ]
  }

  @Test(arguments: 0..<3) func `scattered lines have the customers of the reference`(
    seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = RandomLedger(customerCount: 500).rows(count: 20_000, seed: seed)
    let places = rows.map(\.place)
    let scattered = zip(rows.shuffled(using: &generator), places).map { row, place in
      var moved = row
      moved.place = place
      return moved
    }
    let expected = referenceCustomers(scattered, AggregateOptions())
    let handover = Handover(workerCount: 2, batchRows: 300, sizes: tiny)
    #expect(try aggregate(scattered, AggregateOptions(), handover).all == expected)
  }

  @Test func `more customers than a batch holds stay in order over all batches`() throws {
    let ledger = RandomLedger(
      customerCount: 60_000,
      keyLength: 1...20,
      alphabet: Array("0123456789".utf8)
    )
    let rows = ledger.rows(count: 75_000, seed: 5)
    let expected = referenceCustomers(rows, AggregateOptions())
    let result = try aggregate(rows, AggregateOptions(), Handover(workerCount: 2, batchRows: 999))
    #expect(expected.count > 2 * Aggregator.batchRows)
    #expect(result.all == expected)
  }

  @Test func `the seed of the hash changes nothing`() throws {
    let rows = RandomLedger().rows(count: 1000, seed: 3)
    var options = AggregateOptions()
    let first = try aggregate(rows, options).all
    for seed in [1, 2, UInt64.max] {
      options.hashSeed = seed
      #expect(try aggregate(rows, options).all == first)
    }
  }
}
