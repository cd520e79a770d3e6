internal import Kernels
internal import Tables

/// Which rows of each batch go to which file.
///
/// Files are cut by the number of rows before a row within its group, which is known before anything
/// is written; so batches can be formatted in any order.
struct PartitionPlan: Sendable {
  /// A run of rows of one batch that stand behind each other in one file.
  struct Piece: Sendable {
    let group: Int
    let part: Int
    let rows: Range<Int>
  }

  /// Groups, at least 1.
  let groupCount: Int
  private let indices: [UInt16]?
  private let batches: [Range<Int>]
  private let rowsPerPart: Int
  /// For each batch and group the rows of the group in the batches before.
  private let begins: [[Int]]

  /// Counts the groups' rows in each batch; without a grouping all customers are one group.
  ///
  /// - Throws: ``WriteError/badValue`` for an index of no group.
  init(
    _ grouping: Grouping?,
    customers: CustomerBatches,
    rowsPerPart: Int
  ) throws(WriteError) {
    let groupCount = grouping?.names.count ?? 1
    batches = (0..<customers.batchCount).map(customers.rows(ofBatch:))
    self.groupCount = groupCount
    self.rowsPerPart = max(1, rowsPerPart)
    indices = grouping?.indices
    var begins: [[Int]] = []
    var totals = [Int](repeating: 0, count: groupCount)
    for rows in batches {
      begins.append(totals)
      guard let indices else {
        totals[0] += rows.count
        continue
      }
      precondition(rows.upperBound <= indices.count, "each customer has a group")
      for index in indices[rows] {
        guard Int(index) < groupCount else { throw .badValue }
        totals[Int(index)] += 1
      }
    }
    self.begins = begins
  }

  /// The rows of a batch in the order in which they are formatted, and the pieces they fall into.
  ///
  /// - Returns: Rows counted from the batch's first, ascending within a group; nil where the order is
  ///   that of the batch. The pieces' ranges are positions in that order.
  func pieces(ofBatch batch: Int) -> (order: [UInt32]?, pieces: [Piece]) {
    let rows = batches[batch]
    guard let indices else { return (nil, cut(0, from: begins[batch][0], rows: 0..<rows.count)) }
    var ends = counts(indices[rows])
    for group in 1..<max(1, groupCount) { ends[group] += ends[group - 1] }
    let starts = [0] + ends.dropLast()
    var next = starts
    var order = [UInt32](repeating: 0, count: rows.count)
    for (row, index) in indices[rows].enumerated() {
      order[next[Int(index)]] = UInt32(row)
      next[Int(index)] += 1
    }
    let pieces = (0..<groupCount).flatMap { group in
      cut(group, from: begins[batch][group], rows: starts[group]..<ends[group])
    }
    return (order, pieces)
  }

  private func counts(_ indices: ArraySlice<UInt16>) -> [Int] {
    var counts = [Int](repeating: 0, count: groupCount)
    for index in indices { counts[Int(index)] += 1 }
    return counts
  }

  /// Cuts rows of one group, of which `before` rows stand in batches before, where files end.
  private func cut(_ group: Int, from before: Int, rows: Range<Int>) -> [Piece] {
    var pieces: [Piece] = []
    var begin = rows.lowerBound
    while begin < rows.upperBound {
      let position = before + begin - rows.lowerBound
      let room = rowsPerPart - position % rowsPerPart
      let end = min(rows.upperBound, begin + room)
      pieces.append(Piece(group: group, part: position / rowsPerPart, rows: begin..<end))
      begin = end
    }
    return pieces
  }
}
