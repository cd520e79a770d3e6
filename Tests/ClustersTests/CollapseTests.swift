internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// Everything of a result but how it was come by.
private struct Outcome: Equatable {
  let labels: [UInt16]
  let tried: [TriedClustering]
  let quality: [ClusterQuality]

  init(_ result: SweepResult) {
    labels = result.best.labels
    tried = result.tried
    quality = result.quality
  }
}

@Suite struct CollapseTests {
  @Test(arguments: exactEngines, ClusterPrecision.allCases)
  func `equal rows computed once change no bit`(
    engine: ClusterEngine,
    precision: ClusterPrecision
  ) throws {
    for landscape in [Landscape.lattice, .copies, .noise] {
      let matrix = landscape.matrix(rows: 5000, columns: 3)
      var options = ClusterOptions()
      options.count = .sweep(4...5)
      options.starts = 2
      options.engine = engine
      options.precision = precision
      let apart = try KMeans.fit(matrix, options: options, workers: Workers(count: 2))
      options.collapse = true
      let together = try KMeans.fit(matrix, options: options, workers: Workers(count: 3))
      #expect(Outcome(together) == Outcome(apart), "\(landscape)")
      #expect(apart.collapsedShare == nil)
      // A lattice of 5 × 5 × 5 points, 9 different rows, and none that are equal.
      let distinct = landscape == .lattice ? 125 : landscape == .copies ? 9 : 5000
      #expect(together.collapsedShare == 1 - Double(distinct) / 5000, "\(landscape)")
    }
  }

  @Test func `equal rows are not counted as computed`() throws {
    var options = ClusterOptions()
    options.engine = .fused
    options.collapse = true
    let result = try KMeans.fit(
      line([0, 0, 0, 1, 10, 10, 11, -0.0]),
      options: options,
      startRows: [0, 6],
      workers: .all
    )
    // 0, 1, 10 and 11 to two centroids each.
    #expect(result.histories[0].allSatisfy { $0.distancesComputed == 8 })
    #expect(result.histories[0].allSatisfy { $0.distancesSkipped == 8 })
    #expect(result.collapsedShare == 0.5)
  }
}
