internal import CBridge
internal import Glibc

/// Byte strings that have been seen, compared in full.
///
/// Open addressing over 64-bit hashes; all strings lie one behind the other.
public struct RowSet: Sendable {
  private var slots: [UInt64] = Array(repeating: 0, count: 1024)
  private var offsets: [Int] = [0]
  private var bytes: [UInt8] = []

  /// An empty set.
  public init() {}

  /// Bytes that the set holds.
  public var byteCount: Int {
    bytes.capacity + offsets.capacity * 8 + slots.count * 8
  }

  /// Adds a string; says whether it is new.
  public mutating func insert(_ string: borrowing [UInt8], in range: Range<Int>) -> Bool {
    var slot = hash(string, range) & (slots.count - 1)
    while slots[slot] != 0 {
      if isEqual(Int(slots[slot]) - 1, string, range) { return false }
      slot = (slot + 1) & (slots.count - 1)
    }
    append(string, range)
    slots[slot] = UInt64(offsets.count - 1)
    if offsets.count * 2 > slots.count { rehash() }
    return true
  }

  private mutating func append(_ string: borrowing [UInt8], _ range: Range<Int>) {
    bytes.append(contentsOf: string[range])
    offsets.append(bytes.count)
  }

  private func isEqual(_ index: Int, _ string: borrowing [UInt8], _ range: Range<Int>) -> Bool {
    let mine = offsets[index]..<offsets[index + 1]
    guard mine.count == range.count else { return false }
    // SAFETY: both ranges lie within their arrays.
    return unsafe bytes.withUnsafeBytes { left in
      unsafe string.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return true }
        return unsafe memcmp(left + mine.lowerBound, right + range.lowerBound, range.count) == 0
      }
    }
  }

  private func hash(_ string: borrowing [UInt8], _ range: Range<Int>) -> Int {
    // SAFETY: the range lies within the array.
    unsafe string.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return 0 }
      return unsafe Int(truncatingIfNeeded: cb_identity_hash(base + range.lowerBound, range.count))
    }
  }

  private mutating func rehash() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for index in 0..<offsets.count - 1 {
      var slot = hash(bytes, offsets[index]..<offsets[index + 1]) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt64(index + 1)
    }
  }
}
