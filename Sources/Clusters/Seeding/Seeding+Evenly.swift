internal import Kernels

extension Seeding {
  /// Rows drawn evenly, no two of them equal.
  ///
  /// Draws are repeated where a row equals one that was drawn before. Where equal rows are so many that
  /// this fails too often, each of the rest is the first row behind a drawn one that is away from all.
  ///
  /// - Parameters:
  ///   - clusterCount: How many, at most the number of distinct rows.
  ///   - random: Where chance comes from.
  /// - Returns: `clusterCount` × d centroids, row-major.
  /// - Throws: ``ClusterError/tooManyClusters(clusters:columns:limit:)``.
  ///
  /// Source: E. Forgy, "Cluster analysis of multivariate data: efficiency versus interpretability of
  /// classifications", Biometrics 21, 1965.
  func evenly(
    clusterCount: Int,
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    var seen: Set<[Value]> = []
    var centroids: [Value] = []
    for _ in 0..<Self.drawsEach * clusterCount where seen.count < clusterCount {
      let row = rows.row(random.index(below: rows.rowCount))
      if seen.insert(row).inserted { centroids += row }
    }
    guard seen.count < clusterCount else { return centroids }
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: .infinity)
    _ = try take(all: centroids, gaps: gaps)
    for _ in seen.count..<clusterCount {
      let next = rows.row(away(gaps: gaps, random: &random))
      centroids += next
      _ = try take(next, gaps: gaps)
    }
    return centroids
  }

  /// How often a centroid is drawn on average before the rows are searched for one.
  private static var drawsEach: Int { 8 }

  /// The first row at or, going round, behind a drawn one whose gap is above 0; the drawn one where
  /// there is none.
  private func away(gaps: RowBuffer<Value>, random: inout RandomStream) -> Int {
    let drawn = random.index(below: rows.rowCount)
    let behind = (drawn..<rows.rowCount).first { gaps[$0] > 0 }
    return behind ?? (0..<drawn).first { gaps[$0] > 0 } ?? drawn
  }
}
