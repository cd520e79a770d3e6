/// One field of each row of a batch: where it begins in the batch's bytes, and how long it is.
public struct FieldColumn: Equatable, Sendable {
  /// For each row the offset of the field's first byte in `TransactionBatch.bytes`.
  public var begins: [UInt32]
  /// For each row the field's length in bytes.
  public var lengths: [UInt32]

  /// A column without rows.
  public init() {
    begins = []
    lengths = []
  }

  /// The range of bytes of one row's field.
  public func range(_ row: Int) -> Range<Int> {
    Int(begins[row])..<Int(begins[row]) + Int(lengths[row])
  }
}
