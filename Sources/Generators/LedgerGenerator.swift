// A ledger that looks like a retailer's, from a seed.
//
// The ledger is cut into blocks of rows that follow from the seed and their own number alone. Workers
// make them in any order and they are written in theirs, so the bytes never depend on the workers.
// Orders do not cross blocks; their numbers do not either, which leaves gaps, as cancelled numbers do
// in a real one.

internal import Tables
public import Kernels

/// Why no ledger was generated.
public enum GenerateError: Error, Equatable, Sendable {
  /// A ledger has at least one row.
  case tooFewRows(rows: Int)
  /// A ledger has 1 to 2^32 - 1 customers.
  case badCustomerCount(customers: Int)
  /// Long keys have 16 to 64 bytes.
  case badKeyLength(bytes: Int)
  /// A matrix has at least one row, one column and one blob, and at most 2^40 values.
  case badMatrix(rows: Int, columns: Int, blobs: Int)
  /// The file could not be opened or took no more bytes.
  case cannotWrite(path: String, SinkError)
}

extension GenerateError: CustomStringConvertible {
  /// What is wrong and what would be right.
  public var description: String {
    switch self {
    case .tooFewRows(let rows): "\(rows) rows: ask for at least 1 with --rows"
    case .badCustomerCount(let customers):
      "\(customers) customers: ask for 1 to \(UInt32.max) with --customers"
    case .badKeyLength(let bytes): "keys of \(bytes) bytes: ask for 16 to 64, or 0 for numbers"
    case .badMatrix(let rows, let columns, let blobs):
      "\(rows) rows, \(columns) columns, \(blobs) blobs: ask for 1 or more each with --rows, --columns "
        + "and --k"
    case .cannotWrite(let path, let error): "\(path): \(error.reason)"
    }
  }
}

/// Writes made-up ledgers in the layout of Online Retail II, the same bytes for the same settings.
///
/// Orders of about 8 lines come in roughly chronological order from 2009-12-01 over two years. Of a
/// hundred orders 6 are cancelled (`C` before the number, quantities below 0) and 5 name no customer;
/// of a thousand other rows 4 have a quantity below 0 and 2 a price of 0. Some descriptions hold commas
/// and quotes. The share of orders that the busiest x of all customers place is the root of x.
public struct LedgerGenerator: Sendable {
  /// Rows below the header.
  public let rowCount: Int
  /// Whether the lines come in random order.
  public let isShuffled: Bool
  let seed: UInt64
  let blocks: LedgerBlocks
  let header: [UInt8]

  /// Describes a ledger.
  ///
  /// - Parameters:
  ///   - rows: Rows below the header, at least 1.
  ///   - customers: How many customers orders are drawn from; fewer occur where orders are few.
  ///   - seed: Another seed gives another ledger.
  ///   - shuffle: Whether lines come in random order instead of the order of time.
  ///   - quotesAll: Whether every field stands in quotes, the header's too.
  ///   - keyBytes: 0 for customer numbers, else the length of keys of hexadecimal digits, 16 to 64.
  /// - Throws: ``GenerateError`` for a number out of its range.
  public init(
    rows: Int,
    customers: Int,
    seed: UInt64,
    shuffle: Bool = false,
    quotesAll: Bool = false,
    keyBytes: Int = 0
  ) throws(GenerateError) {
    guard rows >= 1 else { throw .tooFewRows(rows: rows) }
    guard (1...Int(UInt32.max)).contains(customers) else {
      throw .badCustomerCount(customers: customers)
    }
    guard keyBytes == 0 || (16...64).contains(keyBytes) else {
      throw .badKeyLength(bytes: keyBytes)
    }
    self.seed = seed
    rowCount = rows
    isShuffled = shuffle
    header = Vocabulary.header(quotesAll: quotesAll)
    var blocks = LedgerBlocks()
    blocks.seed = seed
    blocks.rowCount = rows
    blocks.customerCount = customers
    blocks.customerMultiplier = Self.multiplier(for: customers)
    blocks.keyByteCount = keyBytes
    blocks.quotesAll = quotesAll
    Self.setPace(of: &blocks)
    Vocabulary.fill(&blocks, quotesAll: quotesAll)
    self.blocks = blocks
  }

  /// Writes the ledger, and puts it in its place once it is whole.
  ///
  /// - Throws: ``GenerateError/cannotWrite(path:_:)``; what is replaced is as it was.
  /// - Complexity: Holds a few MiB a worker; 200 MB besides where lines are shuffled.
  public func write(to file: FileReplacement, workers: Workers) throws(GenerateError) {
    do throws(SinkError) {
      let sink = try file.open()
      try sink.write(header.span)
      if isShuffled {
        try writeShuffled(to: sink, workers: workers)
      } else {
        try writeInOrder(to: sink, workers: workers)
      }
      try file.commit()
    } catch {
      file.abandon()
      throw .cannotWrite(path: file.path, error)
    }
  }

  /// While one wave of blocks is written, the next is made.
  private func writeInOrder(
    to sink: borrowing ByteSink,
    workers: Workers
  ) throws(SinkError) {
    let waveCount = 4 * workers.count
    var ready: [LedgerLines] = []
    for first in stride(from: 0, to: blocks.blockCount, by: waveCount) {
      let count = min(waveCount, blocks.blockCount - first)
      let waiting = ready
      let made = try workers.map(blocks: count + 1) { task throws(SinkError) -> LedgerLines? in
        guard task == 0 else { return lines(block: first + task - 1) }
        for block in waiting { try sink.write(block.bytes.span) }
        return nil
      }
      ready = made.compactMap(\.self)
    }
    for block in ready { try sink.write(block.bytes.span) }
  }

  /// The settings were checked, so a block that cannot be made is a bug.
  func lines(block: Int) -> LedgerLines {
    do {
      return try blocks.lines(block: block)
    } catch {
      preconditionFailure("block \(block) of \(blocks.blockCount): \(error)")
    }
  }

  /// Blocks of 1.3 MB, which stay in a core's second cache, and the opening hours of an office.
  private static func setPace(of blocks: inout LedgerBlocks) {
    blocks.blockRowCount = 16_384
    // A fifth more than occur on average: the last number of a block is out of reach in practice.
    blocks.blockOrderCount = blocks.blockRowCount * 6 / 5 / 8
    blocks.firstOrder = 489_434
    blocks.firstCustomer = 12_346
    blocks.openingMinute = 6 * 60
    blocks.dayMinuteCount = 14 * 60
  }

  /// The first number from the golden section of `count` on that shares no factor with it.
  private static func multiplier(for count: Int) -> Int {
    let start = max(1, count / 1000 * 618)
    return (start...max(start, count)).first { greatestCommonDivisor($0, count) == 1 } ?? 1
  }

  private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
    right == 0 ? left : greatestCommonDivisor(right, left % right)
  }
}
