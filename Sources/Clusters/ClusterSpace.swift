// The space that clustering works in: each column scaled by one power of two for all, so that squares
// neither overflow nor vanish, and centred where its mean is larger than its spread, so that the
// matrix product of the engine `blas` does not cancel. Scaling is exact; a column that is centred
// already (a z-score, say) keeps its bits.

internal import Kernels
internal import Tables

/// The matrix in the precision and the scale that clustering works in.
struct ClusterSpace<Value: ClusterValue>: Sendable {
  /// The rows, laid out for the kernels.
  let rows: ClusterRows<Value>
  /// What was taken off each column after scaling.
  let centres: [Double]
  /// The power of two that every value was multiplied by.
  let scale: Double
  /// Mean of the columns' population variances, scaled.
  let meanVariance: Double

  /// - Throws: ``ClusterError/notFinite(row:column:)`` for the first such row, in the first such column.
  init(_ matrix: FeatureMatrix, workers: Workers) throws(ClusterError) {
    let figures = (0..<matrix.columnCount).map {
      ColumnFigures(matrix.values, rows: matrix.range(ofColumn: $0), workers: workers)
    }
    var largest = 0.0
    for (name, figures) in zip(matrix.names, figures) {
      let (lowest, highest, badRow) = figures.range()
      if let badRow { throw .notFinite(row: badRow, column: name) }
      largest = max(largest, lowest.magnitude, highest.magnitude)
    }
    let scale = ClusterSpace.powerOfTwo(below: largest)
    let moments = figures.map { ColumnMoments($0, count: matrix.rowCount, scale: scale) }
    self.scale = scale
    centres = moments.map { $0.mean.magnitude > $0.variance.squareRoot() ? $0.mean : 0 }
    meanVariance = moments.reduce(0) { $0 + $1.variance } / Double(max(1, moments.count))
    rows = ClusterRows(
      columns: matrix.values,
      rowCount: matrix.rowCount,
      centres: centres,
      scale: scale,
      workers: workers
    )
  }

  /// Every m-th row, so that there are at most `rowCount`; each start begins at another row.
  func sample(rowCount: Int, start: Int) -> ClusterSpace {
    ClusterSpace(self, rows: rows.sample(rowCount: rowCount, start: start))
  }

  private init(_ whole: ClusterSpace, rows: ClusterRows<Value>) {
    self.rows = rows
    centres = whole.centres
    scale = whole.scale
    meanVariance = whole.meanVariance
  }

  /// Centroids in the units of the matrix.
  func unscaled(_ centroids: [Value]) -> [Double] {
    centroids.indices.map { index in
      (Double(centroids[index]) + centres[index % centres.count]) / scale
    }
  }

  /// A sum of squares in the units of the matrix; infinite or 0 where doubles end.
  func unscaled(squared sum: Double) -> Double { sum / scale / scale }

  /// The power of two that brings `largest` to 1 or just above it, within the normal doubles.
  private static func powerOfTwo(below largest: Double) -> Double {
    guard largest > 0 else { return 1 }
    return Double(sign: .plus, exponent: -max(-1022, largest.exponent), significand: 1)
  }
}

/// Mean and population variance of one scaled column.
private struct ColumnMoments {
  let mean: Double
  let variance: Double

  init(_ figures: ColumnFigures, count: Int, scale: Double) {
    mean = figures.sum(scale: scale) / Double(max(1, count))
    variance = figures.sumOfSquares(scale: scale, centre: mean) / Double(max(1, count))
  }
}
