internal import Kernels

/// Makes the starting centroids of every start from all rows.
struct SeededStarts<Value: ClusterValue>: Sendable {
  let rows: ClusterRows<Value>
  let options: ClusterOptions
  let workers: Workers

  /// For each start its centroids for each number of clusters, ascending.
  ///
  /// All seedings give sequences whose first k are a start for k clusters.
  func centroids(_ clusterCounts: ClosedRange<Int>) throws(ClusterError) -> [[[Value]]] {
    let seeding = Seeding(rows: rows, workers: workers)
    var starts: [[[Value]]] = []
    for start in 0..<options.starts {
      var random = RandomStream(seed: options.seed, stream: start)
      let sequence = try sequence(clusterCounts.upperBound, seeding: seeding, random: &random)
      starts.append(clusterCounts.map { Array(sequence.prefix($0 * rows.columnCount)) })
    }
    return starts
  }

  private func sequence(
    _ clusterCount: Int,
    seeding: Seeding<Value>,
    random: inout RandomStream
  ) throws(ClusterError) -> [Value] {
    switch options.seeding {
    case .random: try seeding.evenly(clusterCount: clusterCount, random: &random)
    case .kMeansPlusPlus: try seeding.plusPlus(clusterCount: clusterCount, random: &random)
    case .sampled, .greedyKMeansPlusPlus:
      try seeding.sequence(clusterCount: clusterCount, random: &random)
    case .kMeansParallel: try seeding.parallel(clusterCount: clusterCount, random: &random)
    case .afkMC2: try seeding.chains(clusterCount: clusterCount, random: &random)
    }
  }
}
