// Whether clusters come back when other rows are clustered.
//
// Each sample (half of the rows, or fewer where that is too many) is clustered afresh for every number
// of clusters. Its centroids then label rows that are the same for all samples, as the clustering of
// all rows does, and the labelings are compared: cluster by cluster by Jaccard similarity, and samples
// among each other by the adjusted Rand index.

internal import Kernels
internal import Tables

/// Stability of clusterings under resampling.
///
/// Source: C. Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics & Data
/// Analysis 52(1), 2007 (samples without replacement); T. Lange, V. Roth, M. Braun and J. Buhmann,
/// "Stability-based validation of clustering solutions", Neural Computation 16(6), 2004 (labels of rows
/// outside of a sample by what was learnt from it).
struct Stability<Value: ClusterValue>: Sendable {
  /// Rows that labelings are compared on: a cluster of one row in a thousand still has 65.
  private static var comparedRows: Int { 65_536 }

  let space: ClusterSpace<Value>
  let options: ClusterOptions
  let workers: Workers

  /// Figures for each run, nil where no two samples have as many distinct rows as it has clusters.
  ///
  /// - Complexity: As so many fits of samples as the options say, one worker each, and
  ///   O(samples² · compared rows) for each run; 2 bytes for each sample, run and compared row.
  func figures(_ runs: [SweepRun<Value>]) throws(ClusterError) -> [StabilityFigures?] {
    guard let first = runs.first, let last = runs.last, space.rows.rowCount > 3 else {
      return runs.map { _ in nil }
    }
    let counts = first.clusterCount...last.clusterCount
    let compared = space.sample(rowCount: Self.comparedRows, start: 0)
    let resampled = try workers.map(blocks: options.choice.resamples) {
      sample throws(ClusterError) in
      try labels(of: compared, bySample: sample, counts: counts)
    }
    let lloyd = try Lloyd(space: compared, engine: .fused, options: options, workers: workers)
    let own = try runs.map { run throws(ClusterError) in
      try lloyd.assign(run.attempt.centroids).labels.array()
    }
    return workers.map(blocks: runs.count) { index in
      compare(
        own[index],
        with: resampled.compactMap { $0[runs[index].clusterCount] },
        clusterCount: runs[index].clusterCount
      )
    }
  }

  /// What the clusterings of one sample label the compared rows, by number of clusters.
  private func labels(
    of compared: ClusterSpace<Value>,
    bySample sample: Int,
    counts: ClosedRange<Int>
  ) throws(ClusterError) -> [Int: [UInt16]] {
    let rows = space.rows
    let seed = ChoiceSeed.seed(options.seed, for: ChoiceSeed.resamples)
    let size = min(options.choice.resampleRows, (rows.rowCount + 1) / 2)
    let taken = RowShuffle(count: rows.rowCount, seed: seed, stream: sample).prefix(size)
    var random = RandomStream(seed: seed, stream: sample)
    let alone = Workers(count: 1)
    let fit = try KMeans.fit(
      FeatureMatrix(columns: rows.columns(of: taken), columnCount: rows.columnCount),
      options: options.forSample(counts, random: &random),
      workers: alone
    )
    let lloyd = try Lloyd(space: compared, engine: .fused, options: options, workers: alone)
    var labels: [Int: [UInt16]] = [:]
    for tried in fit.tried {
      labels[tried.clusterCount] = try lloyd.assign(tried.centroids.map { Value($0) }).labels
        .array()
    }
    return labels
  }

  private func compare(
    _ own: [UInt16],
    with resampled: [[UInt16]],
    clusterCount: Int
  ) -> StabilityFigures? {
    guard resampled.count > 1 else { return nil }
    // Labels that nobody has are left out by the comparison, so clusters are found by their label.
    let present = Set(own).sorted().map(Int.init)
    var jaccard = Array(repeating: Double.nan, count: clusterCount)
    for label in present { jaccard[label] = 0 }
    for other in resampled {
      for (label, match) in zip(present, LabelAgreement(own, other).matches) {
        jaccard[label] += match.jaccard / Double(resampled.count)
      }
    }
    var agreement = 0.0
    for first in resampled.indices {
      for second in 0..<first {
        agreement += LabelAgreement(resampled[first], resampled[second]).adjustedRand
      }
    }
    let pairs = resampled.count * (resampled.count - 1) / 2
    return StabilityFigures(
      jaccard: jaccard,
      adjustedRand: agreement / Double(pairs),
      resamples: resampled.count
    )
  }
}
