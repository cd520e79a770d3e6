internal import Kernels

extension Seeding {
  /// Steps of the chain that draws a centroid, as in the paper's experiments.
  private static var chainLength: Int { 200 }

  /// AFK-MC²: k-means++ by Markov chains, with one pass over the rows in all.
  ///
  /// The chain of each further centroid proposes rows with q = gap₁ / (2 Σ gap₁) + 1 / (2n), where gap₁
  /// is the squared distance to the first centroid, and goes on to a proposal y from x with the
  /// probability min(1, gap(y) q(x) / (gap(x) q(y))), where gap is the one to the nearest so far. A
  /// chain that ends on a row equal to a centroid gives way to an exact draw for all that are left.
  ///
  /// - Parameters:
  ///   - clusterCount: k, at most the number of distinct rows.
  ///   - random: Where chance comes from.
  /// - Returns: k × d centroids, row-major.
  /// - Throws: ``ClusterError/tooManyClusters(clusters:columns:limit:)``.
  /// - Complexity: O(n·d + 200·k²·d).
  ///
  /// Source: O. Bachem, M. Lucic, S. Hassani and A. Krause, "Fast and provably good seedings for
  /// k-means", NIPS 2016.
  func chains(
    clusterCount: Int,
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    var centroids = rows.row(random.index(below: rows.rowCount))
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: .infinity)
    let proposal = Proposal(gaps: gaps, totals: try take(centroids, gaps: gaps))
    for _ in 1..<max(1, clusterCount) {
      let drawn = (0..<Self.chainLength).map { _ in
        propose(proposal, random: &random)
      }
      guard let row = try endOfChain(drawn, proposal, centroids: centroids, random: &random) else {
        return try completed(centroids, clusterCount: clusterCount, random: &random)
      }
      centroids += rows.row(row)
    }
    return centroids
  }

  private func propose(_ proposal: Proposal<Value>, random: inout RandomStream) -> Int {
    random.unit() < 0.5 || proposal.total <= 0
      ? random.index(below: rows.rowCount)
      : draw(gaps: proposal.gaps, totals: proposal.totals, random: &random)
  }

  /// The row where a chain of proposals ends; nil where that equals a centroid.
  private func endOfChain(
    _ drawn: [Int],
    _ proposal: Proposal<Value>,
    centroids: [Value],
    random: inout RandomStream
  ) throws(ClusterError) -> Int? {
    let gaps = RowBuffer<Value>(rowCount: drawn.count, filledWith: .infinity)
    _ = try Seeding(rows: rows.picked(drawn), workers: Workers(count: 1))
      .take(all: centroids, gaps: gaps)
    var at = 0
    for next in drawn.indices.dropFirst() {
      // Compared as products, so that a gap of 0 needs no division.
      let forward = Double(gaps[next]) * proposal.density(drawn[at])
      let back = Double(gaps[at]) * proposal.density(drawn[next])
      if forward > random.unit() * back { at = next }
    }
    return gaps[at] > 0 ? drawn[at] : nil
  }
}

/// What the chains propose rows by.
private struct Proposal<Value: ClusterValue> {
  let gaps: RowBuffer<Value>
  let totals: [Double]
  let total: Double

  init(gaps: RowBuffer<Value>, totals: [Double]) {
    self.gaps = gaps
    self.totals = totals
    total = totals.reduce(0, +)
  }

  /// Twice the probability of a row.
  func density(_ row: Int) -> Double {
    (total > 0 ? Double(gaps[row]) / total : 0) + 1 / Double(gaps.rowCount)
  }
}
