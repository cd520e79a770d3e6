/// A row that cannot be read.
public struct Reject: Hashable, Sendable {
  /// The input, as it was named on the command line.
  public var file: String
  /// The physical line that the row begins on, counted from 1.
  public var line: Int
  /// Offset of the row's first byte in the (decompressed) input.
  public var byteOffset: UInt64
  /// The column that is at fault, by its name in the header or its number from 1; empty for a whole row.
  public var column: String
  /// What is wrong with it.
  public var reason: RejectReason
  /// The row's bytes as they stand in the input, cut off after a limit.
  public var raw: [UInt8]

  /// Names the facts about a row that cannot be read.
  public init(
    file: String,
    line: Int,
    byteOffset: UInt64,
    column: String,
    reason: RejectReason,
    raw: [UInt8]
  ) {
    self.file = file
    self.line = line
    self.byteOffset = byteOffset
    self.column = column
    self.reason = reason
    self.raw = raw
  }
}

/// Why a row cannot be read.
///
/// The raw value is what the rejects table shows.
public enum RejectReason: String, Hashable, Sendable, CaseIterable {
  /// Fewer or more fields than the header has.
  case fieldCount = "field_count"
  /// The input ended inside a quoted field.
  case openQuote = "open_quote"
  /// Bytes that the declared encoding does not allow.
  case encoding = "encoding"
  /// No customer id.
  case customerMissing = "customer_missing"
  /// No order id.
  case orderMissing = "order_missing"
  /// A time that the declared pattern does not match, or that the calendar does not have.
  case time = "time"
  /// Not a number as declared.
  case number = "number"
  /// More decimals than declared.
  case decimals = "decimals"
  /// A number or a product that 64 bits cannot hold.
  case overflow = "overflow"
}
