// The silhouette of some rows, with the distances to all rows, for every clustering of a sweep at once.
//
// Rows are sampled by cluster for each clustering, each cluster by its share and two rows at least. All
// clusterings draw from one and the same random order of the rows, so they mostly take the same ones
// (permanent random numbers: E. Ohlsson, "Coordination of samples using permanent random numbers", in
// "Business Survey Methods", Wiley 1995); the distances of a row serve every clustering (RowCells).
//
// Within a cluster the sample is a simple random one, and a row's silhouette is exact, so the estimate
// is unbiased, and its standard error is the textbook one (W. Cochran, "Sampling Techniques", 3rd ed.,
// equation 5.13): with Wₕ the share of cluster h, fₕ = mₕ / nₕ the part of it that was taken and sₕ² the
// variance of what was taken, the root of Σ Wₕ² (1 − fₕ) sₕ² / mₕ.

internal import Kernels

/// Estimates the mean silhouette of one or more clusterings.
///
/// Source: P. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster
/// analysis", J. Comput. Appl. Math. 20, 1987.
struct SampledSilhouette<Value: ClusterValue>: Sendable {
  /// Rows that a worker takes at once: their sums for all clusters fit the second-level cache.
  private static var pointsPerTask: Int { 64 }

  let rows: ClusterRows<Value>
  let seed: UInt64
  /// Rows for each clustering, a few more where clusters are small.
  let sampleRows: Int
  let workers: Workers

  /// One estimate a clustering, nil for one with fewer than two clusters.
  ///
  /// - Complexity: O(n·m·d) for m rows sampled, whatever the number of clusterings; O(n) memory.
  func estimates(_ clusterings: [RowLabels]) throws(KernelError) -> [SilhouetteEstimate?] {
    guard clusterings.contains(where: { $0.clusterCount > 1 }) else {
      return clusterings.map { _ in nil }
    }
    let counts = clusterings.map(\.counts)
    let samples = zip(clusterings, counts).map { sample($0, counts: $1) }
    let union = Set(samples.joined().joined()).sorted()
    let sums = try distanceSums(from: union, clusterings)
    let places = Dictionary(uniqueKeysWithValues: zip(union, union.indices))
    var offset = 0
    return clusterings.indices.map { index in
      let clusters = offset..<offset + counts[index].count
      offset = clusters.upperBound
      guard counts[index].count(where: { $0 > 0 }) > 1 else { return nil }
      return estimate(counts: counts[index], sample: samples[index]) { row in
        sums[places[row] ?? 0][clusters]
      }
    }
  }

  /// The rows that are taken of each cluster.
  private func sample(_ clustering: RowLabels, counts: [Int]) -> [[Int]] {
    var wanted = counts.map { count in
      let share = Double(min(sampleRows, rows.rowCount)) * Double(count) / Double(rows.rowCount)
      return min(count, max(2, Int(share.rounded(.up))))
    }
    let order = RowShuffle(count: rows.rowCount, seed: seed, stream: 0)
    var taken = Array(repeating: [Int](), count: counts.count)
    var missing = wanted.reduce(0, +)
    var place = 0
    while missing > 0 {
      let row = order[place]
      let cluster = Int(clustering.labels[row])
      place += 1
      guard wanted[cluster] > 0 else { continue }
      wanted[cluster] -= 1
      missing -= 1
      taken[cluster].append(row)
    }
    return taken
  }

  /// For each row the sums of its distances to every cluster of every clustering.
  private func distanceSums(
    from union: [Int],
    _ clusterings: [RowLabels]
  ) throws(KernelError) -> [[Double]] {
    let cells = RowCells(rows, clusterings: clusterings, workers: workers)
    let tasks = (union.count + Self.pointsPerTask - 1) / Self.pointsPerTask
    return try workers.map(blocks: tasks) { task throws(KernelError) in
      let taken = union[
        task * Self.pointsPerTask..<min(union.count, (task + 1) * Self.pointsPerTask)
      ]
      let sums = try cells.distanceSums(from: taken.flatMap { rows.row($0).map(Double.init) })
      return taken.indices.map { index in
        stride(from: index - taken.startIndex, to: sums.count, by: taken.count).map { sums[$0] }
      }
    }
    .flatMap(\.self)
  }

  private func estimate(
    counts: [Int],
    sample: [[Int]],
    sums: (Int) -> ArraySlice<Double>
  ) -> SilhouetteEstimate {
    var estimate = SilhouetteEstimate(mean: 0, standardError: 0, rows: 0, byCluster: [])
    var variance = 0.0
    for (cluster, taken) in sample.enumerated() {
      let values = taken.map { row in
        silhouette(of: cluster, counts: counts, sums: Array(sums(row)))
      }
      let size = Double(values.count)
      let mean = values.isEmpty ? .nan : values.reduce(0, +) / size
      estimate.byCluster.append(mean)
      guard !values.isEmpty else { continue }
      let share = Double(counts[cluster]) / Double(rows.rowCount)
      let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
      estimate.mean += share * mean
      estimate.rows += values.count
      guard values.count > 1, values.count < counts[cluster] else { continue }
      let left = 1 - size / Double(counts[cluster])
      variance += share * share * left * squares / (size - 1) / size
    }
    estimate.standardError = variance.squareRoot()
    return estimate
  }

  /// (b − a) / max(a, b) of one row; 0 where it is alone in its cluster, or both are 0.
  private func silhouette(of own: Int, counts: [Int], sums: [Double]) -> Double {
    guard counts[own] > 1 else { return 0 }
    let within = sums[own] / Double(counts[own] - 1)
    var nearest = Double.infinity
    for cluster in counts.indices where cluster != own && counts[cluster] > 0 {
      nearest = min(nearest, sums[cluster] / Double(counts[cluster]))
    }
    let larger = max(within, nearest)
    return larger > 0 ? (nearest - within) / larger : 0
  }
}
