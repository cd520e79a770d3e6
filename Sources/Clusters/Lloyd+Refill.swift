internal import Kernels

/// Clusters that have lost all rows, the same way for every engine: only the sums are changed, so that
/// labels and bounds stay those of the centroids that the round began with.
extension Lloyd {
  /// Gives each empty cluster, in ascending order, the row that is farthest from its centroid.
  ///
  /// The row leaves its cluster, which must have another; ties go to the lowest row. Rows of weight 0
  /// neither fill a cluster nor move. Rare, so one thread does it, in O(n) for each empty cluster.
  func refill(_ partial: inout ClusterPartial, centroids: [Value]) throws(ClusterError) {
    let assignment = try assign(centroids)
    var taken: Set<Int> = []
    for empty in partial.counts.indices where partial.counts[empty] == 0 {
      var farthest: Int?
      for row in 0..<rows.rowCount where partial.counts[Int(assignment.labels[row])] > 1 {
        let isFarther = farthest.map { assignment.gaps[row] > assignment.gaps[$0] } ?? true
        if isFarther && weight(row) > 0 && !taken.contains(row) { farthest = row }
      }
      guard let row = farthest else { return }
      taken.insert(row)
      move(row, from: Int(assignment.labels[row]), to: empty, in: &partial)
    }
  }

  private func weight(_ row: Int) -> Double { rows.weights.map { $0[row] } ?? 1 }

  private func move(_ row: Int, from donor: Int, to cluster: Int, in partial: inout ClusterPartial)
  {
    let columns = rows.columnCount
    let weight = weight(row)
    for (column, value) in rows.row(row).enumerated() {
      partial.sums[donor * columns + column] -= Double(value) * weight
      partial.sums[cluster * columns + column] += Double(value) * weight
    }
    partial.counts[donor] -= 1
    partial.counts[cluster] += 1
    guard !partial.masses.isEmpty else { return }
    partial.masses[donor] -= weight
    partial.masses[cluster] += weight
  }
}
