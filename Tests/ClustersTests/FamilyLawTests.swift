internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

private let relatives = ClusterMethod.allCases.filter { $0 != .kMeans }

/// What must not depend on workers and levels.
private struct Outcome: Equatable {
  let labels: [UInt16]
  let tried: [TriedClustering]
  let quality: [ClusterQuality]
  let method: MethodReport?

  init(_ result: SweepResult) {
    labels = result.best.labels
    tried = result.tried
    quality = result.quality
    method = result.method
  }
}

private func scattered(_ seed: UInt64, rows: Int, columns: Int) -> FeatureMatrix {
  var random = SeededGenerator(seed: seed)
  let values = (0..<columns).map { column in
    (0..<rows).map { _ in
      Double.random(in: -1...1, using: &random) * Double.random(in: 0...2, using: &random)
        + (Bool.random(using: &random) ? Double(column) : 0)
    }
  }
  return FeatureMatrix(names: (0..<columns).map { "x\($0)" }, columns: values)
}

@Suite(.serialized) struct FamilyLawTests {
  @Test(arguments: relatives, ClusterPrecision.allCases)
  func `workers and levels change no bit`(
    method: ClusterMethod,
    precision: ClusterPrecision
  ) throws {
    for (rows, columns, clusters) in [(33_001, 3, 3), (2999, 5, 40), (700, 1, 2)] {
      let matrix = scattered(UInt64(columns), rows: rows, columns: columns)
      var options = ClusterOptions()
      options.method = method
      options.count = .sweep(clusters...clusters + 1)
      options.starts = 2
      options.maxRounds = 3
      options.precision = precision
      options.seeding = .kMeansPlusPlus
      let first = Outcome(try KMeans.fit(matrix, options: options, workers: Workers(count: 1)))
      for workers in [2, 3, 8] {
        let result = try KMeans.fit(matrix, options: options, workers: Workers(count: workers))
        #expect(Outcome(result) == first, "\(workers) workers, \(columns) columns")
      }
      for level in InstructionSet.available {
        let result = try withInstructionSet(level) {
          try KMeans.fit(matrix, options: options, workers: Workers(count: 2))
        }
        #expect(Outcome(result) == first, "\(level), \(columns) columns")
      }
    }
  }

  @Test(arguments: [ClusterMethod.spherical, .kMedians, .trimmed], ClusterPrecision.allCases)
  func `the objective never rises from round to round`(
    method: ClusterMethod,
    precision: ClusterPrecision
  ) throws {
    for seed in UInt64(0)..<4 {
      let matrix = scattered(seed, rows: 1500, columns: 3)
      var options = ClusterOptions()
      options.method = method
      options.precision = precision
      options.tolerance = 0
      var last = Double.infinity
      for rounds in 1...20 {
        options.maxRounds = rounds
        let starts = [0, 1, 2, 3, 4]
        let result = try KMeans.fit(matrix, options: options, startRows: starts, workers: .all)
        let objective = try #require(result.method?.objective)
        // Sums and centroids round: some units in the last place of the precision are no rise.
        let slack = precision == .float32 ? 1e-6 : 1e-13
        #expect(objective <= last * (1 + slack), "seed \(seed), round \(rounds)")
        last = objective
      }
    }
  }

  @Test(arguments: relatives)
  func `the same seed gives the same clusters`(method: ClusterMethod) throws {
    let matrix = scattered(9, rows: 3000, columns: 2)
    var options = ClusterOptions()
    options.method = method
    options.count = .fixed(6)
    options.starts = 2
    let first = Outcome(try KMeans.fit(matrix, options: options, workers: .all))
    let second = Outcome(try KMeans.fit(matrix, options: options, workers: .all))
    #expect(second == first)
    #expect(first.labels.allSatisfy { $0 < 6 })
    #expect(first.method?.method == method)
  }
}

@Suite struct FamilyNastyTests {
  private func fit(
    _ matrix: FeatureMatrix,
    _ method: ClusterMethod,
    _ count: ClusterCount,
    precision: ClusterPrecision = .float64
  ) throws -> SweepResult {
    var options = ClusterOptions()
    options.method = method
    options.count = count
    options.precision = precision
    options.families.trimShare = 0
    return try KMeans.fit(matrix, options: options, workers: Workers(count: 2))
  }

  @Test(arguments: relatives, ClusterPrecision.allCases)
  func `one row and equal rows are one cluster`(
    method: ClusterMethod,
    precision: ClusterPrecision
  ) throws {
    let one = try fit(line([42]), method, .sweep(2...4), precision: precision)
    #expect(one.best.labels == [0])
    #expect(one.best.inertia == 0)
    #expect(one.isReduced)
    let equal = Array(repeating: 0.5, count: 5000)
    let many = try fit(line(equal), method, .fixed(3), precision: precision)
    #expect(many.best.clusterCount == 1)
    #expect(many.best.inertia == 0)
  }

  @Test(arguments: relatives)
  func `as many clusters as rows hold one row each`(method: ClusterMethod) throws {
    let directions = [(0.0, 1.0), (1, 1), (1, 0), (1, -1), (-1, 0)]
    let matrix = FeatureMatrix(
      names: ["x", "y"],
      columns: [directions.map(\.0), directions.map(\.1)]
    )
    let result = try fit(matrix, method, .fixed(5))
    #expect(Set(result.best.labels).count == 5)
    // A running mean keeps a trace of a row that its centroid had before it was moved.
    #expect(result.best.inertia < (method == .miniBatch ? 0.1 : 1e-30))
  }

  @Test(arguments: relatives)
  func `more clusters than distinct rows are reduced and reported`(method: ClusterMethod) throws {
    let matrix = FeatureMatrix(
      names: ["x", "y"],
      columns: [[1, 1, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1, 1]]
    )
    let result = try fit(matrix, method, .sweep(2...6))
    #expect(result.isReduced)
    #expect(result.distinctRows == 3)
    #expect(result.best.clusterCount == 3)
    #expect(result.best.inertia < 1e-30)
    #expect(!result.best.centroids.contains { !$0.isFinite })
  }

  // Mixtures are not free of scale: what is added to the variances has one (see MixtureTests).
  @Test(arguments: relatives.filter { $0 != .mixture }, [1e-300, 1, 1e300])
  func `scale changes no label`(method: ClusterMethod, scale: Double) throws {
    let x = [0, 1, 0, 1, 10, 11, 30, 33].map { $0 * scale }
    let y = [10, 11, 11, 10, 1, 1, 60, 66].map { $0 * scale }
    let matrix = FeatureMatrix(names: ["x", "y"], columns: [x, y])
    let result = try fit(matrix, method, .fixed(3))
    let labels = result.best.labels
    #expect(Set(labels[0...3]).count == 1)
    #expect(labels[4] == labels[5] && labels[6] == labels[7])
    #expect(Set(labels).count == 3)
    #expect(!result.best.inertia.isNaN)
    #expect(result.method.map { !$0.objective.isNaN } == true)
  }

  @Test(arguments: relatives.filter { $0 != .spherical })
  func `a constant column changes no label`(method: ClusterMethod) throws {
    let values = [0.0, 1, 10, 11, 20, 21]
    let alone = try fit(line(values), method, .fixed(3))
    let matrix = FeatureMatrix(names: ["x", "c"], columns: [values, values.map { _ in 7 }])
    let both = try fit(matrix, method, .fixed(3))
    #expect(both.best.labels == alone.best.labels)
  }

  @Test func `options out of range are refused by name`() {
    func refuses(_ key: String, _ change: (inout FamilyOptions) -> Void) -> Bool {
      var options = ClusterOptions()
      change(&options.families)
      do {
        _ = try KMeans.fit(line([1, 2]), options: options, workers: .all)
        return false
      } catch {
        guard case .badOption("clusters.\(key)", _, _) = error else { return false }
        return true
      }
    }
    #expect(refuses("batch_rows") { $0.batchRows = 0 })
    #expect(refuses("patience") { $0.patience = 0 })
    #expect(refuses("reassign_share") { $0.reassignShare = 1 })
    #expect(refuses("trim_share") { $0.trimShare = 1 })
    #expect(refuses("trim_share") { $0.trimShare = .nan })
    #expect(refuses("regularization") { $0.regularization = -1 })
    #expect(refuses("regularization") { $0.regularization = .infinity })
  }
}
