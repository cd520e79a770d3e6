internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// Rows of several chunks, so that every order of summation shows.
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

/// What must not depend on workers, engines and levels.
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

@Suite(.serialized) struct LawTests {
  @Test(arguments: ClusterPrecision.allCases, [1, 3, 20])
  func `workers, engines and levels change no bit`(
    precision: ClusterPrecision,
    columns: Int
  ) throws {
    let matrix = scattered(UInt64(columns), rows: columns == 3 ? 33_001 : 3001, columns: columns)
    var options = ClusterOptions()
    options.count = .sweep(2...4)
    options.starts = 2
    options.maxRounds = 4
    options.precision = precision
    options.engine = .fused
    let first = Outcome(try KMeans.fit(matrix, options: options, workers: Workers(count: 1)))
    for workers in [1, 2, 3, 8] {
      for engine in [ClusterEngine.blas, .tile, .fused] {
        options.engine = engine
        let result = try KMeans.fit(matrix, options: options, workers: Workers(count: workers))
        #expect(Outcome(result) == first, "\(workers) workers, \(engine)")
      }
    }
    for level in InstructionSet.available {
      options.engine = .fused
      let result = try withInstructionSet(level) {
        try KMeans.fit(matrix, options: options, workers: Workers(count: 2))
      }
      #expect(Outcome(result) == first, "\(level)")
    }
  }

  @Test func `inertia never rises from round to round`() throws {
    for seed in UInt64(0)..<3 {
      let matrix = scattered(seed, rows: 1000, columns: 2)
      var options = ClusterOptions()
      options.tolerance = 0
      var last = Double.infinity
      for rounds in 1...25 {
        options.maxRounds = rounds
        let starts = [0, 1, 2, 3, 4]
        let result = try KMeans.fit(matrix, options: options, startRows: starts, workers: .all)
        // Sums round: a few units in the last place are no rise.
        #expect(result.best.inertia <= last * (1 + 1e-14), "seed \(seed), round \(rounds)")
        last = result.best.inertia
      }
    }
  }

  @Test func `labels, sizes and inertia belong to the centroids returned`() throws {
    let matrix = scattered(7, rows: 2000, columns: 3)
    for tolerance in [0, 1e-2] {
      var options = ClusterOptions()
      options.count = .fixed(5)
      options.tolerance = tolerance
      let result = try KMeans.fit(matrix, options: options, workers: .all).best
      var inertia = 0.0
      for row in 0..<matrix.rowCount {
        let distances = (0..<5).map { cluster in
          (0..<3).reduce(0.0) { sum, column in
            let gap =
              matrix.values[column * matrix.rowCount + row]
              - result.centroids[cluster * 3 + column]
            return sum + gap * gap
          }
        }
        let nearest = distances.indices.min { distances[$0] < distances[$1] }
        #expect(nearest == Int(result.labels[row]))
        inertia += distances[Int(result.labels[row])]
      }
      #expect(abs(inertia - result.inertia) < 1e-9 * inertia)
    }
  }

  @Test func `the same seed gives the same clusters and another seed others`() throws {
    let matrix = scattered(9, rows: 500, columns: 2)
    var options = ClusterOptions()
    options.starts = 1
    options.maxRounds = 1
    func fit(_ seed: UInt64) throws -> Outcome {
      options.seed = seed
      return Outcome(try KMeans.fit(matrix, options: options, workers: .all))
    }
    #expect(try fit(1) == fit(1))
    #expect(try fit(1) != fit(2))
  }
}
