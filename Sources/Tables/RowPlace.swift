/// Where a row begins: the position of its file in the sorted list of inputs, and a byte offset.
///
/// Places are totally ordered and do not depend on how the inputs were split.
public struct RowPlace: Hashable, Comparable, Sendable {
  /// Position of the input in the sorted list of inputs.
  public var fileOrdinal: UInt32
  /// Offset of the row's first byte in the (decompressed) input.
  public var byteOffset: UInt64

  /// Names a place.
  public init(fileOrdinal: UInt32, byteOffset: UInt64) {
    self.fileOrdinal = fileOrdinal
    self.byteOffset = byteOffset
  }

  /// Orders places by file, then by offset.
  public static func < (left: RowPlace, right: RowPlace) -> Bool {
    (left.fileOrdinal, left.byteOffset) < (right.fileOrdinal, right.byteOffset)
  }
}
