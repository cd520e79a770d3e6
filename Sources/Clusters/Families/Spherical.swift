internal import Kernels

/// Spherical k-means: rows and centroids have length 1, and a row belongs to the centroid of largest
/// cosine.
///
/// Between points of length 1 the squared distance is 2 − 2 cos, so the nearest centroid is that of
/// largest cosine, and the kernels of k-means serve; a centroid moves to the direction of the sum of
/// its rows, and stays where the sum is zero. The objective, the sum of 1 − cos, never rises.
///
/// The rows are those of a space of directions, see ``ClusterSpace/init(directionsOf:workers:)``.
///
/// Source: I. Dhillon and D. Modha, "Concept decompositions for large sparse text data using
/// clustering", Machine Learning 42, 2001.
struct Spherical<Value: ClusterValue>: AlternatingMethod {
  let pass: RowPass<Value>
  let options: ClusterOptions
  let tolerance: Double

  func prepared(_ centroids: [Value]) -> [Value] {
    let columns = pass.rows.columnCount
    return stride(from: 0, to: centroids.count, by: columns).flatMap { begin in
      let centroid = centroids[begin..<begin + columns]
      return direction(centroid.map(Double.init), instead: centroid)
    }
  }

  func label(
    _ round: inout AlternationRound<Value>,
    by centroids: [Value]
  ) throws(KernelError) {
    round.partial = try pass.assign(centroids, labels: round.labels, gaps: round.gaps)
    round.objective = round.partial.inertia / 2
  }

  func moved(
    _ round: AlternationRound<Value>,
    from centroids: [Value]
  ) throws(KernelError) -> [Value] {
    let columns = pass.rows.columnCount
    return round.partial.counts.indices.flatMap { cluster in
      let own = cluster * columns..<(cluster + 1) * columns
      return direction(Array(round.partial.sums[own]), instead: centroids[own])
    }
  }

  /// A vector divided by its length; the other where it has none.
  private func direction(_ vector: [Double], instead other: ArraySlice<Value>) -> [Value] {
    let length = vector.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { Value($0 / length) } : Array(other)
  }
}
