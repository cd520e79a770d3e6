internal import Clusters
internal import Kernels
internal import Tables
internal import Testing

private func fit(
  _ matrix: FeatureMatrix,
  _ count: ClusterCount,
  engine: ClusterEngine = .auto,
  precision: ClusterPrecision = .float64
) throws -> SweepResult {
  var options = ClusterOptions()
  options.count = count
  options.engine = engine
  options.precision = precision
  return try KMeans.fit(matrix, options: options, workers: Workers(count: 2))
}

@Suite struct NastyTests {
  @Test func `one row is one cluster`() throws {
    let result = try fit(line([42]), .sweep(2...8))
    #expect(result.best.clusterCount == 1)
    #expect(result.best.labels == [0])
    #expect(result.best.centroids == [42])
    #expect(result.best.inertia == 0)
    #expect(result.isReduced)
    #expect(result.quality[0].simplifiedSilhouette.isNaN)
  }

  @Test func `equal rows are one cluster`() throws {
    let result = try fit(line(Array(repeating: 0.1, count: 5000)), .fixed(3))
    #expect(result.best.clusterCount == 1)
    #expect(result.best.centroids == [0.1])
    #expect(result.best.inertia == 0)
    #expect(result.requestedCount == 3)
    #expect(result.distinctRows == 1)
  }

  @Test func `as many clusters as rows hold one row each`() throws {
    let result = try fit(line([5, 1, 4, 2, 3]), .fixed(5))
    #expect(Set(result.best.labels).count == 5)
    #expect(result.best.inertia == 0)
    #expect(result.quality[0].calinskiHarabasz == 1)
    #expect(result.quality[0].daviesBouldin == 0)
    #expect(result.quality[0].simplifiedSilhouette == 1)
  }

  @Test func `more clusters than distinct rows are reduced and reported`() throws {
    let result = try fit(line([1, 1, 2, 2, 3, -0.0, 0]), .sweep(2...8))
    #expect(result.isReduced)
    #expect(result.distinctRows == 4)
    #expect(result.quality.map(\.clusterCount) == [2, 3, 4])
    #expect(result.best.clusterCount == 4)
    #expect(result.best.inertia == 0)
  }

  @Test func `starting rows that are equal count once where rows run out`() throws {
    let result = try KMeans.fit(
      line([1, 1, 1, 2]),
      options: ClusterOptions(),
      startRows: [0, 1, 2],
      workers: .all
    )
    #expect(result.best.clusterCount == 2)
    #expect(result.best.labels == [0, 0, 0, 1])
  }

  @Test func `a constant column changes nothing`() throws {
    let alone = try fit(line([0, 1, 10, 11]), .fixed(2))
    let matrix = FeatureMatrix(names: ["x", "c"], columns: [[0, 1, 10, 11], [7, 7, 7, 7]])
    let both = try fit(matrix, .fixed(2))
    #expect(both.best.labels == alone.best.labels)
    #expect(both.best.inertia == alone.best.inertia)
    #expect(both.quality == alone.quality)
  }

  @Test(arguments: ClusterPrecision.allCases, [1e-300, 1, 1e300, 0x1p-1074])
  func `scale changes neither labels nor scale-free figures`(
    precision: ClusterPrecision,
    scale: Double
  ) throws {
    let values = [0, 1, 10, 11, 30, 33].map { $0 * scale }
    let starts = [0, 3, 5]
    var options = ClusterOptions()
    options.precision = precision
    let result = try KMeans.fit(line(values), options: options, startRows: starts, workers: .all)
    #expect(result.best.labels == [0, 0, 1, 1, 2, 2])
    #expect(!result.best.inertia.isNaN)
    let quality = result.quality[0]
    for figure in [
      quality.calinskiHarabasz, quality.daviesBouldin, quality.simplifiedSilhouette,
    ] {
      #expect(figure.isFinite)
    }
    let expected = [0.5, 10.5, 31.5]
    for (centroid, hand) in zip(result.best.centroids, expected) {
      // Centroids of subnormal values are themselves rounded to whole units.
      #expect(abs(centroid / scale - hand) <= (scale < 1e-300 ? 0.5 : 1e-5))
    }
  }

  @Test func `a far origin does not blur the clusters`() throws {
    let values = [0, 1, 10, 11].map { $0 + 1e9 }
    for engine in [ClusterEngine.blas, .fused, .tile] {
      let result = try fit(line(values), .fixed(2), engine: engine, precision: .float32)
      #expect(result.best.labels[0] == result.best.labels[1])
      #expect(result.best.labels[2] == result.best.labels[3])
      #expect(result.best.labels[0] != result.best.labels[2])
      #expect(abs(result.best.inertia - 1) < 1e-5)
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a value that is not finite is refused with row and column`(value: Double) {
    let matrix = FeatureMatrix(names: ["a", "b"], columns: [[1, 2, 3], [1, 2, value]])
    #expect(throws: ClusterError.notFinite(row: 2, column: "b")) { try fit(matrix, .fixed(2)) }
  }

  @Test func `an empty matrix and a start outside are refused`() {
    #expect(throws: ClusterError.empty(rows: 0, columns: 1)) { try fit(line([]), .fixed(2)) }
    #expect(throws: ClusterError.startRowOutside(row: 2, rows: 2)) {
      try KMeans.fit(
        line([1, 2]),
        options: ClusterOptions(),
        startRows: [0, 2],
        workers: .all
      )
    }
  }

  @Test func `too many values of centroids are refused`() {
    let columns = Array(repeating: [0.0, 1, 2, 3], count: 400_000)
    let matrix = FeatureMatrix(names: columns.indices.map { "\($0)" }, columns: columns)
    #expect(
      throws: ClusterError.tooManyClusters(clusters: 3, columns: 400_000, limit: 1 << 20)
    ) { try fit(matrix, .fixed(3)) }
  }
}
