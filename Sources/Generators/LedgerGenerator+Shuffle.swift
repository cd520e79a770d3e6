// Lines in random order, in memory that does not grow with the ledger.
//
// Making a block is cheaper than storing it. So the whole ledger is made once for each part of the
// output; a part takes the lines that chance gives it, brings them into random order, and is written.

internal import Kernels

extension LedgerGenerator {
  /// About 120 MB of lines, which with their places stay below 200 MB.
  private static let partRowCount = 1_500_000

  /// Writes the parts one after the other.
  func writeShuffled(to sink: borrowing ByteSink, workers: Workers) throws(SinkError) {
    let partCount = (rowCount + Self.partRowCount - 1) / Self.partRowCount
    for part in 0..<partCount {
      let lines = gather(part: part, of: partCount, workers: workers)
      try write(lines, in: randomOrder(of: lines.ends.count, part: part), to: sink)
    }
  }

  private func gather(part: Int, of partCount: Int, workers: Workers) -> Lines {
    let waveCount = 4 * workers.count
    var all = Lines()
    for first in stride(from: 0, to: blocks.blockCount, by: waveCount) {
      let count = min(waveCount, blocks.blockCount - first)
      let picked = workers.map(blocks: count) { pick(part: part, of: partCount, block: first + $0) }
      for lines in picked { all.append(lines) }
    }
    return all
  }

  private func pick(part: Int, of partCount: Int, block: Int) -> Lines {
    let made = lines(block: block)
    var chance = SplitMix(seed: seed ^ 0x5CA7_7E4E_D000_0000 &+ UInt64(block))
    var picked = Lines()
    var start = 0
    for end in made.ends {
      if chance.next(below: partCount) == part {
        picked.bytes.append(contentsOf: made.bytes[start..<Int(end)])
        picked.ends.append(UInt32(picked.bytes.count))
      }
      start = Int(end)
    }
    return picked
  }

  /// Fisher and Yates' shuffle of the numbers below `count`.
  private func randomOrder(of count: Int, part: Int) -> [UInt32] {
    var chance = SplitMix(seed: ~seed &+ UInt64(part))
    var order = (0..<UInt32(count)).map(\.self)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, chance.next(below: last + 1))
    }
    return order
  }

  private func write(
    _ lines: Lines,
    in order: [UInt32],
    to sink: borrowing ByteSink
  ) throws(SinkError) {
    let chunkByteCount = 1 << 20
    var chunk: [UInt8] = []
    chunk.reserveCapacity(chunkByteCount + Int(UInt8.max) + 1)
    for line in order {
      chunk.append(contentsOf: lines.bytes[lines.range(Int(line))])
      if chunk.count >= chunkByteCount {
        try sink.write(chunk.span)
        chunk.removeAll(keepingCapacity: true)
      }
    }
    try sink.write(chunk.span)
  }
}

/// Lines, one behind the other, below 4 GiB.
private struct Lines: Sendable {
  var bytes: [UInt8] = []
  var ends: [UInt32] = []

  func range(_ line: Int) -> Range<Int> {
    (line == 0 ? 0 : Int(ends[line - 1]))..<Int(ends[line])
  }

  mutating func append(_ other: Lines) {
    let start = UInt32(bytes.count)
    bytes += other.bytes
    ends += other.ends.map { start + $0 }
  }
}

/// A sequence of numbers that follows from a seed.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
private struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// A number below `limit`, which must be positive.
  mutating func next(below limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Int(mixed.multipliedFullWidth(by: UInt64(limit)).high)
  }
}
