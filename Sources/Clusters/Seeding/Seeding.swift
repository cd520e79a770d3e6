internal import Kernels

/// Chooses starting centroids among the rows: greedy k-means++.
///
/// Each further centroid is drawn with a probability in proportion to the squared distance to the
/// nearest chosen so far; of 2 + ⌊ln k⌋ such candidates the one that lowers the inertia most is taken.
///
/// Source: D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007,
/// with the greedy variant of their experiments and the number of candidates of scikit-learn.
struct Seeding<Value: ClusterValue>: Sendable {
  /// Rows that are tried as the centroid that extends a clustering.
  static var extensionCandidates: Int { 16 }

  let rows: ClusterRows<Value>
  let workers: Workers

  /// Candidates for each centroid of k.
  static func candidateCount(clusterCount: Int) -> Int {
    var count = 2
    var power = 2.718281828459045
    while Double(clusterCount) >= power {
      count += 1
      power *= 2.718281828459045
    }
    return count
  }

  /// A sequence of starting centroids; its first k are a start for k clusters.
  ///
  /// - Parameters:
  ///   - clusterCount: How many, at most the number of distinct rows.
  ///   - random: Where chance comes from.
  /// - Returns: `clusterCount` × d centroids, row-major.
  /// - Throws: ``ClusterError/tooManyClusters(clusters:columns:limit:)``.
  func sequence(
    clusterCount: Int,
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: .infinity)
    let first = rows.row(random.index(below: rows.rowCount))
    var centroids = first
    var totals = try take(first, gaps: gaps)
    let tries = Self.candidateCount(clusterCount: clusterCount)
    for _ in 1..<max(1, clusterCount) {
      let next = try best(of: tries, gaps: gaps, totals: totals, random: &random)
      centroids += next
      totals = try take(next, gaps: gaps)
    }
    return centroids
  }

  /// The centroid that best extends the clustering with these distances, of some drawn candidates.
  ///
  /// - Parameters:
  ///   - centroids: k × d centroids.
  ///   - gaps: The squared distances of all rows to them.
  ///   - random: Where chance comes from.
  /// - Returns: (k + 1) × d centroids.
  /// - Throws: ``ClusterError/tooManyClusters(clusters:columns:limit:)``.
  ///
  /// Source: A. Likas, N. Vlassis and J. Verbeek, "The global k-means clustering algorithm", Pattern
  /// Recognition 36(2), 2003, with drawn candidates in place of all rows.
  func extend(
    _ centroids: [Value],
    gaps: RowBuffer<Value>,
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    let totals = try take(Array(centroids.prefix(rows.columnCount)), gaps: gaps)
    return centroids
      + (try best(of: Self.extensionCandidates, gaps: gaps, totals: totals, random: &random))
  }

  /// Lowers the gaps to one more centroid; returns their sum for each block.
  func take(_ centroid: [Value], gaps: RowBuffer<Value>) throws(ClusterError) -> [Double] {
    try ClusterError.translate(rows, clusterCount: 1) { () throws(KernelError) in
      try workers.map(blocks: rows.blockCount) { block throws(KernelError) in
        try rows.take(block: block, centroid: centroid, gaps: gaps)
      }
    }
  }

  private func best(
    of tries: Int,
    gaps: RowBuffer<Value>,
    totals: [Double],
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    let candidates = (0..<tries).flatMap { _ in
      rows.row(draw(gaps: gaps, totals: totals, random: &random))
    }
    let parts = try ClusterError.translate(rows, clusterCount: tries) { () throws(KernelError) in
      try workers.map(blocks: rows.blockCount) { block throws(KernelError) in
        var part = Array(repeating: 0.0, count: tries)
        try rows.probe(block: block, candidates: candidates, gaps: gaps, totals: &part)
        return part
      }
    }
    var inertias = Array(repeating: 0.0, count: tries)
    for part in parts {
      for index in inertias.indices { inertias[index] += part[index] }
    }
    let lowest = inertias.indices.min { inertias[$0] < inertias[$1] } ?? 0
    return Array(candidates[lowest * rows.columnCount..<(lowest + 1) * rows.columnCount])
  }

  /// A row drawn in proportion to its gap: the first at which the running sum passes the mark.
  func draw(
    gaps: RowBuffer<Value>,
    totals: [Double],
    random: inout RandomStream
  ) -> Int {
    var mark = random.unit() * totals.reduce(0, +)
    var block = 0
    while block + 1 < totals.count && mark >= totals[block] {
      mark -= totals[block]
      block += 1
    }
    return rows.locate(block: block, gaps: gaps, mark: mark)
  }
}
