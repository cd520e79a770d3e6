internal import Kernels

extension Seeding {
  /// k-means++ as it was published: each further centroid is one row, drawn with a probability in
  /// proportion to its squared distance to the nearest centroid so far.
  ///
  /// - Parameters:
  ///   - clusterCount: How many, at most the number of distinct rows.
  ///   - random: Where chance comes from.
  /// - Returns: `clusterCount` × d centroids, row-major.
  /// - Throws: ``ClusterError/tooManyClusters(clusters:columns:limit:)``.
  /// - Complexity: O(n·d) for each centroid.
  ///
  /// Source: D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
  func plusPlus(
    clusterCount: Int,
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    let first = rows.row(random.index(below: rows.rowCount))
    return try completed(first, clusterCount: clusterCount, random: &random)
  }

  /// Some centroids, followed by as many as are missing, each drawn as k-means++ does.
  func completed(
    _ centroids: [Value],
    clusterCount: Int,
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    var centroids = centroids
    guard centroids.count < clusterCount * rows.columnCount else { return centroids }
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: .infinity)
    var totals = try take(all: centroids, gaps: gaps)
    while true {
      let next = rows.row(draw(gaps: gaps, totals: totals, random: &random))
      centroids += next
      guard centroids.count < clusterCount * rows.columnCount else { return centroids }
      totals = try take(next, gaps: gaps)
    }
  }

  /// Lowers the gaps to several more centroids in one pass; returns their sum for each block.
  func take(all centroids: [Value], gaps: RowBuffer<Value>) throws(ClusterError) -> [Double] {
    let columns = rows.columnCount
    let singles = stride(from: 0, to: centroids.count, by: columns).map {
      Array(centroids[$0..<$0 + columns])
    }
    return try ClusterError.translate(rows, clusterCount: 1) { () throws(KernelError) in
      try workers.map(blocks: rows.blockCount) { block throws(KernelError) in
        var total = 0.0
        for centroid in singles {
          total = try rows.take(block: block, centroid: centroid, gaps: gaps)
        }
        return total
      }
    }
  }
}
