/// Byte strings that a column owns, one behind the other.
public struct KeyColumn: Equatable, Sendable {
  /// All strings, joined without a separator.
  public var bytes: [UInt8]
  /// For each string the offset behind its last byte in `bytes`.
  public var ends: [Int]

  /// A column without entries.
  public init() {
    bytes = []
    ends = []
  }

  /// How many strings there are.
  public var count: Int { ends.count }

  /// The range of bytes of one string.
  public func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// The bytes of one string.
  public subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

  /// Adds a string at the end.
  public mutating func append(_ string: some Sequence<UInt8>) {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
  }
}
