internal import CBridge

/// The distinct ones of some rows, and which of them each row is.
///
/// Rows are equal when all their values are, 0 and −0 alike.
public struct CollapsedRows<Value: ClusterValue>: Sendable {
  /// The distinct rows, in the order in which they first appear, without weights.
  public let distinct: ClusterRows<Value>
  /// For each row the index of the distinct one that it equals.
  private let members: RowBuffer<UInt32>

  /// Finds the equal rows.
  ///
  /// - Parameter rows: Fewer than 2³² − 1.
  /// - Throws: ``KernelError/badShape`` for more.
  /// - Complexity: O(n·d) on average, in one thread; 12 to 20 bytes a row while it lasts, then 4.
  public init(_ rows: ClusterRows<Value>) throws(KernelError) {
    let members = RowBuffer<UInt32>(rowCount: rows.rowCount, filledWith: 0)
    var slots = [UInt32](repeating: 0, count: Self.slotCount(rows.rowCount))
    var firsts = [UInt32](repeating: 0, count: rows.rowCount)
    var distinctCount = 0
    // SAFETY: members and firsts hold one entry a row, slots as many as it is said to.
    let status = unsafe slots.withUnsafeMutableBufferPointer { slots in
      unsafe firsts.withUnsafeMutableBufferPointer { firsts in
        guard let base = slots.baseAddress, let first = firsts.baseAddress else {
          return CB_BAD_SHAPE
        }
        return unsafe rows.kernels.collapse(
          rows.values.base,
          rows.values.stride,
          rows.rowCount,
          rows.columnCount,
          slots.count,
          base,
          members.base,
          first,
          &distinctCount
        )
      }
    }
    try check(status)
    self.members = members
    let taken = firsts.prefix(distinctCount)
    distinct = ClusterRows(taken.map { rows.row(Int($0)) }, columnCount: rows.columnCount)
  }

  /// Gives the rows of one block what their distinct rows have.
  ///
  /// - Parameters:
  ///   - block: A block of all rows.
  ///   - elements: One for each distinct row.
  ///   - all: Receives one for each row of the block.
  public func expand<Element>(
    block: Int,
    _ elements: RowBuffer<Element>,
    into all: RowBuffer<Element>
  ) {
    precondition(elements.rowCount == distinct.rowCount, "not one for each distinct row")
    precondition(all.rowCount == members.rowCount, "not one for each row")
    for row in ClusterRows<Value>.rows(ofBlock: block, of: members.rowCount) {
      // SAFETY: row is below the row count of both; members are below that of the distinct rows.
      unsafe all.base[row] = elements.base[Int(members.base[row])]
    }
  }

  /// A power of two, at least twice as many as rows.
  private static func slotCount(_ rowCount: Int) -> Int {
    var count = 16
    while count < 2 * rowCount { count *= 2 }
    return count
  }
}
