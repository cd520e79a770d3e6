/// Rows of a ledger as columns of `rowCount` entries.
///
/// Fields lie in `bytes`; that 64 bytes more follow them makes folding faster, and is not required.
public struct LedgerRows: Sendable {
  /// The text that the fields lie in.
  public var bytes: [UInt8]
  /// Rows in every column.
  public var rowCount: Int
  /// Ascending indices of the rows that count.
  public var keptRows: [UInt32]
  /// Offsets of the customer ids.
  public var customerBegins: [UInt32]
  /// Their lengths; each below 2^31.
  public var customerLengths: [UInt32]
  /// Offsets of the order ids; unused where the order is no column.
  public var orderBegins: [UInt32]
  /// Their lengths.
  public var orderLengths: [UInt32]
  /// Microseconds since 1970-01-01T00:00:00.
  public var instants: [Int64]
  /// Units of the ledger's money scale.
  public var amounts: [Int64]
  /// Where each row begins, counted from `originOffset`.
  public var rowBegins: [UInt32]
  /// What `rowBegins` counts from, a byte offset in the input.
  public var originOffset: UInt64
  /// Position of the input in the sorted list of inputs.
  public var fileOrdinal: UInt32

  /// Names the columns.
  public init(
    bytes: [UInt8],
    rowCount: Int,
    keptRows: [UInt32],
    customerBegins: [UInt32],
    customerLengths: [UInt32],
    orderBegins: [UInt32],
    orderLengths: [UInt32],
    instants: [Int64],
    amounts: [Int64],
    rowBegins: [UInt32],
    originOffset: UInt64,
    fileOrdinal: UInt32
  ) {
    self.bytes = bytes
    self.rowCount = rowCount
    self.keptRows = keptRows
    self.customerBegins = customerBegins
    self.customerLengths = customerLengths
    self.orderBegins = orderBegins
    self.orderLengths = orderLengths
    self.instants = instants
    self.amounts = amounts
    self.rowBegins = rowBegins
    self.originOffset = originOffset
    self.fileOrdinal = fileOrdinal
  }

  /// Whether every column that is needed has `rowCount` entries.
  func hasShape(orderColumn: Bool) -> Bool {
    let fields =
      [customerBegins, customerLengths] + (orderColumn ? [orderBegins, orderLengths] : [])
    return (fields + [rowBegins]).allSatisfy { $0.count >= rowCount }
      && instants.count >= rowCount && amounts.count >= rowCount
  }
}
