internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

private func plane(_ rows: [(Double, Double)]) -> FeatureMatrix {
  FeatureMatrix(names: ["x", "y"], columns: [rows.map(\.0), rows.map(\.1)])
}

private func fit(
  _ matrix: FeatureMatrix,
  _ method: ClusterMethod,
  startRows: [Int] = [],
  _ change: (inout ClusterOptions) -> Void = { _ in }
) throws -> SweepResult {
  var options = ClusterOptions()
  options.method = method
  options.tolerance = 0
  change(&options)
  return try KMeans.fit(
    matrix,
    options: options,
    startRows: startRows,
    workers: Workers(count: 2)
  )
}

@Suite struct TrimmedTests {
  @Test func `the farthest row is left out and listed`() throws {
    let result = try fit(line([0, 1, 10, 11, 1000]), .trimmed, startRows: [0, 2]) {
      $0.families.trimShare = 0.2
    }
    #expect(result.method?.trimmedRows == [4])
    #expect(result.best.centroids == [0.5, 10.5])
    // Four times 0.25; the row left out still has a label, and counts in the inertia.
    #expect(result.method?.objective == 1)
    #expect(result.best.labels == [0, 0, 1, 1, 1])
    #expect(result.best.inertia == 1 + 989.5 * 989.5)
    #expect(result.best.converged)
  }

  @Test func `of equally far rows the lowest are left out`() throws {
    // From 0 both 2 and −2 are 4 away: row 1 goes, and −1 is the mean of the others.
    let result = try fit(line([0, 2, -2]), .trimmed, startRows: [0]) {
      $0.families.trimShare = 0.34
    }
    #expect(result.method?.trimmedRows == [1])
    #expect(result.best.centroids == [-1])
  }

  @Test func `ties go to the lowest rows over many blocks, in both precisions`() throws {
    // 10,000 times 1 and 10,000 times −1 about a start at 0, the mean: all gaps are 1.
    let values = (0..<20_001).map { $0 == 0 ? 0.0 : $0 % 2 == 0 ? 1 : -1 }
    for precision in ClusterPrecision.allCases {
      let result = try fit(line(values), .trimmed, startRows: [0]) {
        $0.families.trimShare = 0.5
        $0.maxRounds = 1
        $0.precision = precision
      }
      // The first round leaves out rows 1...10,000, an even number; so the centroid stays at 0.
      #expect(result.best.centroids == [0])
      #expect(result.method?.trimmedRows == Array(1...10_000))
    }
  }

  @Test func `a share of nothing is k-means`() throws {
    let matrix = blobs([(0, 0), (5, 0), (2, 4)], count: 500, seed: 1)
    let trimmed = try fit(matrix, .trimmed, startRows: [0, 1, 2]) { $0.families.trimShare = 0 }
    let plain = try fit(matrix, .kMeans, startRows: [0, 1, 2])
    #expect(trimmed.best.labels == plain.best.labels)
    #expect(trimmed.best.centroids == plain.best.centroids)
    #expect(trimmed.method?.trimmedRows == [])
    #expect(plain.method == nil)
  }

  @Test func `exactly the share with the largest distances is left out`() throws {
    var random = SeededGenerator(seed: 2)
    let values = (0..<9000).map { _ in Double.random(in: -1...1, using: &random) }
    let result = try fit(line(values), .trimmed, startRows: [5, 9]) {
      $0.families.trimShare = 0.1
    }
    let gaps = values.map { value in result.best.centroids.map { abs(value - $0) }.min() ?? 0 }
    let farthest = gaps.indices.sorted { (-gaps[$0], $0) < (-gaps[$1], $1) }.prefix(900)
    #expect(result.method?.trimmedRows == farthest.sorted())
  }
}

@Suite struct MediansTests {
  @Test func `of an even number of rows the lower middle is the median`() throws {
    let result = try fit(line([100, 0, 2, 1]), .kMedians, startRows: [0])
    #expect(result.best.centroids == [1])
    // 99 + 1 + 1 + 0.
    #expect(result.method?.objective == 101)
  }

  @Test func `rows belong to the centroid that is nearest by absolute differences`() throws {
    // (3, 3) is 6 from (0, 0) and 5 from (0, 5) … but by squares 18 and 13; (4, 0) is 4 and 9.
    let result = try fit(
      plane([(0, 0), (0, 5), (3, 3), (4, 0)]),
      .kMedians,
      startRows: [0, 1]
    ) { $0.maxRounds = 1 }
    // Medians of {(0, 0), (4, 0)} and {(0, 5), (3, 3)}: the lower ones, column by column.
    #expect(result.best.centroids == [0, 0, 0, 3])
  }

  @Test(arguments: ClusterPrecision.allCases)
  func `medians are those of a sorted column`(precision: ClusterPrecision) throws {
    for seed in UInt64(0)..<4 {
      var random = SeededGenerator(seed: seed)
      let values = (0..<9001).map { row in
        Double(Float.random(in: -1...1, using: &random)) * (row % 3 == 0 ? 1e-6 : 1)
      }
      let result = try fit(line(values), .kMedians, startRows: [0]) { $0.precision = precision }
      let median = values.sorted()[4500]
      let expected = precision == .float32 ? Double(Float(median)) : median
      #expect(result.best.centroids == [expected], "seed \(seed)")
    }
  }

  @Test func `an empty cluster takes the farthest row`() throws {
    let result = try fit(line([0, 0, 10, 11, 12]), .kMedians, startRows: [0, 1])
    #expect(result.best.labels == [0, 0, 1, 1, 1])
    #expect(result.best.centroids == [0, 11])
  }
}

@Suite struct SphericalTests {
  @Test func `rows of one direction belong together whatever their length`() throws {
    let result = try fit(
      plane([(1, 0), (1e300, 1e298), (0, 3), (-1e-300, 1e-298)]),
      .spherical,
      startRows: [0, 2]
    )
    #expect(result.best.labels == [0, 0, 1, 1])
    for cluster in 0..<2 {
      let (x, y) = (result.best.centroids[2 * cluster], result.best.centroids[2 * cluster + 1])
      #expect(abs(x * x + y * y - 1) < 1e-15)
    }
    // Each pair is 0.01 rad or so apart, and its middle 0.005 from either: 1 − cos is half of its square.
    let objective = try #require(result.method?.objective)
    #expect(abs(objective - 4 * 0.005 * 0.005 / 2) < 1e-7)
  }

  @Test func `opposite rows leave a centroid where it was`() throws {
    let result = try fit(plane([(1, 0), (-1, 0)]), .spherical, startRows: [0]) {
      $0.maxRounds = 3
    }
    #expect(result.best.centroids == [1, 0])
    #expect(result.method?.objective == 2)
  }

  @Test func `a row of zeros is refused by its number`() {
    #expect(throws: ClusterError.zeroRow(row: 1)) {
      try fit(plane([(1, 0), (0, 0), (0, 0)]), .spherical)
    }
    #expect(throws: ClusterError.notFinite(row: 1, column: "y")) {
      try fit(plane([(1, 0), (0, .nan)]), .spherical)
    }
  }
}

@Suite struct BisectingTests {
  @Test func `the cluster of largest inertia is split`() throws {
    // {0, 1 | 100, 104}: first in the middle, then the pair that is farther apart.
    let two = try fit(line([0, 1, 100, 104]), .bisecting) { $0.count = .fixed(2) }
    let three = try fit(line([0, 1, 100, 104]), .bisecting) { $0.count = .fixed(3) }
    #expect(two.best.labels[0] == two.best.labels[1])
    #expect(two.best.labels[2] == two.best.labels[3])
    #expect(two.best.inertia == 0.5 + 8)
    #expect(three.best.labels[0] == three.best.labels[1])
    #expect(Set(three.best.labels).count == 3)
    #expect(three.best.inertia == 0.5)
    #expect(three.method?.objective == 0.5)
  }

  @Test func `every number of clusters refines the one before`() throws {
    for seed in UInt64(0)..<3 {
      let matrix = blobs([(0, 0), (3, 1), (1, 4), (6, 6)], count: 2000, seed: seed)
      var before: [UInt16] = Array(repeating: 0, count: matrix.rowCount)
      var inertia = Double.infinity
      for count in 1...7 {
        let result = try fit(matrix, .bisecting) {
          $0.count = .fixed(count)
          $0.starts = 2
        }
        let pairs = Set(zip(before, result.best.labels).map { [$0, $1] })
        #expect(pairs.count == count, "seed \(seed), \(count) clusters")
        #expect(result.best.inertia < inertia)
        before = result.best.labels
        inertia = result.best.inertia
      }
    }
  }

  @Test func `given starts are refused`() {
    #expect(throws: ClusterError.self) { try fit(line([1, 2, 3]), .bisecting, startRows: [0, 1]) }
  }
}

@Suite struct MiniBatchTests {
  @Test func `blobs are found within a twentieth of the exact inertia`() throws {
    let centres = [(0.0, 0.0), (10, 0), (0, 10), (10, 10), (5, 20)]
    let matrix = blobs(centres, count: 4000, seed: 1)
    for seed in UInt64(0)..<5 {
      let change: (inout ClusterOptions) -> Void = {
        $0.count = .fixed(5)
        $0.starts = 3
        $0.seed = seed
        $0.seeding = .kMeansPlusPlus
      }
      let exact = try fit(matrix, .kMeans, change)
      let batches = try fit(matrix, .miniBatch, change)
      #expect(batches.best.inertia < 1.05 * exact.best.inertia, "seed \(seed)")
      #expect(batches.best.inertia >= exact.best.inertia * (1 - 1e-12))
      #expect(batches.best.converged)
      #expect(batches.method?.objective == batches.best.inertia)
    }
  }

  @Test func `starved centroids move to random rows`() throws {
    // All four starts lie in one blob, and would share it without reassignment.
    let matrix = blobs([(0, 0), (100, 0), (0, 100), (100, 100)], count: 2000, seed: 2)
    let starts = [0, 4, 8, 12]
    for share in [0, 0.5] {
      let result = try fit(matrix, .miniBatch, startRows: starts) {
        $0.families.reassignShare = share
        $0.maxRounds = 20
      }
      // Two blobs that share a centroid are 50 away from it at least: 4000 × 2500.
      #expect((result.best.inertia < 1e6) == (share > 0))
    }
  }

  @Test func `batches end when the inertia has stopped to improve`() throws {
    let matrix = blobs([(0, 0), (9, 9)], count: 5000, seed: 3)
    let short = try fit(matrix, .miniBatch) {
      $0.count = .fixed(2)
      $0.starts = 1
      $0.families.patience = 1
      $0.families.batchRows = 100
    }
    #expect(short.best.converged)
    #expect(short.best.rounds < 100)
    let cut = try fit(matrix, .miniBatch) {
      $0.count = .fixed(2)
      $0.starts = 1
      $0.families.patience = 1_000_000
      $0.maxRounds = 1
    }
    // One pass's worth: 10,000 rows in batches of 1024.
    #expect(cut.best.rounds == 9)
    #expect(!cut.best.converged)
  }
}
