internal import CBridge

/// An xxHash tree: XXH3-128 over the XXH3-128 values of blocks of 64 KiB, and the length behind them.
///
/// Blocks are hashed wherever they are read, and added in their order. Up to 64 levels of 4096 values
/// each are kept, so memory does not grow with the input.
public struct IdentityTree: Sendable {
  /// Bytes in each block but the last.
  public static let blockBytes = 64 << 10

  /// Values of one level that are hashed into one of the next.
  private static let fanOut = 4096

  /// For each level, lowest first, the values that do not fill a node yet.
  private var levels: [[UInt8]] = [[]]

  /// A tree without blocks.
  public init() {}

  /// The value of one block: 16 bytes.
  public static func digest(ofBlock bytes: borrowing [UInt8], in range: Range<Int>) -> [UInt8] {
    precondition(range.upperBound <= bytes.count, "the block lies within the bytes")
    let bytes = copy bytes
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(CB_IDENTITY_SIZE)) { digest, count in
      // SAFETY: the range lies within `bytes`, and `digest` holds the value.
      unsafe bytes.withUnsafeBufferPointer { text in
        guard let base = text.baseAddress else { return }
        unsafe cb_identity_block(base + range.lowerBound, range.count, digest.baseAddress)
      }
      count = Int(CB_IDENTITY_SIZE)
    }
  }

  /// Adds the values of the next blocks.
  public mutating func append(_ digests: [UInt8]) {
    levels[0] += digests
    fold()
  }

  /// The tree's value as hexadecimal digits, for an input of `byteCount` bytes.
  public func finish(byteCount: UInt64) -> String {
    var value: [UInt8] = []
    for level in levels {
      let node = level + value
      value = node.isEmpty ? [] : Self.digest(ofBlock: node, in: 0..<node.count)
    }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: byteCount >> ($0 * 8)) }
    let root = value + length
    return Self.digest(ofBlock: root, in: 0..<root.count).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private mutating func fold() {
    let full = Self.fanOut * Int(CB_IDENTITY_SIZE)
    for level in 0..<64 {
      guard levels[level].count >= full else { return }
      if level + 1 == levels.count { levels.append([]) }
      levels[level + 1] += Self.digest(ofBlock: levels[level], in: 0..<full)
      levels[level].removeFirst(full)
    }
  }
}
