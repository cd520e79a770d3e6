internal import Kernels

extension Seeding {
  /// Rounds of drawing, as in the paper's experiments, where more gained nothing.
  private static var roundCount: Int { 5 }
  /// Rows that a round draws on average, for each centroid: the paper's best.
  private static var oversampling: Int { 2 }

  /// k-means||: rounds that draw many rows at once, of which weighted k-means++ keeps k.
  ///
  /// In each of five rounds every row is drawn on its own with the probability 2k · gap / Σ gaps, where
  /// a gap is the squared distance to the nearest candidate so far. A candidate weighs as much as there
  /// are rows to which it is the nearest.
  ///
  /// - Parameters:
  ///   - clusterCount: k, at most the number of distinct rows.
  ///   - random: Where chance comes from.
  /// - Returns: k × d centroids, row-major.
  /// - Throws: ``ClusterError/tooManyClusters(clusters:columns:limit:)``.
  /// - Complexity: O(n·k·d) in all.
  ///
  /// Source: B. Bahmani, B. Moseley, A. Vattani, R. Kumar and S. Vassilvitskii, "Scalable k-means++",
  /// Proceedings of the VLDB Endowment 5(7), 2012.
  func parallel(
    clusterCount: Int,
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    let indices = try candidates(clusterCount: clusterCount, random: &random)
    let candidates = rows.picked(indices)
    let weights = try weights(indices.flatMap(rows.row))
    let seeds = try Seeding(rows: candidates, workers: Workers(count: 1))
      .weighted(weights, clusterCount: clusterCount, random: &random)
    return try completed(
      seeds.flatMap(candidates.row),
      clusterCount: clusterCount,
      random: &random
    )
  }

  /// The rows that the rounds draw, the first of them evenly.
  private func candidates(
    clusterCount: Int,
    random: inout RandomStream
  ) throws(ClusterError) -> [Int] {
    let limit = min(Int(UInt16.max), ClusterRows<Value>.maxCentroidValues / rows.columnCount)
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: .infinity)
    var indices = [random.index(below: rows.rowCount)]
    var fresh = indices
    for _ in 0..<Self.roundCount {
      let totals = try take(all: fresh.flatMap(rows.row), gaps: gaps)
      let total = totals.reduce(0, +)
      guard total > 0 else { break }
      let factor = Double(Self.oversampling * clusterCount) / total
      let seeds = totals.map { _ in random.next() }
      fresh = workers.map(blocks: rows.blockCount) { block in
        rows.sample(block: block, gaps: gaps, factor: factor, seed: seeds[block])
      }
      .flatMap(\.self)
      fresh = Array(fresh.prefix(limit - indices.count))
      guard !fresh.isEmpty else { continue }
      indices += fresh
    }
    return indices
  }

  /// For each candidate how many rows it is the nearest to.
  private func weights(_ candidates: [Value]) throws(ClusterError) -> [Double] {
    let clusterCount = candidates.count / rows.columnCount
    let parts = try ClusterError.translate(rows, clusterCount: clusterCount) {
      () throws(KernelError) in
      try workers.fold(
        blocks: rows.blockCount,
        into: { _ in
          Tally(
            scratch: ClusterScratch(),
            partial: ClusterPartial(clusterCount: clusterCount, columnCount: rows.columnCount)
          )
        }
      ) { (tally: inout Tally<Value>, block) throws(KernelError) in
        try rows.assign(
          block: block,
          centroids: candidates,
          engine: .fused,
          wantsInertia: false,
          scratch: tally.scratch,
          partial: &tally.partial
        )
      }
    }
    // Counts are whole, so the distribution of the blocks over workers does not show.
    return (0..<clusterCount).map { candidate in
      Double(parts.reduce(0) { $0 + $1.partial.counts[candidate] })
    }
  }

  /// Up to k rows drawn by weighted k-means++, no two of them equal.
  private func weighted(
    _ weights: [Double],
    clusterCount: Int,
    random: inout RandomStream
  ) throws(ClusterError) -> [Int] {
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: 1)
    var drawn: [Int] = []
    while drawn.count < clusterCount {
      let shares = weights.indices.map { weights[$0] * Double(gaps[$0]) }
      guard let next = Self.index(in: shares, random: &random) else { break }
      if drawn.isEmpty { gaps.fill(.infinity) }
      drawn.append(next)
      _ = try take(rows.row(next), gaps: gaps)
    }
    return drawn
  }

  /// An index drawn in proportion to the shares; nil where all are 0.
  private static func index(in shares: [Double], random: inout RandomStream) -> Int? {
    var mark = random.unit() * shares.reduce(0, +)
    var last: Int?
    for index in shares.indices where shares[index] > 0 {
      last = index
      mark -= shares[index]
      if mark < 0 { break }
    }
    return last
  }
}

/// What one worker counts.
private struct Tally<Value: ClusterValue>: Sendable {
  let scratch: ClusterScratch<Value>
  var partial: ClusterPartial
}
