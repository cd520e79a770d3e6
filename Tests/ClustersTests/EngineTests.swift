internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// All engines that must give the same.
let exactEngines = ClusterEngine.allCases.filter { $0 != .auto }

/// Matrices that engines could disagree on.
enum Landscape: CaseIterable {
  case blobs, noise, lattice, collinear, copies, huge, tiny

  func matrix(rows: Int, columns: Int) -> FeatureMatrix {
    var random = SeededGenerator(seed: UInt64(rows + columns))
    let values = (0..<columns).map { column in
      (0..<rows).map { row in
        let noise = Double.random(in: -1...1, using: &random)
        switch self {
        case .blobs: return Double((row * 7 + column * 3) % 5) * 4 + noise
        case .noise: return noise
        case .lattice: return (noise * 2).rounded()
        case .collinear: return Double(column + 1) * Double((row * 7919) % 1009)
        case .copies: return Double(row % 9)
        case .huge: return noise * 1e300
        case .tiny: return noise * 1e-300
        }
      }
    }
    return FeatureMatrix(names: (0..<columns).map { "x\($0)" }, columns: values)
  }
}

/// What every engine must agree on, and how.
private struct Agreement: Equatable {
  let labels: [UInt16]
  let tried: [TriedClustering]
  let quality: [ClusterQuality]
  let inertias: [[Double]]
  let shifts: [[Double]]

  init(_ result: SweepResult) {
    labels = result.best.labels
    tried = result.tried
    quality = result.quality
    inertias = result.histories.map { $0.map(\.inertia) }
    shifts = result.histories.map { $0.map(\.squaredShift) }
  }
}

@Suite(.serialized) struct EngineTests {
  @Test(arguments: Landscape.allCases, ClusterPrecision.allCases)
  func `every engine is Lloyd after every round`(
    landscape: Landscape,
    precision: ClusterPrecision
  ) throws {
    let matrix = landscape.matrix(rows: 400, columns: 3)
    var options = ClusterOptions()
    options.precision = precision
    options.tolerance = 0
    for rounds in [1, 2, 3, 4, 5, 7, 10, 15] {
      options.maxRounds = rounds
      options.engine = .fused
      let starts = (0..<9).map { $0 * 31 }
      let lloyd = try withInstructionSet(.scalar) {
        Agreement(
          try KMeans.fit(matrix, options: options, startRows: starts, workers: Workers(count: 1))
        )
      }
      for engine in exactEngines {
        options.engine = engine
        let result = try KMeans.fit(
          matrix,
          options: options,
          startRows: starts,
          workers: Workers(count: 2)
        )
        #expect(Agreement(result) == lloyd, "\(engine), \(rounds) rounds")
        #expect(result.best.engine == engine.rawValue)
      }
    }
  }

  @Test(arguments: exactEngines)
  func `workers and starts side by side change no bit of any engine`(
    engine: ClusterEngine
  ) throws {
    let matrix = Landscape.blobs.matrix(rows: 33_000, columns: 2)
    var options = ClusterOptions()
    options.count = .sweep(5...6)
    options.starts = 2
    options.maxRounds = 5
    options.tolerance = 0
    options.engine = .fused
    let first = Agreement(try KMeans.fit(matrix, options: options, workers: Workers(count: 1)))
    options.engine = engine
    for workers in [1, 2, 3, 8] {
      let result = try KMeans.fit(matrix, options: options, workers: Workers(count: workers))
      #expect(Agreement(result) == first, "\(workers) workers")
    }
    // Room for the bounds of one start at a time.
    options.boundsMemory = 5_000_000
    let result = try KMeans.fit(matrix, options: options, workers: Workers(count: 2))
    #expect(Agreement(result) == first)
  }

  @Test func `an empty cluster is refilled alike by every engine`() throws {
    let matrix = line([0, 0, 0, 1, 1, 5, 9, 9, 30, 31, 32, 33])
    var options = ClusterOptions()
    options.tolerance = 0
    options.engine = .fused
    // Three starts are equal, so two clusters are empty in the first round.
    let starts = [0, 1, 2, 3, 8]
    let lloyd = try KMeans.fit(matrix, options: options, startRows: starts, workers: .all)
    #expect(Set(lloyd.best.labels).count == 5)
    for engine in exactEngines {
      options.engine = engine
      let result = try KMeans.fit(matrix, options: options, startRows: starts, workers: .all)
      #expect(Agreement(result) == Agreement(lloyd), "\(engine)")
    }
  }

  @Test func `a record adds up to all pairs of rows and centroids`() throws {
    let matrix = Landscape.blobs.matrix(rows: 3000, columns: 3)
    let starts = (0..<6).map { $0 * 17 }
    var options = ClusterOptions()
    options.tolerance = 0
    for collapse in [false, true] {
      for engine in exactEngines {
        options.engine = engine
        options.collapse = collapse
        let result = try KMeans.fit(
          matrix,
          options: options,
          startRows: starts,
          workers: Workers(count: 2)
        )
        let history = try #require(result.histories.first)
        #expect(history.map(\.round) == Array(1...result.best.rounds))
        #expect(
          history.allSatisfy { $0.distancesComputed + $0.distancesSkipped == 3000 * 6 },
          "\(engine)"
        )
        #expect(history.allSatisfy { $0.distancesComputed >= 0 && $0.seconds >= 0 })
        #expect(history.last?.squaredShift == 0)
        if ![.fused, .blas, .tile].contains(engine) {
          #expect(history.contains { $0.distancesSkipped > 3000 * 3 }, "\(engine)")
        } else {
          #expect(history.allSatisfy { collapse || $0.distancesSkipped == 0 })
        }
      }
    }
  }

  @Test func `the inertia of the last round at rest is that of the result`() throws {
    let matrix = Landscape.noise.matrix(rows: 5000, columns: 4)
    for (precision, tolerance) in [(ClusterPrecision.float64, 1e-12), (.float32, 1e-5)] {
      var options = ClusterOptions()
      options.count = .fixed(5)
      options.starts = 1
      options.tolerance = 0
      options.precision = precision
      let result = try KMeans.fit(matrix, options: options, workers: .all)
      let last = try #require(result.histories[0].last)
      #expect(abs(last.inertia - result.best.inertia) <= tolerance * result.best.inertia)
      // Inertia falls from round to round, but for what cancels in its record.
      let inertias = result.histories[0].map(\.inertia)
      #expect(
        zip(inertias, inertias.dropFirst()).allSatisfy { $0 * (1 + tolerance) >= $1 }
      )
    }
  }

  @Test func `the limit on rounds holds for every engine`() throws {
    let matrix = Landscape.noise.matrix(rows: 2000, columns: 2)
    for engine in exactEngines {
      var options = ClusterOptions()
      options.count = .fixed(9)
      options.maxRounds = 3
      options.tolerance = 0
      options.engine = engine
      let result = try KMeans.fit(matrix, options: options, workers: .all)
      #expect(result.best.rounds == 3)
      #expect(!result.best.converged)
      #expect(!result.tried[0].isOutOfTime)
      #expect(result.histories[0].count == 3)
    }
  }

  @Test func `the limit on seconds ends the rounds and is told`() throws {
    let matrix = Landscape.noise.matrix(rows: 2000, columns: 2)
    var options = ClusterOptions()
    options.count = .sweep(8...9)
    options.tolerance = 0
    options.maxSeconds = 1e-9
    let late = try KMeans.fit(matrix, options: options, workers: .all)
    #expect(late.tried.allSatisfy { $0.rounds == 1 && $0.isOutOfTime && !$0.converged })
    options.maxSeconds = 1e6
    let early = try KMeans.fit(matrix, options: options, workers: .all)
    #expect(early.tried.allSatisfy { $0.converged && !$0.isOutOfTime })
    options.maxSeconds = nil
    let free = try KMeans.fit(matrix, options: options, workers: .all)
    #expect(Agreement(free) == Agreement(early))
  }

  @Test func `bounds beyond their memory are refused with a way out`() throws {
    let matrix = Landscape.noise.matrix(rows: 10_000, columns: 2)
    var options = ClusterOptions()
    options.count = .fixed(64)
    options.starts = 1
    options.maxRounds = 2
    options.boundsMemory = 1_000_000
    options.engine = .elkan
    var refusal: ClusterError?
    do {
      _ = try KMeans.fit(matrix, options: options, workers: .all)
    } catch {
      refusal = error
    }
    guard case .boundsTooLarge(.elkan, let needed, 1_000_000) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(needed > 10_000 * 64 * 8)
    #expect(refusal?.description.contains("clusters.bounds_memory") == true)
    #expect(refusal?.description.contains("yinyang") == true)
    options.engine = .simplifiedYinyang
    #expect(try KMeans.fit(matrix, options: options, workers: .all).best.clusterCount == 64)
  }
}
