internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

private func trial(
  _ matrix: FeatureMatrix,
  _ centroids: [Double],
  engine: ClusterEngine = .auto,
  precision: ClusterPrecision = .float64,
  workers: Int = 2
) throws -> EngineTrial {
  var options = ClusterOptions()
  options.engine = engine
  options.precision = precision
  return try KMeans.trial(
    matrix,
    centroids: centroids,
    options: options,
    workers: Workers(count: workers)
  )
}

@Suite struct EngineTrialTests {
  @Test func `four points on a line fall into two pairs`() throws {
    // From 0 and 11: {0, 1} and {10, 11}, centroids 0.5 and 10.5, four times 0.25.
    let found = try trial(line([0, 1, 10, 11]), [0, 11])
    #expect(found.labels == [0, 0, 1, 1])
    #expect(found.centroids == [0.5, 10.5])
    #expect(found.inertia == 1)
    #expect(found.rounds == 2 && found.converged)
    // Two rounds of four rows and two centroids, whoever computes them.
    #expect(found.distancesComputed + found.distancesSkipped == 16)
  }

  @Test(arguments: ClusterPrecision.allCases)
  func `every engine gives the bits of a fit from the same rows`(
    precision: ClusterPrecision
  ) throws {
    let matrix = blobs([(0, 0), (3, 1), (100, 7), (2, 2)], count: 400, seed: 5)
    let rows = [3, 500, 1000, 1500]
    let start = rows.flatMap { row in [matrix.values[row], matrix.values[1600 + row]] }
    var options = ClusterOptions()
    options.precision = precision
    let fit = try KMeans.fit(matrix, options: options, startRows: rows, workers: .all).best
    let reference = try trial(matrix, start, engine: .fused, precision: precision)
    #expect(reference.labels == fit.labels)
    #expect(reference.centroids == fit.centroids)
    #expect(reference.inertia == fit.inertia)
    for engine in ClusterEngine.allCases {
      for workers in [1, 2, 3, 8] {
        let other = try trial(matrix, start, engine: engine, precision: precision, workers: workers)
        #expect(other.difference(from: reference) == nil, "\(engine), \(workers) workers")
      }
    }
  }

  @Test(arguments: [1e-300, 1e300])
  func `scales beyond squares are as good as any, starts beyond the matrix are refused`(
    scale: Double
  ) throws {
    let found = try trial(line([0, 1 * scale, 10 * scale, 11 * scale]), [0, 11 * scale])
    #expect(found.labels == [0, 0, 1, 1])
    for far in [1e200, -1e200] {
      #expect(throws: ClusterError.self) { _ = try trial(line([0, 1, 10, 11]), [0, far]) }
    }
  }

  @Test func `seeded rows are distinct, and as many as there can be`() throws {
    let matrix = blobs([(0, 0), (9, 9)], count: 100, seed: 2)
    for count in [1, 2, 7, 200] {
      let rows = try KMeans.seededRows(matrix, clusterCount: count, seed: 4, workers: .all)
      #expect(rows.count == count)
      #expect(Set(rows).count == count)
    }
    let few = line([1, 1, 1, 2, 2])
    let rows = try KMeans.seededRows(few, clusterCount: 4, seed: 4, workers: .all)
    #expect(Set(rows) == [0, 3])
    #expect(throws: ClusterError.self) {
      _ = try KMeans.seededRows(few, clusterCount: 0, seed: 4, workers: .all)
    }
  }

  @Test func `what differs first is told`() throws {
    var round = try trial(line([0, 1, 10, 11]), [0, 11]).history[0]
    round.squaredShift = 0.25
    func make(_ change: (inout EngineTrial) -> Void) -> EngineTrial {
      var trial = EngineTrial(
        engine: .fused,
        labels: [0, 1, 1],
        centroids: [1, 2, 3, 4],
        columnCount: 2,
        inertia: 5,
        converged: true,
        history: [round]
      )
      change(&trial)
      return trial
    }
    let reference = make { _ in }
    #expect(make { $0.engine = .blas }.difference(from: reference) == nil)
    #expect(
      make { $0.labels[2] = 0 }.difference(from: reference) == .label(row: 2, 0, 1)
    )
    #expect(
      make { $0.centroids[2].negate() }.difference(from: reference)
        == .centroid(cluster: 1, column: 0, -3, 3)
    )
    #expect(make { $0.inertia = 5.5 }.difference(from: reference) == .inertia(5.5, 5))
    #expect(make { $0.history = [] }.difference(from: reference) == .rounds(0, 1))
    #expect(
      make { $0.history[0].squaredShift = 0.5 }.difference(from: reference) == .round(1, 0.5, 0.25)
    )
    // Who computes how much in what time is up to the engine.
    #expect(
      make {
        $0.history[0].distancesComputed = 1
        $0.history[0].seconds = 3
      }.difference(from: reference) == nil
    )
    // Zeros of different signs are equal numbers with different bits.
    let zero = make { $0.centroids[0] = 0 }
    #expect(make { $0.centroids[0] = -0.0 }.difference(from: zero) != nil)
  }
}
