/// Rows of a ledger as columns: what the readers hand to the aggregates.
///
/// A batch is reused: columns keep their capacity from one split to the next, so they have `rowCount`
/// entries or more. Only the rows in `keptRows` passed the filters and count. 64 bytes of `bytes` are
/// readable before and behind every field.
public struct TransactionBatch: Sendable {
  /// The split's text and, behind it, the fields that had to be unquoted or transcoded.
  public var bytes: [UInt8] = []
  /// Rows in every column, kept or not.
  public var rowCount = 0
  /// Ascending indices of the rows that count.
  public var keptRows: [UInt32] = []
  /// Customer ids: arbitrary bytes, never empty in a kept row.
  public var customers = FieldColumn()
  /// Order ids: arbitrary bytes; no entries where the order is the day or the row.
  public var orders = FieldColumn()
  /// Times, in microseconds as ``Instant`` counts them.
  public var instants: [Int64] = []
  /// Amounts, in units of the ledger's money scale.
  public var amounts: [Int64] = []
  /// Where each row begins, counted from `originOffset`.
  public var rowBegins: [UInt32] = []
  /// One column for each declared attribute, in declared order.
  public var attributes: [FieldColumn] = []
  /// Which input the rows come from: its position in the sorted list of inputs.
  public var fileOrdinal: UInt32 = 0
  /// Byte offset in the (decompressed) input that `rowBegins` counts from.
  public var originOffset: UInt64 = 0

  /// An empty batch.
  public init() {}
}
