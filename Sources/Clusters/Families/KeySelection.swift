internal import Kernels

/// Exact order statistics by counting digits of keys from the top: no sorting and no copy.
///
/// Source: D. Knuth, "The Art of Computer Programming", volume 3, 2nd ed., section 5.2.5 (radix
/// exchange), with counts in place of exchanges.
struct KeySelection {
  /// For each rank its key; bits that no value of the type has are 0.
  private(set) var keys: [UInt64]
  /// For each rank how many values are below that key.
  private(set) var below: [Int]
  /// For each rank how many values have that key.
  private(set) var equal: [Int]

  /// Finds one rank a label.
  ///
  /// - Parameters:
  ///   - ranks: Positions from 0 in the ascending order of the label's values; negative for none.
  ///   - bits: How many bits are counted at once; divides 64.
  ///   - lowestBit: The lowest bit in which keys differ.
  ///   - count: Counts digits by label.
  init(ranks: [Int], bits: Int, lowestBit: Int, count: (KeyDigits) -> [UInt32]) {
    keys = Array(repeating: 0, count: ranks.count)
    below = keys.map { _ in 0 }
    equal = below
    for shift in stride(from: 64 - bits, through: 0, by: -bits) where shift + bits > lowestBit {
      let counts = count(KeyDigits(prefixes: keys, shift: shift, bits: bits))
      for label in ranks.indices where ranks[label] >= 0 {
        var digit = label << bits
        while below[label] + Int(counts[digit]) <= ranks[label] {
          below[label] += Int(counts[digit])
          digit += 1
        }
        equal[label] = Int(counts[digit])
        keys[label] |= UInt64(digit - label << bits) << UInt64(shift)
      }
    }
  }
}

extension ClusterValue {
  /// The lowest bit in which keys of such values differ: they are those of doubles.
  static var lowestKeyBit: Int { Double.significandBitCount - significandBitCount }
}
