internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

private func fit(
  _ matrix: FeatureMatrix,
  _ seeding: ClusterSeeding,
  count: ClusterCount,
  starts: Int = 1,
  precision: ClusterPrecision = .float64,
  seed: UInt64 = 0,
  workers: Int = 2
) throws -> SweepResult {
  var options = ClusterOptions()
  options.count = count
  options.starts = starts
  options.seeding = seeding
  options.precision = precision
  options.seed = seed
  return try KMeans.fit(matrix, options: options, workers: Workers(count: workers))
}

@Suite(.serialized) struct SeedingTests {
  @Test(arguments: ClusterSeeding.allCases, ClusterPrecision.allCases)
  func `workers and levels change no bit`(
    seeding: ClusterSeeding,
    precision: ClusterPrecision
  ) throws {
    let matrix = blobs([(0, 0), (4, 1), (1, 5), (3, 3)], count: 3000, seed: 3)
    func outcome(workers: Int) throws -> SweepResult {
      try fit(
        matrix,
        seeding,
        count: .sweep(3...4),
        starts: 2,
        precision: precision,
        workers: workers
      )
    }
    let first = try outcome(workers: 1)
    for workers in [2, 3, 8] {
      let result = try outcome(workers: workers)
      #expect(result.tried == first.tried, "\(workers) workers")
      #expect(result.best.labels == first.best.labels)
    }
    for level in InstructionSet.available {
      let result = try withInstructionSet(level) { try outcome(workers: 2) }
      #expect(result.tried == first.tried, "\(level)")
    }
  }

  @Test(arguments: ClusterSeeding.allCases)
  func `well separated blobs are found by one of ten starts`(seeding: ClusterSeeding) throws {
    let matrix = blobs([(0, 0), (40, 0), (0, 40), (40, 40)], count: 500, seed: 4)
    for seed in UInt64(0)..<5 {
      let result = try fit(matrix, seeding, count: .fixed(4), starts: 10, seed: seed)
      // Each blob is uniform on a square of side 2: 2000 rows with a squared distance of 2/3.
      #expect(result.best.inertia < 1.1 * 2000 * 2 / 3, "seed \(seed)")
    }
  }

  @Test(arguments: ClusterSeeding.allCases)
  func `few distinct rows among many are all found`(seeding: ClusterSeeding) throws {
    // 9,997 zeros, and one row each of 1, 2 and 3: even draws hardly ever meet them.
    var values = Array(repeating: 0.0, count: 10_000)
    (values[17], values[4000], values[9999]) = (1, 2, 3)
    for seed in UInt64(0)..<5 {
      let result = try fit(line(values), seeding, count: .fixed(4), seed: seed)
      #expect(result.best.inertia == 0, "seed \(seed)")
      #expect(Set(result.best.centroids) == [0, 1, 2, 3], "seed \(seed)")
    }
  }

  @Test(arguments: ClusterSeeding.allCases)
  func `one row, equal rows, and as many clusters as rows`(seeding: ClusterSeeding) throws {
    #expect(try fit(line([42]), seeding, count: .fixed(3)).best.centroids == [42])
    let equal = try fit(line(Array(repeating: 0.1, count: 300)), seeding, count: .sweep(2...4))
    #expect(equal.best.clusterCount == 1)
    #expect(equal.best.inertia == 0)
    let each = try fit(line([5, 1, 4, 2, 3]), seeding, count: .fixed(5))
    #expect(Set(each.best.labels).count == 5)
    #expect(each.best.inertia == 0)
  }

  @Test(arguments: ClusterSeeding.allCases, [1e-300, 1e300])
  func `huge and tiny values are no trouble`(seeding: ClusterSeeding, scale: Double) throws {
    let matrix = line([0, 1, 10, 11, 30, 33].map { $0 * scale })
    let result = try fit(matrix, seeding, count: .fixed(3), starts: 10)
    let labels = result.best.labels
    #expect(labels[0] == labels[1] && labels[2] == labels[3] && labels[4] == labels[5])
    #expect(Set(labels).count == 3)
  }

  @Test func `another seed gives other starts`() throws {
    let matrix = blobs([(0, 0)], count: 400, seed: 5)
    // Refined samples of so few rows all end at the same centroids.
    for seeding in ClusterSeeding.allCases where seeding != .sampled {
      let inertias = try (0..<4).map { seed in
        try fit(matrix, seeding, count: .fixed(9), seed: seed).best.inertia
      }
      #expect(Set(inertias).count > 1, "\(seeding)")
    }
  }

  @Test func `given centroids start as the rows of the same values do`() throws {
    let matrix = blobs([(100, 0), (140, 0), (100, 40)], count: 300, seed: 6)
    let rows = [0, 10, 500]
    let values = rows.flatMap { row in
      (0..<2).map { matrix.values[$0 * matrix.rowCount + row] }
    }
    let options = ClusterOptions()
    let byRows = try KMeans.fit(matrix, options: options, startRows: rows, workers: .all)
    let byValues = try KMeans.fit(matrix, options: options, startCentroids: values, workers: .all)
    #expect(byValues.best.labels == byRows.best.labels)
    #expect(byValues.tried == byRows.tried)
  }

  @Test func `given centroids need not be rows`() throws {
    // 2.5 and 8 split 0, 1 | 10, 11 at 5.25.
    let result = try KMeans.fit(
      line([0, 1, 10, 11]),
      options: ClusterOptions(),
      startCentroids: [8, 2.5],
      workers: .all
    )
    #expect(result.best.labels == [1, 1, 0, 0])
    #expect(result.best.centroids == [10.5, 0.5])
  }

  @Test func `more given centroids than distinct rows are reduced and reported`() throws {
    let result = try KMeans.fit(
      line([1, 1, 2]),
      options: ClusterOptions(),
      startCentroids: [0, 1.5, 7],
      workers: .all
    )
    #expect(result.isReduced)
    #expect(result.best.clusterCount == 2)
    #expect(result.best.inertia == 0)
  }

  @Test(arguments: [[1.0, 2, 3], [.nan, 1], [.infinity, 1], [1e300, 1]])
  func `given centroids of another shape or range are refused`(centroids: [Double]) throws {
    let matrix = FeatureMatrix(names: ["a", "b"], columns: [[1, 2, 3], [1, 2, 4]])
    #expect(
      throws: ClusterError.badStartCentroids(values: centroids.count, columns: 2)
    ) {
      try KMeans.fit(
        matrix,
        options: ClusterOptions(),
        startCentroids: centroids,
        workers: .all
      )
    }
  }
}
