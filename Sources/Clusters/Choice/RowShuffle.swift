/// A random order of `0..<count` that is computed place by place, without holding it.
///
/// A network of four rounds permutes the numbers below a power of 4; from a number that is not below
/// `count` it goes on until one is.
///
/// Source: J. Black and P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002 (the
/// generalized Feistel cipher and cycle walking).
struct RowShuffle: Sendable {
  private static let roundCount = 4

  let count: Int
  private let halfBits: UInt64
  private let keys: [UInt64]

  /// Order number `stream` of a seed, of one row at least.
  init(count: Int, seed: UInt64, stream: Int) {
    precondition(count > 0, "there is nothing to order")
    self.count = count
    let bits = UInt64(Int.bitWidth - (count - 1).leadingZeroBitCount)
    halfBits = max(1, (bits + 1) / 2)
    var random = RandomStream(seed: seed, stream: stream)
    keys = (0..<Self.roundCount).map { _ in random.next() }
  }

  /// What stands at a place of the order.
  subscript(place: Int) -> Int {
    precondition((0..<count).contains(place), "there is no such place")
    var number = permuted(UInt64(place))
    while number >= UInt64(count) { number = permuted(number) }
    return Int(number)
  }

  /// The first rows of the order.
  func prefix(_ length: Int) -> [UInt32] {
    (0..<min(length, count)).map { UInt32(self[$0]) }
  }

  private func permuted(_ number: UInt64) -> UInt64 {
    let mask = (1 << halfBits) - 1 as UInt64
    var (left, right) = (number >> halfBits, number & mask)
    for key in keys {
      // The finisher of SplitMix64.
      var mixed = (right ^ key) &* 0x9E37_79B9_7F4A_7C15
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      (left, right) = (right, left ^ ((mixed ^ (mixed >> 31)) & mask))
    }
    return left << halfBits | right
  }
}
