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
  /// The power of two that every weight was multiplied by.
  let weightScale: Double
  /// Mean of the columns' population variances, scaled.
  let meanVariance: Double
  /// Sum of the squared lengths of the rows, times their weights, scaled; nil where nobody
  /// asks for it: for samples and directions.
  let totalSquares: Double?

  /// - Throws: ``ClusterError/notFinite(row:column:)`` for the first such row, in the first such column;
  ///   ``ClusterError/badWeight(row:)`` and ``ClusterError/noWeight``.
  init(
    _ matrix: FeatureMatrix,
    weights: [Double]? = nil,
    workers: Workers
  ) throws(ClusterError) {
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
    let (weights, weightScale) = try ClusterSpace.scaled(weights)
    let moments = figures.indices.map { column in
      guard let weights else {
        return ColumnMoments(figures[column], count: matrix.rowCount, scale: scale)
      }
      let values = matrix.values[matrix.range(ofColumn: column)]
      return ColumnMoments(values, weights: weights, scale: scale)
    }
    self.scale = scale
    self.weightScale = weightScale
    centres = moments.map { $0.mean.magnitude > $0.variance.squareRoot() ? $0.mean : 0 }
    meanVariance = moments.reduce(0) { $0 + $1.variance } / Double(max(1, moments.count))
    totalSquares = zip(moments, centres).reduce(0.0) { sum, column in
      let offset = column.0.mean - column.1
      return sum + column.0.mass * (column.0.variance + offset * offset)
    }
    rows = ClusterRows(
      columns: matrix.values,
      rowCount: matrix.rowCount,
      centres: centres,
      scale: scale,
      weights: weights,
      workers: workers
    )
  }

  /// The rows divided by their lengths, neither scaled nor centred: directions start at the origin.
  ///
  /// - Throws: ``ClusterError/notFinite(row:column:)``, or ``ClusterError/zeroRow(row:)`` for the first
  ///   row of zeros.
  init(directionsOf matrix: FeatureMatrix, workers: Workers) throws(ClusterError) {
    for column in 0..<matrix.columnCount {
      let range = matrix.range(ofColumn: column)
      let bad = ColumnFigures(matrix.values, rows: range, workers: workers).range().badRow
      if let bad { throw .notFinite(row: bad, column: matrix.names[column]) }
    }
    let (units, zeroRow) = unitRows(
      matrix.values,
      rowCount: matrix.rowCount,
      columnCount: matrix.columnCount,
      workers: workers
    )
    if let zeroRow { throw .zeroRow(row: zeroRow) }
    let variances = (0..<matrix.columnCount).map { column in
      let figures = ColumnFigures(units, rows: matrix.range(ofColumn: column), workers: workers)
      return ColumnMoments(figures, count: matrix.rowCount, scale: 1).variance
    }
    scale = 1
    weightScale = 1
    totalSquares = nil
    centres = variances.map { _ in 0 }
    meanVariance = variances.reduce(0, +) / Double(max(1, variances.count))
    rows = ClusterRows(
      columns: units,
      rowCount: matrix.rowCount,
      centres: centres,
      scale: 1,
      workers: workers
    )
  }

  /// Every m-th row, so that there are at most `rowCount`; each start begins at another row.
  func sample(rowCount: Int, start: Int) -> ClusterSpace {
    ClusterSpace(self, rows: rows.sample(rowCount: rowCount, start: start))
  }

  /// Other rows in the same scale.
  init(_ whole: ClusterSpace, rows: ClusterRows<Value>) {
    self.rows = rows
    centres = whole.centres
    scale = whole.scale
    weightScale = whole.weightScale
    meanVariance = whole.meanVariance
    totalSquares = nil
  }

  /// Centroids in the units of the matrix.
  func unscaled(_ centroids: [Value]) -> [Double] {
    centroids.indices.map { index in
      (Double(centroids[index]) + centres[index % centres.count]) / scale
    }
  }

  /// A sum of squares, times weights, in the units of the matrix; infinite or 0 where doubles end.
  func unscaled(squared sum: Double) -> Double { sum / weightScale / scale / scale }

  /// A sum of weights as they were given.
  func unscaled(mass: Double) -> Double { mass / weightScale }

  /// A record in the units of the matrix.
  func unscaled(_ round: ClusterRound) -> ClusterRound {
    var result = round
    result.inertia = unscaled(squared: round.inertia)
    result.squaredShift = round.squaredShift / scale / scale
    return result
  }

  /// Weights with the largest brought to 1 or just above it, so that their sums cannot overflow.
  private static func scaled(
    _ weights: [Double]?
  ) throws(ClusterError) -> (weights: [Double]?, scale: Double) {
    guard let weights else { return (nil, 1) }
    if let row = weights.firstIndex(where: { !($0 >= 0) || !$0.isFinite }) {
      throw .badWeight(row: row)
    }
    let largest = weights.max() ?? 0
    guard largest > 0 else { throw .noWeight }
    let scale = powerOfTwo(below: largest)
    return (weights.map { $0 * scale }, scale)
  }

  /// Centroids given in the units of the matrix, one array each.
  ///
  /// - Throws: ``ClusterError/badStartCentroids(values:columns:)`` where they are not k × d or out of
  ///   range.
  func scaled(_ centroids: [Double]) throws(ClusterError) -> [[Value]] {
    let columns = centres.count
    let values = centroids.indices.map { Value(centroids[$0] * scale - centres[$0 % columns]) }
    // Squares of larger values would not be finite.
    let areFit = values.allSatisfy { $0.isFinite && $0.magnitude < 0x1p50 }
    guard centroids.count % columns == 0, areFit else {
      throw .badStartCentroids(values: centroids.count, columns: columns)
    }
    return stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<$0 + columns]) }
  }

  /// The power of two that brings `largest` to 1 or just above it, within the normal doubles.
  private static func powerOfTwo(below largest: Double) -> Double {
    guard largest > 0 else { return 1 }
    return Double(sign: .plus, exponent: -max(-1022, largest.exponent), significand: 1)
  }
}

/// Weight, mean and population variance of one scaled column.
private struct ColumnMoments {
  let mass: Double
  let mean: Double
  let variance: Double

  init(_ figures: ColumnFigures, count: Int, scale: Double) {
    mass = Double(count)
    mean = figures.sum(scale: scale) / Double(max(1, count))
    variance = figures.sumOfSquares(scale: scale, centre: mean) / Double(max(1, count))
  }

  init(_ values: ArraySlice<Double>, weights: [Double], scale: Double) {
    let mass = weights.reduce(0, +)
    let mean = zip(values, weights).reduce(0.0) { $0 + $1.0 * scale * $1.1 } / mass
    let squares = zip(values, weights).reduce(0.0) { sum, row in
      let offset = row.0 * scale - mean
      return sum + offset * offset * row.1
    }
    (self.mass, self.mean, variance) = (mass, mean, squares / mass)
  }
}
