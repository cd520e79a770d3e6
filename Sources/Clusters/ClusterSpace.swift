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
    let summaries = try ColumnSummary.summarise(matrix, workers: workers)
    let largest = summaries.map(\.magnitude).max() ?? 0
    scale = ClusterSpace.powerOfTwo(below: largest)
    var centres: [Double] = []
    var varianceSum = 0.0
    for column in summaries.indices {
      let moments = ColumnMoments(
        matrix,
        column: column,
        scale: scale,
        workers: workers
      )
      let spread = moments.variance.squareRoot()
      centres.append(moments.mean.magnitude > spread ? moments.mean : 0)
      varianceSum += moments.variance
    }
    self.centres = centres
    meanVariance = varianceSum / Double(max(1, summaries.count))
    rows = ClusterRows(
      columns: matrix.values,
      rowCount: matrix.rowCount,
      centres: centres,
      scale: scale,
      workers: workers
    )
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

/// What decides the scale of a column.
private struct ColumnSummary: Sendable {
  var magnitude = 0.0
  var badRow: Int?

  static func summarise(
    _ matrix: FeatureMatrix,
    workers: Workers
  ) throws(ClusterError) -> [ColumnSummary] {
    let parts = RowChunks(rowCount: matrix.rowCount)
    let columns = matrix.columnCount
    let pieces = workers.map(blocks: parts.count * columns) { task in
      let (column, chunk) = task.quotientAndRemainder(dividingBy: parts.count)
      return ColumnSummary(matrix.values, rows: parts.rows(chunk), offset: column * matrix.rowCount)
    }
    return try (0..<columns).map { column throws(ClusterError) in
      let own = pieces[column * parts.count..<(column + 1) * parts.count]
      if let row = own.lazy.compactMap(\.badRow).first {
        throw .notFinite(row: row, column: matrix.names[column])
      }
      var summary = ColumnSummary()
      summary.magnitude = own.reduce(0) { max($0, $1.magnitude) }
      return summary
    }
  }

  init() {}

  init(_ values: [Double], rows: Range<Int>, offset: Int) {
    for row in rows {
      let value = values[offset + row]
      if !value.isFinite && badRow == nil { badRow = row }
      magnitude = max(magnitude, value.magnitude)
    }
  }
}

/// Mean and population variance of one scaled column, summed in an order fixed by the row indices.
private struct ColumnMoments {
  var mean: Double
  var variance: Double

  init(_ matrix: FeatureMatrix, column: Int, scale: Double, workers: Workers) {
    let parts = RowChunks(rowCount: matrix.rowCount)
    let offset = column * matrix.rowCount
    let count = Double(max(1, matrix.rowCount))
    func sum(_ term: @Sendable (Double) -> Double) -> Double {
      workers.map(blocks: parts.count) { chunk in
        parts.rows(chunk).reduce(into: 0.0) { $0 += term(matrix.values[offset + $1] * scale) }
      }
      .reduce(0, +)
    }
    let mean = sum { $0 } / count
    self.mean = mean
    variance = sum { ($0 - mean) * ($0 - mean) } / count
  }
}

/// Rows in pieces of a fixed length, for sums that do not depend on the number of workers.
struct RowChunks: Sendable {
  /// Eight blocks of the kernels: long enough to pay for a thread's wake-up.
  static let length = 32_768
  let rowCount: Int

  var count: Int { (rowCount + Self.length - 1) / Self.length }

  func rows(_ chunk: Int) -> Range<Int> {
    chunk * Self.length..<min(rowCount, (chunk + 1) * Self.length)
  }
}
