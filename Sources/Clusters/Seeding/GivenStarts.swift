internal import Kernels
internal import Tables

/// Starting centroids that somebody chose: rows of the matrix, or points in its space.
struct GivenStarts: Sendable {
  /// Rows, in the order of the labels.
  let rows: [Int]
  /// k × d points, row-major, in the space of the matrix; used where there are no rows.
  let centroids: [Double]

  var isEmpty: Bool { rows.isEmpty && centroids.isEmpty }

  /// How many centroids they are.
  func count(columnCount: Int) -> Int {
    rows.isEmpty ? centroids.count / columnCount : rows.count
  }

  /// - Throws: ``ClusterError/startRowOutside(row:rows:)``, or
  ///   ``ClusterError/badStartCentroids(values:columns:)`` where the points are not k × d.
  func validate(for matrix: FeatureMatrix) throws(ClusterError) {
    precondition(rows.isEmpty || centroids.isEmpty, "starts are rows or centroids, not both")
    for row in rows where !(0..<matrix.rowCount).contains(row) {
      throw .startRowOutside(row: row, rows: matrix.rowCount)
    }
    guard centroids.count % matrix.columnCount == 0 else {
      throw .badStartCentroids(values: centroids.count, columns: matrix.columnCount)
    }
  }

  /// The points in the space that clustering works in.
  func centroids<Value>(in space: ClusterSpace<Value>) throws(ClusterError) -> [[Value]] {
    guard rows.isEmpty else { return rows.map(space.rows.row) }
    return try space.scaled(centroids)
  }
}
