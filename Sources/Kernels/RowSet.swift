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

  /// What became of a string.
  public enum Insertion: Hashable, Sendable {
    /// It is new.
    case added
    /// It has been seen.
    case known
    /// It is new, and there is no room for it.
    case full
  }

  /// Adds a string, unless the set would hold more than `limit` bytes, even while it grows.
  public mutating func insert(
    _ string: borrowing [UInt8],
    in range: Range<Int>,
    limit: Int
  ) -> Insertion {
    var slot = hash(string, range) & (slots.count - 1)
    while slots[slot] != 0 {
      if isEqual(Int(slots[slot]) - 1, string, range) { return .known }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard makeRoom(range.count, limit) else { return .full }
    bytes.append(contentsOf: string[range])
    offsets.append(bytes.count)
    slots[slot] = UInt64(offsets.count - 1)
    if isHalfTaken(by: offsets.count) { rehash() }
    return .added
  }

  private func isHalfTaken(by count: Int) -> Bool { count * 2 > slots.count }

  /// Makes room for one more string; while a list moves, its old and its new memory are both held.
  private mutating func makeRoom(_ count: Int, _ limit: Int) -> Bool {
    if bytes.capacity < bytes.count + count {
      let capacity = max(bytes.count + count, bytes.capacity * 2)
      guard byteCount + capacity <= limit else { return false }
      bytes.reserveCapacity(capacity)
    }
    if offsets.capacity == offsets.count {
      guard byteCount + offsets.capacity * 16 <= limit else { return false }
      offsets.reserveCapacity(offsets.capacity * 2)
    }
    // The slots double behind the string that takes half of them.
    return !isHalfTaken(by: offsets.count + 1) || byteCount + slots.count * 16 <= limit
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
