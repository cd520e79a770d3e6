internal import Kernels

/// k-means on small random batches: each centroid is the running mean of the rows it was given.
///
/// As scikit-learn's `MiniBatchKMeans`: rows are drawn with repetition; each time 10k rows have passed,
/// or while a centroid has had none, centroids with fewer rows than a share of the largest's go to
/// random rows of the batch, at most half as many as that has, and count as the least of the others;
/// and the batches end when the inertia, smoothed over a pass's worth of rows, has not improved for
/// some batches. `rounds` are batches; `maxRounds` are passes' worth of rows, and the tolerance does
/// not matter. Labels and inertia are exact, over all rows; an empty cluster takes the farthest row.
///
/// Source: D. Sculley, "Web-scale k-means clustering", WWW 2010.
struct MiniBatch<Value: ClusterValue>: Sendable {
  let pass: RowPass<Value>
  let options: ClusterOptions

  /// Keeps the streams of random numbers apart from those of the seeding.
  private static var salt: UInt64 { 0x4D69_6E69_4261_7463 }

  /// The start that ends with the lowest inertia, ties to the first.
  func best(of starts: [[Value]]) throws(ClusterError) -> FamilyFit<Value> {
    let clusterCount = (starts.first?.count ?? 0) / pass.rows.columnCount
    return try ClusterError.translate(pass.rows, clusterCount: clusterCount) {
      () throws(KernelError) in
      var best: FamilyFit<Value>?
      for (index, start) in starts.enumerated() {
        var random = RandomStream(seed: options.seed ^ Self.salt, stream: index)
        best = .better(best, try run(start, random: &random))
      }
      guard let best else { preconditionFailure("there is always a start") }
      return best
    }
  }

  private func run(
    _ start: [Value],
    random: inout RandomStream
  ) throws(KernelError) -> FamilyFit<Value> {
    let rowCount = pass.rows.rowCount
    let batchRows = min(options.families.batchRows, rowCount)
    let batchLimit = max(1, (options.maxRounds * rowCount) / batchRows)
    var centroids = RunningCentroids(start, columnCount: pass.rows.columnCount)
    var improvement = Improvement(batchShare: Double(batchRows) * 2 / Double(rowCount + 1))
    var attempt = Attempt(centroids: start)
    while !attempt.converged && attempt.rounds < batchLimit {
      let indices = (0..<batchRows).map { _ in random.index(below: rowCount) }
      let batch = pass.rows.picked(indices)
      let partial = try sums(of: batch, centroids: attempt.centroids)
      centroids.absorb(partial, batchRows: batchRows)
      if centroids.isDue { reassign(&centroids, batch: batch, random: &random) }
      attempt.centroids = centroids.values()
      attempt.rounds += 1
      let isFirst = attempt.rounds == 1
      if !isFirst { improvement.see(partial.inertia / Double(batchRows)) }
      attempt.converged = improvement.staleBatches >= options.families.patience
    }
    return try labelled(attempt)
  }

  private func sums(
    of batch: ClusterRows<Value>,
    centroids: [Value]
  ) throws(KernelError) -> ClusterPartial {
    let labels = RowBuffer<UInt16>(rowCount: batch.rowCount, filledWith: 0)
    let gaps = RowBuffer<Value>(rowCount: batch.rowCount, filledWith: 0)
    return try RowPass(rows: batch, workers: batch.blockCount > 8 ? pass.workers : .one)
      .assign(centroids, labels: labels, gaps: gaps)
  }

  /// Moves starved centroids to rows of the batch, no row twice.
  private func reassign(
    _ centroids: inout RunningCentroids<Value>,
    batch: ClusterRows<Value>,
    random: inout RandomStream
  ) {
    let starved = centroids.starved(
      share: options.families.reassignShare,
      limit: batch.rowCount / 2
    )
    var free = Array(0..<batch.rowCount)
    for (taken, cluster) in starved.enumerated() {
      free.swapAt(taken, taken + random.index(below: free.count - taken))
      centroids.replace(cluster, by: batch.row(free[taken]))
    }
    centroids.levelWeights(of: starved)
  }

  /// Exact labels; each empty cluster moves to the farthest row until none is left or nothing helps.
  private func labelled(_ attempt: Attempt<Value>) throws(KernelError) -> FamilyFit<Value> {
    let rows = pass.rows
    let labels = RowBuffer<UInt16>(rowCount: rows.rowCount, filledWith: 0)
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: 0)
    var attempt = attempt
    var partial = try pass.assign(attempt.centroids, labels: labels, gaps: gaps)
    for _ in partial.counts {
      guard let empty = partial.counts.firstIndex(of: 0) else { break }
      let farthest = (0..<rows.rowCount).reduce(0) { gaps[$1] > gaps[$0] ? $1 : $0 }
      guard gaps[farthest] > 0 else { break }
      let own = empty * rows.columnCount..<(empty + 1) * rows.columnCount
      attempt.centroids.replaceSubrange(own, with: rows.row(farthest))
      partial = try pass.assign(attempt.centroids, labels: labels, gaps: gaps)
    }
    attempt.inertia = partial.inertia
    return FamilyFit(attempt: attempt, labels: labels)
  }
}

extension Workers {
  /// The calling thread alone.
  static var one: Workers { Workers(count: 1) }
}

/// Centroids as means of all rows that they were given so far.
private struct RunningCentroids<Value: ClusterValue> {
  private var means: [Double]
  private var weights: [Double]
  private var rowsSinceReassignment = 0
  private let columnCount: Int

  init(_ start: [Value], columnCount: Int) {
    means = start.map(Double.init)
    weights = Array(repeating: 0, count: start.count / columnCount)
    self.columnCount = columnCount
  }

  func values() -> [Value] { means.map { Value($0) } }

  mutating func absorb(_ partial: ClusterPartial, batchRows: Int) {
    rowsSinceReassignment += batchRows
    for cluster in weights.indices where partial.counts[cluster] > 0 {
      let weight = weights[cluster] + Double(partial.counts[cluster])
      for index in cluster * columnCount..<(cluster + 1) * columnCount {
        means[index] = (means[index] * weights[cluster] + partial.sums[index]) / weight
      }
      weights[cluster] = weight
    }
  }

  /// Whether it is time to look for starved centroids.
  var isDue: Bool { weights.contains(0) || rowsSinceReassignment >= 10 * weights.count }

  /// Clusters with less than a share of the largest weight; the lightest where they are too many.
  mutating func starved(share: Double, limit: Int) -> [Int] {
    rowsSinceReassignment = 0
    let least = share * (weights.max() ?? 0)
    let starved = weights.indices.filter { weights[$0] < least }
    guard starved.count > limit else { return starved }
    let lightest = starved.sorted { (weights[$0], $0) < (weights[$1], $1) }
    return lightest.prefix(limit).sorted()
  }

  mutating func replace(_ cluster: Int, by row: [Value]) {
    let own = cluster * columnCount..<(cluster + 1) * columnCount
    means.replaceSubrange(own, with: row.map(Double.init))
  }

  /// Gives the clusters the least weight of the others, so that they do not jump at once.
  mutating func levelWeights(of clusters: [Int]) {
    let others = Set(weights.indices).subtracting(clusters).map { weights[$0] }
    guard let least = others.min() else { return }
    for cluster in clusters { weights[cluster] = least }
  }
}

/// The inertia of the batches, smoothed, and for how long it has not improved.
private struct Improvement {
  private let share: Double
  private var smoothed: Double?
  private var lowest = Double.infinity
  private(set) var staleBatches = 0

  init(batchShare: Double) { share = min(1, batchShare) }

  mutating func see(_ inertia: Double) {
    let next = smoothed.map { $0 * (1 - share) + inertia * share } ?? inertia
    smoothed = next
    staleBatches = next < lowest ? 0 : staleBatches + 1
    lowest = min(lowest, next)
  }
}
