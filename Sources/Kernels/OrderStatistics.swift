// Values are compared as keys: 64-bit numbers whose unsigned order is the order of the values. Cut
// points and medians need the keys at a few ranks, never a sorted column, so they are selected by
// counting: the top bits of (key - lowest) are histogrammed, each wanted rank falls into one bucket,
// and only the keys of such buckets are looked at again. Columns with a narrow range, as days and
// counts have, are done after one pass.

/// A column of values as keys.
public struct OrderedKeys: Sendable {
  /// Keys in the order of the column.
  public let keys: [UInt64]
  /// Whether the values are whole numbers.
  public let isWhole: Bool

  /// Keys of whole numbers.
  public init(_ values: [Int64]) {
    keys = values.map(Self.key(whole:))
    isWhole = true
  }

  /// Keys of finite numbers; negative zero is zero.
  public init(_ values: [Double]) {
    keys = values.map(Self.key(real:))
    isWhole = false
  }

  /// The number that has this key.
  public func value(_ key: UInt64) -> Double {
    if isWhole { return Double(Int64(bitPattern: key ^ Self.signBit)) }
    return Double(bitPattern: key & Self.signBit == 0 ? ~key : key ^ Self.signBit)
  }

  /// The key such that exactly the values above `cut` have a greater one.
  public func key(cut: Double) -> UInt64 {
    guard isWhole else { return Self.key(real: cut) }
    if cut >= 0x1p63 { return .max }
    return Self.key(whole: cut < -0x1p63 ? .min : Int64(cut.rounded(.down)))
  }

  private static let signBit: UInt64 = 1 << 63

  private static func key(whole value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ signBit }

  private static func key(real value: Double) -> UInt64 {
    let bits = (value + 0).bitPattern
    return bits & signBit == 0 ? bits | signBit : ~bits
  }
}

/// The keys that a sorted column would hold at some positions.
///
/// - Parameters:
///   - keys: At least one key, in any order.
///   - ranks: Ascending positions from 0, each below `keys.count`.
/// - Returns: One key for each rank.
/// - Complexity: O(n) for each 16 bits in which keys of a wanted bucket differ; allocates the keys of
///   the wanted buckets.
public func orderStatistics(of keys: [UInt64], at ranks: [Int]) -> [UInt64] {
  guard keys.count > sortedBelow else {
    let sorted = keys.sorted()
    return ranks.map { sorted[$0] }
  }
  let (lowest, highest) = extent(of: keys)
  let shift = max(0, UInt64.bitWidth - (highest - lowest).leadingZeroBitCount - bucketBits)
  let counts = histogram(of: keys, from: lowest, shift: shift)
  let wanted = buckets(of: ranks, in: counts)
  guard shift > 0 else { return wanted.map { lowest + UInt64($0.bucket) } }

  var selected: [UInt64] = []
  for (bucket, members) in gather(keys, from: lowest, shift: shift, buckets: wanted.map(\.bucket)) {
    let inside = wanted.filter { $0.bucket == bucket }.map(\.rank)
    selected += orderStatistics(of: members, at: inside)
  }
  return selected
}

/// Columns of fewer keys are sorted; any value gives the same result.
private let sortedBelow = 1024
/// Bits that one histogram tells apart: 2^16 counts of 4 bytes stay in the second-level cache.
private let bucketBits = 16

private func extent(of keys: [UInt64]) -> (lowest: UInt64, highest: UInt64) {
  var lowest = UInt64.max
  var highest = UInt64.min
  for key in keys {
    lowest = min(lowest, key)
    highest = max(highest, key)
  }
  return (lowest, highest)
}

private func histogram(of keys: [UInt64], from lowest: UInt64, shift: Int) -> [UInt32] {
  var counts = [UInt32](repeating: 0, count: 1 << bucketBits)
  for key in keys {
    counts[Int(truncatingIfNeeded: (key &- lowest) &>> UInt64(shift))] &+= 1
  }
  return counts
}

/// For each ascending rank the bucket it falls into, and its rank within that bucket.
private func buckets(of ranks: [Int], in counts: [UInt32]) -> [(bucket: Int, rank: Int)] {
  var bucket = 0
  var before = 0
  return ranks.map { rank in
    while before + Int(counts[bucket]) <= rank {
      before += Int(counts[bucket])
      bucket += 1
    }
    return (bucket, rank - before)
  }
}

/// The keys of the given ascending buckets (which may repeat), one list for each distinct bucket.
private func gather(
  _ keys: [UInt64],
  from lowest: UInt64,
  shift: Int,
  buckets: [Int]
) -> [(bucket: Int, members: [UInt64])] {
  var slots = [UInt8](repeating: 0, count: 1 << bucketBits)
  var gathered: [(bucket: Int, members: [UInt64])] = []
  for bucket in buckets where slots[bucket] == 0 {
    gathered.append((bucket, []))
    slots[bucket] = UInt8(gathered.count)
  }
  for key in keys {
    let slot = slots[Int(truncatingIfNeeded: (key &- lowest) &>> UInt64(shift))]
    if slot != 0 { gathered[Int(slot) - 1].members.append(key) }
  }
  return gathered
}
