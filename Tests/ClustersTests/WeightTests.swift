internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

@Suite struct WeightTests {
  @Test func `weights move the means as the hand does`() throws {
    // Centroids (0 · 3 + 1) / 4 and (10 + 11 · 2) / 3 + …: 0.25 and 32 / 3.
    let result = try KMeans.fit(
      line([0, 1, 10, 11]),
      weights: [3, 1, 1, 2],
      options: ClusterOptions(),
      startRows: [0, 3],
      workers: .all
    )
    #expect(result.best.labels == [0, 0, 1, 1])
    #expect(result.best.centroids[0] == 0.25)
    #expect(abs(result.best.centroids[1] - 32.0 / 3) < 1e-14)
    // 3 · 0.0625 + 0.5625 = 0.75, and 4/9 + 2/9 = 2/3.
    #expect(abs(result.best.inertia - (0.75 + 2.0 / 3)) < 1e-12)
  }

  @Test(arguments: exactEngines)
  func `whole weights are repeated rows`(engine: ClusterEngine) throws {
    for precision in ClusterPrecision.allCases {
      let matrix = Landscape.blobs.matrix(rows: 900, columns: 3)
      let weights = (0..<900).map { Double($0 % 4) }
      let repeated = (0..<900).flatMap { Array(repeating: $0, count: $0 % 4) }
      let columns = (0..<3).map { column in
        repeated.map { matrix.values[column * 900 + $0] }
      }
      var options = ClusterOptions()
      options.tolerance = 0
      options.engine = engine
      options.precision = precision
      let starts = [1, 101, 202, 303, 411]
      let weighted = try KMeans.fit(
        matrix,
        weights: weights,
        options: options,
        startRows: starts,
        workers: Workers(count: 2)
      )
      let copied = try KMeans.fit(
        FeatureMatrix(names: matrix.names, columns: columns),
        options: options,
        startRows: starts.compactMap(repeated.firstIndex(of:)),
        workers: Workers(count: 2)
      )
      // Weighted sums run in doubles, repeated rows are added in the precision of the rows.
      let tolerance = precision == .float64 ? 1e-9 : 1e-5
      #expect(repeated.map { weighted.best.labels[$0] } == copied.best.labels)
      expectNear(weighted.best.inertia, copied.best.inertia, tolerance)
      let (own, other) = (weighted.quality[0], copied.quality[0])
      expectNear(own.calinskiHarabasz, other.calinskiHarabasz, tolerance)
      expectNear(own.daviesBouldin, other.daviesBouldin, tolerance)
      expectNear(own.simplifiedSilhouette, other.simplifiedSilhouette, tolerance)
    }
  }

  @Test func `weighted rows give the same bits with every engine and any workers`() throws {
    let matrix = Landscape.lattice.matrix(rows: 9000, columns: 2)
    let weights = (0..<9000).map { Double($0 % 7) / 3 }
    for precision in ClusterPrecision.allCases {
      var options = ClusterOptions()
      options.count = .fixed(6)
      options.starts = 2
      options.precision = precision
      options.engine = .fused
      func fit(_ workers: Int) throws -> SweepResult {
        try KMeans.fit(
          matrix,
          weights: weights,
          options: options,
          workers: Workers(count: workers)
        )
      }
      let first = try fit(1)
      for collapse in [false, true] {
        for engine in exactEngines {
          options.engine = engine
          options.collapse = collapse
          let result = try fit(3)
          #expect(result.best.labels == first.best.labels, "\(engine)")
          #expect(result.tried == first.tried, "\(engine)")
          #expect(result.quality == first.quality, "\(engine)")
        }
      }
    }
  }

  @Test func `rows of weight 0 are labelled and move nothing`() throws {
    let result = try KMeans.fit(
      line([0, 1, 10, 11, 400]),
      weights: [1, 1, 1, 1, 0],
      options: ClusterOptions(),
      startRows: [0, 3],
      workers: .all
    )
    #expect(result.best.labels == [0, 0, 1, 1, 1])
    #expect(result.best.centroids == [0.5, 10.5])
    #expect(result.best.inertia == 1)
  }

  @Test func `a cluster of weightless rows takes the farthest row that weighs`() throws {
    // The second start attracts only rows without weight; 11 is the farthest of the others.
    let result = try KMeans.fit(
      line([0, 1, 11, 400, 500]),
      weights: [1, 1, 1, 0, 0],
      options: ClusterOptions(),
      startRows: [0, 3],
      workers: .all
    )
    #expect(result.best.labels == [0, 0, 1, 1, 1])
    #expect(result.best.centroids == [0.5, 11])
    #expect(!result.best.inertia.isNaN)
  }

  @Test func `distinct rows without weight do not count`() throws {
    var options = ClusterOptions()
    options.count = .fixed(3)
    let result = try KMeans.fit(
      line([1, 2, 3, 4]),
      weights: [1, 1, 0, 0],
      options: options,
      workers: .all
    )
    #expect(result.distinctRows == 2)
    #expect(result.best.clusterCount == 2)
  }

  @Test(arguments: [1e-300, 1e300])
  func `the scale of the weights changes neither labels nor centroids`(scale: Double) throws {
    let matrix = Landscape.noise.matrix(rows: 300, columns: 2)
    let weights = (0..<300).map { Double($0 % 5) }
    func fit(_ weights: [Double]) throws -> SweepResult {
      try KMeans.fit(
        matrix,
        weights: weights,
        options: ClusterOptions(),
        startRows: [1, 2, 3],
        workers: .all
      )
    }
    let plain = try fit(weights)
    let scaled = try fit(weights.map { $0 * scale })
    #expect(scaled.best.labels == plain.best.labels)
    for (one, other) in zip(scaled.best.centroids, plain.best.centroids) {
      #expect(abs(one - other) < 1e-14)
    }
    expectNear(scaled.best.inertia, plain.best.inertia * scale, 1e-12)
    expectNear(scaled.quality[0].daviesBouldin, plain.quality[0].daviesBouldin, 1e-12)
  }

  @Test func `weights that make no sense are refused`() {
    func fit(_ weights: [Double]) throws -> SweepResult {
      try KMeans.fit(
        line([1, 2, 3]),
        weights: weights,
        options: ClusterOptions(),
        workers: .all
      )
    }
    #expect(throws: ClusterError.badWeight(row: 1)) { try fit([1, -1, 1]) }
    #expect(throws: ClusterError.badWeight(row: 2)) { try fit([1, 1, .nan]) }
    #expect(throws: ClusterError.badWeight(row: 0)) { try fit([.infinity, 1, 1]) }
    #expect(throws: ClusterError.noWeight) { try fit([0, 0, 0]) }
  }

  private func expectNear(_ value: Double, _ expected: Double, _ tolerance: Double) {
    #expect(abs(value - expected) <= tolerance * abs(expected), "\(value), not \(expected)")
  }
}
