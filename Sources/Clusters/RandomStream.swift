/// A stream of random numbers that is the same everywhere for the same seed: SplitMix64.
///
/// Source: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014, with the constants of S. Vigna's reference code.
struct RandomStream {
  private var state: UInt64

  /// Stream number `stream` of a seed; streams do not meet in practice.
  init(seed: UInt64, stream: Int) {
    state = seed
    let salt = next()
    state = salt ^ (UInt64(stream) &* 0xD1B5_4A32_D192_ED03)
    _ = next()
  }

  /// 64 random bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in `0..<1` with 53 random bits.
  mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// An index below `count`; the bias is below count / 2^64.
  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
