// A model is applied to rows that nobody knew when it was fitted, some today and some tomorrow. So the
// label of a row may depend on the row and the centroids alone: not on the other rows, whose range the
// engines of a fit scale and centre by, nor on blocks, workers or SIMD. One plain formula does that.

public import Kernels
public import Tables

/// Assigns rows to centroids that do not move.
public struct NearestCentroids: Sendable {
  /// Squares of values between these neither overflow nor vanish.
  private static let plainRange = 0x1p-400..<0x1p400

  private let centroids: [Double]
  private let columnCount: Int
  private let largest: Double

  /// Takes k × d finite centroids, row-major; k at most 65,536.
  public init(_ centroids: [Double], columnCount: Int) {
    precondition(columnCount > 0, "rows have columns")
    precondition(
      !centroids.isEmpty && centroids.count % columnCount == 0,
      "centroids are not k × d"
    )
    precondition(centroids.count / columnCount <= 1 + Int(UInt16.max), "labels have 16 bits")
    self.centroids = centroids
    self.columnCount = columnCount
    largest = centroids.reduce(0) { max($0, $1.magnitude) }
  }

  /// The nearest centroid of each row, ties to the lowest index.
  ///
  /// - Parameters:
  ///   - matrix: n × d finite values.
  ///   - workers: Share the rows.
  /// - Returns: For each row the index of its centroid and the squared distance to it, the columns
  ///   being added in order; infinite where doubles end. What a row gets depends on that row alone.
  /// - Complexity: O(n·k·d).
  public func assign(
    _ matrix: FeatureMatrix,
    workers: Workers
  ) -> (labels: [UInt16], squaredDistances: [Double]) {
    precondition(matrix.columnCount == columnCount, "rows and centroids differ in columns")
    let length = ColumnFigures.chunkLength
    let parts = workers.map(blocks: (matrix.rowCount + length - 1) / length) { block in
      nearest(matrix, rows: block * length..<min(matrix.rowCount, (block + 1) * length))
    }
    return (parts.flatMap(\.labels), parts.flatMap(\.squaredDistances))
  }

  private func nearest(
    _ matrix: FeatureMatrix,
    rows: Range<Int>
  ) -> (labels: [UInt16], squaredDistances: [Double]) {
    var labels: [UInt16] = []
    var squaredDistances: [Double] = []
    labels.reserveCapacity(rows.count)
    squaredDistances.reserveCapacity(rows.count)
    var values = [Double](repeating: 0, count: columnCount)
    for row in rows {
      for column in 0..<columnCount {
        values[column] = matrix.values[column * matrix.rowCount + row]
      }
      let (label, distance) = nearest(values)
      labels.append(UInt16(label))
      squaredDistances.append(distance)
    }
    return (labels, squaredDistances)
  }

  private func nearest(_ row: [Double]) -> (label: Int, squaredDistance: Double) {
    let scale = scale(row)
    var best = (label: 0, squaredDistance: Double.infinity)
    for (label, begin) in stride(from: 0, to: centroids.count, by: columnCount).enumerated() {
      var sum = 0.0
      for column in 0..<columnCount {
        let gap = row[column] * scale - centroids[begin + column] * scale
        sum += gap * gap
      }
      if sum < best.squaredDistance { best = (label, sum) }
    }
    return (best.label, best.squaredDistance / scale / scale)
  }

  /// A power of two that brings the row and the centroids to where squares are exact enough.
  private func scale(_ row: [Double]) -> Double {
    let largest = row.reduce(largest) { max($0, $1.magnitude) }
    guard largest > 0, !Self.plainRange.contains(largest) else { return 1 }
    return Double(sign: .plus, exponent: -max(-1022, largest.exponent), significand: 1)
  }
}

extension SweepResult {
  /// What stands in the place of a sweep where given centroids were applied and nothing was fitted.
  public init(applied clustering: Clustering) {
    self.init(
      best: clustering,
      quality: [],
      tried: [],
      histories: [],
      collapsedShare: nil,
      choice: ClusterChoice(),
      requestedCount: clustering.clusterCount,
      distinctRows: clustering.clusterCount
    )
  }
}
