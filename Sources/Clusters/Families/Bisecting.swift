internal import Kernels

/// Bisecting k-means: the cluster of largest inertia is split in two by k-means until there are k.
///
/// Each split takes the best of `starts` runs from seeds among the cluster's own rows. As with
/// scikit-learn's `BisectingKMeans` the clusters are the leaves of that tree: there is no further round
/// over all rows, so a row may be nearer to another cluster's centroid, and every number of clusters
/// refines the one before. Of the two halves the first keeps its parent's label, the other takes the
/// next free one. `rounds` are those of all splits together.
///
/// Source: M. Steinbach, G. Karypis and V. Kumar, "A comparison of document clustering techniques", KDD
/// Workshop on Text Mining, 2000, with the cluster of largest inertia in place of the largest.
struct Bisecting<Value: ClusterValue>: Sendable {
  let space: ClusterSpace<Value>
  let options: ClusterOptions
  let workers: Workers

  /// Keeps the streams of random numbers apart from those of the seeding.
  private static var salt: UInt64 { 0x4269_7365_6374_696E }

  /// The tree's clusters for each number of clusters, ascending.
  func fits(_ clusterCounts: ClosedRange<Int>) throws(ClusterError) -> [FamilyFit<Value>] {
    var tree = BisectionTree<Value>(rowCount: space.rows.rowCount)
    tree.leaves[0] = try whole()
    var fits: [FamilyFit<Value>] = []
    for count in clusterCounts {
      while tree.leaves.count < count, let index = tree.largest {
        try split(index, of: &tree)
      }
      fits.append(tree.fit(rowCount: space.rows.rowCount))
    }
    return fits
  }

  /// All rows as one cluster.
  private func whole() throws(ClusterError) -> Bisected<Value> {
    let lloyd = try Lloyd(space: space, engine: .fused, options: options, workers: workers)
    let first = try lloyd.assign(space.rows.row(0))
    let mean = lloyd.means(first.partial, instead: space.rows.row(0))
    let inertia = try lloyd.assign(mean).partial.inertia
    return Bisected(
      indices: Array(0..<space.rows.rowCount),
      centroid: mean,
      inertia: space.rows.areEqual ? 0 : inertia
    )
  }

  private func split(_ index: Int, of tree: inout BisectionTree<Value>) throws(ClusterError) {
    let parent = tree.leaves[index]
    let rows = space.rows.picked(parent.indices, workers: workers)
    guard !rows.areEqual else { return tree.leaves[index].inertia = 0 }
    var seeded = options
    seeded.seed =
      RandomStream.bits(seed: options.seed ^ Self.salt, stream: tree.leaves.count)
    let starts = try SeededStarts(rows: rows, options: seeded, workers: workers).centroids(2...2)
    let lloyd = try Lloyd(
      space: ClusterSpace(space, rows: rows),
      engine: .fused,
      options: options,
      workers: workers
    )
    let attempt = try lloyd.best(of: starts.map { $0[0] })
    let assignment = try lloyd.assign(attempt.centroids)
    tree.replace(index, attempt: attempt, assignment: assignment)
  }
}

extension RandomStream {
  /// The first bits of a stream, as a seed of its own.
  static func bits(seed: UInt64, stream: Int) -> UInt64 {
    var random = RandomStream(seed: seed, stream: stream)
    return random.next()
  }
}

/// One cluster of the tree.
private struct Bisected<Value: ClusterValue>: Sendable {
  var indices: [Int]
  var centroid: [Value]
  /// 0 where it cannot be split.
  var inertia: Double
}

/// The leaves so far, by label.
private struct BisectionTree<Value: ClusterValue> {
  var leaves: [Bisected<Value>]
  private var rounds = 0
  private var isConverged = true

  init(rowCount: Int) {
    leaves = [Bisected(indices: [], centroid: [], inertia: 0)]
  }

  /// The leaf of largest inertia, ties to the lowest label; nil where none can be split.
  var largest: Int? {
    let index = leaves.indices.reduce(0) { leaves[$1].inertia > leaves[$0].inertia ? $1 : $0 }
    return leaves[index].inertia > 0 ? index : nil
  }

  /// Puts two halves in a leaf's place; where all rows are in one, the leaf stays and is not tried again.
  mutating func replace(_ index: Int, attempt: Attempt<Value>, assignment: Assignment<Value>) {
    rounds += attempt.rounds
    isConverged = isConverged && attempt.converged
    guard !assignment.partial.counts.contains(0) else { return leaves[index].inertia = 0 }
    let columns = attempt.centroids.count / 2
    var halves = [0, 1].map { half in
      Bisected(
        indices: [],
        centroid: Array(attempt.centroids[half * columns..<(half + 1) * columns]),
        inertia: 0
      )
    }
    for (position, row) in leaves[index].indices.enumerated() {
      let half = Int(assignment.labels[position])
      halves[half].indices.append(row)
      halves[half].inertia += Double(assignment.gaps[position])
    }
    leaves[index] = halves[0]
    leaves.append(halves[1])
  }

  func fit(rowCount: Int) -> FamilyFit<Value> {
    let labels = RowBuffer<UInt16>(rowCount: rowCount, filledWith: 0)
    for (label, leaf) in leaves.enumerated() {
      for row in leaf.indices { labels.set(UInt16(label), at: row) }
    }
    var attempt = Attempt(centroids: leaves.flatMap(\.centroid))
    attempt.rounds = rounds
    attempt.converged = isConverged
    attempt.inertia = leaves.reduce(0) { $0 + $1.inertia }
    return FamilyFit(attempt: attempt, labels: labels)
  }
}
