internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// A matrix of one column.
func line(_ values: [Double]) -> FeatureMatrix {
  FeatureMatrix(names: ["x"], columns: [values])
}

/// Rows around `centres`, which are in the plane, `count` for each.
func blobs(_ centres: [(Double, Double)], count: Int, seed: UInt64) -> FeatureMatrix {
  var random = SeededGenerator(seed: seed)
  var columns: [[Double]] = [[], []]
  for _ in 0..<count {
    for (x, y) in centres {
      columns[0].append(x + Double.random(in: -1...1, using: &random))
      columns[1].append(y + Double.random(in: -1...1, using: &random))
    }
  }
  return FeatureMatrix(names: ["x", "y"], columns: columns)
}

@Suite struct KMeansTests {
  @Test(arguments: [(1, 9, "fused"), (3, 40, "fused"), (4, 16, "fused"), (4, 17, "tile")])
  func `auto takes the engine that was measured as the fastest`(
    columns: Int,
    clusters: Int,
    expected: String
  ) throws {
    var random = SeededGenerator(seed: 1)
    let values = (0..<columns).map { _ in
      (0..<100).map { _ in Double.random(in: 0...1, using: &random) }
    }
    let matrix = FeatureMatrix(names: (0..<columns).map { "x\($0)" }, columns: values)
    var options = ClusterOptions()
    options.count = .fixed(clusters)
    options.maxRounds = 1
    options.starts = 1
    #expect(try KMeans.fit(matrix, options: options, workers: .all).best.engine == expected)
  }

  @Test func `four points on a line fall into two pairs`() throws {
    // From 0 and 11: {0, 1} and {10, 11}, centroids 0.5 and 10.5, four times 0.25.
    let result = try KMeans.fit(
      line([0, 1, 10, 11]),
      options: ClusterOptions(),
      startRows: [0, 3],
      workers: .all
    )
    #expect(result.best.labels == [0, 0, 1, 1])
    #expect(result.best.centroids == [0.5, 10.5])
    #expect(result.best.inertia == 1)
    #expect(result.best.converged)
    // The first round moves, the second finds the same labels.
    #expect(result.best.rounds == 2)
  }

  @Test func `quality is what the hand gives`() throws {
    let result = try KMeans.fit(
      line([0, 1, 10, 11]),
      options: ClusterOptions(),
      startRows: [0, 3],
      workers: .all
    )
    // Means 0.5 and 10.5 about 5.5: between 4 · 25 = 100, within 1, so (100 / 1) / (1 / 2).
    #expect(result.quality[0].calinskiHarabasz == 200)
    // Both spreads 0.5, 10 apart.
    #expect(result.quality[0].daviesBouldin == 0.1)
    // Outer rows: (10.5 − 0.5) / 10.5, inner rows: (9.5 − 0.5) / 9.5.
    let expected = (10 / 10.5 + 9 / 9.5) / 2
    #expect(abs(result.quality[0].simplifiedSilhouette - expected) < 1e-15)
  }

  @Test func `a row between two centroids goes to the lower label`() throws {
    var options = ClusterOptions()
    options.maxRounds = 1
    let result = try KMeans.fit(
      line([0, 2, 1]),
      options: options,
      startRows: [1, 0],
      workers: .all
    )
    // In the first round the row 1 is 1 away from both, and joins the first.
    #expect(result.best.centroids == [1.5, 0])
    #expect(result.best.rounds == 1)
    #expect(!result.best.converged)
  }

  @Test func `an empty cluster takes the farthest row`() throws {
    // Both starts are 0, so the second is empty and takes 11, the farthest.
    let result = try KMeans.fit(
      line([0, 0, 10, 11]),
      options: ClusterOptions(),
      startRows: [0, 1],
      workers: .all
    )
    #expect(result.best.labels == [0, 0, 1, 1])
    #expect(result.best.centroids == [0, 10.5])
  }

  @Test func `a sweep finds as many clusters as there are blobs`() throws {
    let matrix = blobs([(0, 0), (10, 0), (0, 10), (10, 10)], count: 100, seed: 1)
    let result = try KMeans.fit(matrix, options: ClusterOptions(), workers: .all)
    #expect(result.best.clusterCount == 4)
    #expect(result.quality.map(\.clusterCount) == Array(2...8))
    #expect(result.tried.map(\.clusterCount) == Array(2...8))
    #expect(result.quality.map(\.inertia) == result.tried.map(\.inertia))
    #expect(result.tried[2].centroids == result.best.centroids)
    #expect(!result.isReduced)
  }

  @Test func `inertia falls with every further cluster`() throws {
    let matrix = blobs([(0, 0), (3, 1), (1, 4)], count: 300, seed: 2)
    for seed in UInt64(0)..<10 {
      var options = ClusterOptions()
      options.starts = 2
      options.seed = seed
      let result = try KMeans.fit(matrix, options: options, workers: .all)
      let inertias = result.tried.map(\.inertia)
      #expect(zip(inertias, inertias.dropFirst()).allSatisfy(>), "seed \(seed)")
    }
  }

  @Test func `options out of range are refused by name`() throws {
    func refuses(_ change: (inout ClusterOptions) -> Void) -> Bool {
      var options = ClusterOptions()
      change(&options)
      do {
        _ = try KMeans.fit(line([1, 2]), options: options, workers: .all)
        return false
      } catch {
        guard case .badOption = error else { return false }
        return true
      }
    }
    #expect(refuses { $0.count = .fixed(0) })
    #expect(refuses { $0.count = .sweep(2...70_000) })
    #expect(refuses { $0.starts = 0 })
    #expect(refuses { $0.maxRounds = 0 })
    #expect(refuses { $0.tolerance = -1 })
    #expect(refuses { $0.tolerance = .nan })
  }
}
