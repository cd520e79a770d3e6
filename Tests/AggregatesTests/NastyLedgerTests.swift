internal import Aggregates
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

struct NastyLedgerTests {
  private func expectReference(
    _ rows: [Transaction],
    _ handover: Handover = Handover(workerCount: 2),
    _ comment: Comment? = nil
  ) throws {
    let expected = referenceCustomers(rows, AggregateOptions())
    #expect(try aggregate(rows, AggregateOptions(), handover).all == expected, comment)
  }

  @Test func `all rows equal`() throws {
    let rows = (0..<5000).map { Transaction("ann", "A", 7, -3, offset: UInt64($0)) }
    try expectReference(rows)
  }

  @Test func `sums beyond 64 bits stay exact`() throws {
    let amounts = [Int64.max, .max, .min, .min, .min, 1, -1, .max]
    let rows = (0..<4000).map { index in
      Transaction(
        "c\(index % 3)",
        "o\(index % 2)",
        Int64(index % 7),
        amounts[index % 8],
        offset: UInt64(index)
      )
    }
    var handover = Handover(workerCount: 2, batchRows: 50)
    handover.sizes.blockBytes = 512
    handover.sizes.minimumFoldBytes = 1024
    try expectReference(rows, handover)
  }

  @Test func `instants at both ends of time`() throws {
    let ends = [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max]
    let rows = (0..<200).map { index in
      Transaction("c\(index % 5)", "o\(index % 4)", ends[index % 7], 1, offset: UInt64(index))
    }
    // Variances at the very ends need more than the reference's 128 bits; a sixteenth fits.
    try expectReference(
      rows.map { row in
        var nearer = row
        nearer.instant /= 16
        return nearer
      }
    )
    let result = try aggregate(rows).all
    #expect(result.allSatisfy { $0.first == .min && $0.last == .max })
    #expect(result.allSatisfy { Double(bitPattern: $0.gapVariance) >= 0 })
  }

  @Test func `keys of 1 to 70,000 bytes that agree but for their ends`() throws {
    var rows: [Transaction] = []
    for length in [1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 511, 512, 9999, 10_000, 70_000] {
      for last in 0..<3 as Range<UInt8> {
        let customer: [UInt8] = Array(repeating: 0xFF, count: length - 1) + [last]
        let order = [UInt8](repeating: 0, count: length)
        let offset = UInt64(length * 3 + Int(last))
        rows.append(Transaction(customer, order, Int64(length), 1, offset: offset))
      }
    }
    for padding in [0, 63, 64] {
      try expectReference(rows + rows.reversed(), Handover(workerCount: 2, padding: padding))
    }
  }

  @Test func `keys and order ids that are prefixes of one another`() throws {
    let letters = Array("abababababababababababababababab".utf8)
    var rows: [Transaction] = []
    for length in 1...32 {
      for count in 0...4 {
        let order = [UInt8](repeating: 0, count: count)
        let offset = UInt64(length * 5 + count)
        let customer = Array(letters.prefix(length))
        rows.append(Transaction(customer, order, Int64(count * length), 1, offset: offset))
      }
    }
    try expectReference(rows)
  }

  @Test func `many keys that end in NUL bytes`() throws {
    let rows = (0..<400).map { index in
      let zeros = [UInt8](repeating: 0, count: index % 20)
      return Transaction([7, UInt8(index / 20)] + zeros, [], 5, 1, offset: UInt64(index))
    }
    try expectReference(rows)
  }

  @Test func `long keys with a long common beginning`() throws {
    let beginning = Array("customer:europe-west:000000000000".utf8)
    var generator = SeededGenerator(seed: 11)
    let rows = (0..<3000).map { index in
      Transaction(
        beginning + generator.bytes(count: 9, from: Array("01".utf8)),
        [1],
        Int64(index),
        1,
        offset: UInt64(index)
      )
    }
    try expectReference(rows)
  }

  @Test func `a customer with 200,000 orders`() throws {
    var generator = SeededGenerator(seed: 2)
    let rows = (0..<200_000).map { index in
      Transaction(
        "ann",
        "\(index * 7919 % 200_000)",
        Int64.random(in: 0..<1 << 45, using: &generator),
        Int64(index),
        offset: UInt64(index)
      )
    }
    let result = try aggregate(rows, AggregateOptions(), Handover(workerCount: 2, batchRows: 5000))
    let begins = rows.map(\.instant).sorted()
    #expect(result.all[0].orders == 200_000)
    #expect(
      result.all[0].firstOrder == rows.min { $0.instant < $1.instant }.map { Int128($0.amount) }
    )
    let mean = Double(begins[199_999] - begins[0]) / 199_999 / Double(Instant.microsecondsPerDay)
    #expect(Double(bitPattern: result.all[0].gapMean) == mean)
  }

  @Test func `an order without an id is an order`() throws {
    try expectReference([
      Transaction("ann", "", 1, 1, offset: 0), Transaction("ann", "a", 1, 2, offset: 5),
      Transaction("ann", "", 2, 4, offset: 9),
    ])
  }
}
