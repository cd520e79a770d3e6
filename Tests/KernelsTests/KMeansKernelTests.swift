internal import Kernels
internal import TestKit
internal import Testing

/// The kernels of k-means against a plain reference in Swift, at every SIMD level.
@Suite(.serialized) struct KMeansKernelTests {
  static let columnCounts = [1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64]

  @Test(arguments: columnCounts)
  func `every level and engine equals the reference in float`(columns: Int) throws {
    try compare(Float.self, lanes: 16, columns: columns)
  }

  @Test(arguments: columnCounts)
  func `every level and engine equals the reference in double`(columns: Int) throws {
    try compare(Double.self, lanes: 8, columns: columns)
  }

  @Test(arguments: [1, 2, 5, 6, 8, 13, 16, 24, 33])
  func `engines agree where rows stand between centroids`(columns: Int) throws {
    try compareBetween(Float.self, columns: columns)
    try compareBetween(Double.self, columns: columns)
  }

  @Test func `more clusters than the tile counts are left to the direct engine`() throws {
    let sample = Sample<Float>(5, 40, 1, 16_390, isCoarse: false)
    #expect(try sample.assign(.tile) == sample.assign(.fused))
  }

  @Test func `seeding and quality come out the same at every level`() throws {
    try compareSeeding(Float.self)
    try compareSeeding(Double.self)
  }

  @Test func `more centroids than the kernels take are refused`() throws {
    let rows = ClusterRows<Double>(
      columns: [1, 2, 3],
      rowCount: 3,
      centres: [0],
      scale: 1,
      workers: Workers(count: 1)
    )
    var partial = ClusterPartial(clusterCount: 70_000, columnCount: 1)
    #expect(throws: KernelError.badShape) {
      try rows.assign(
        block: 0,
        centroids: Array(repeating: 0, count: 70_000),
        engine: .fused,
        wantsInertia: true,
        scratch: ClusterScratch(),
        partial: &partial
      )
    }
  }

  private func compare<Value: ClusterValue>(
    _ type: Value.Type,
    lanes: Int,
    columns: Int
  ) throws {
    var shapes = [(1, 1), (63, 2), (150, 5), (70, 36), (20, 70)]
    if columns == 3 { shapes += [(4096, 4), (529, 7)] }
    for (rowCount, clusters) in shapes {
      for isCoarse in [false, true] {
        let seed = UInt64(columns * 10_000 + rowCount * 2 + (isCoarse ? 1 : 0))
        let sample = Sample<Value>(seed, rowCount, columns, clusters, isCoarse: isCoarse)
        let expected = sample.reference(lanes: lanes)
        for level in InstructionSet.available {
          for engine in NearestEngine.allCases {
            let actual = try withInstructionSet(level) { try sample.assign(engine) }
            #expect(actual == expected, "seed \(seed), \(level), \(engine), \(clusters) clusters")
          }
        }
      }
    }
  }

  /// Rows half-way between two centroids, or a unit in the last place off: only the canonical
  /// distance may decide.
  private func compareBetween<Value: ClusterValue>(_ type: Value.Type, columns: Int) throws {
    for clusters in [1, 2, 3, 6, 7, 8, 9, 16, 17, 64, 65, 130] {
      let seed = UInt64(columns * 1000 + clusters)
      let sample = Sample<Value>(between: seed, 700, columns, clusters)
      let expected = try sample.assign(.fused)
      for level in InstructionSet.available {
        for engine in NearestEngine.allCases {
          let actual = try withInstructionSet(level) { try sample.assign(engine) }
          #expect(actual == expected, "seed \(seed), \(level), \(engine), \(clusters) clusters")
        }
      }
    }
  }

  private func compareSeeding<Value: ClusterValue>(_ type: Value.Type) throws {
    for columns in Self.columnCounts {
      let sample = Sample<Value>(UInt64(columns), 777, columns, 6, isCoarse: false)
      var results: [SeedingFigures] = []
      for level in InstructionSet.available {
        results.append(try withInstructionSet(level) { try sample.seed() })
      }
      #expect(results.allSatisfy { $0 == results[0] }, "\(columns) columns")
      #expect(results[0].tried.allSatisfy { $0 <= results[0].taken })
      #expect(results[0].silhouette.isFinite)
    }
  }
}

/// What one block gives.
private struct BlockFigures: Equatable {
  var partial: ClusterPartial
  var labels: [UInt16]
  var gaps: [Double]
}

private struct SeedingFigures: Equatable {
  var taken: Double
  var tried: [Double]
  var gaps: [Double]
  var spreads: [Double]
  var silhouette: Double
}

/// One block of random rows, with centroids that are rows or lie among them.
private struct Sample<Value: ClusterValue> {
  let rows: ClusterRows<Value>
  let centroids: [Value]
  let clusterCount: Int

  /// Coarse values make ties, equal rows and equal centroids common.
  init(_ seed: UInt64, _ rowCount: Int, _ columns: Int, _ clusters: Int, isCoarse: Bool) {
    var random = SeededGenerator(seed: seed)
    func value() -> Double {
      let value = Double.random(in: -2...2, using: &random)
      return isCoarse ? value.rounded() : value
    }
    let values = (0..<rowCount * columns).map { _ in value() }
    centroids = (0..<clusters * columns).map { _ in Value(value()) }
    clusterCount = clusters
    rows = ClusterRows(
      columns: values,
      rowCount: rowCount,
      centres: Array(repeating: 0, count: columns),
      scale: 1,
      workers: Workers(count: 1)
    )
  }

  /// Rows at the middle of two random centroids, every other one nudged in its last place.
  init(between seed: UInt64, _ rowCount: Int, _ columns: Int, _ clusters: Int) {
    var random = SeededGenerator(seed: seed)
    let places = (0..<clusters * columns).map { _ in
      Value(Double.random(in: -1...1, using: &random))
    }
    var values = Array(repeating: 0.0, count: rowCount * columns)
    for row in 0..<rowCount {
      let first = Int.random(in: 0..<clusters, using: &random)
      let second = Int.random(in: 0..<clusters, using: &random)
      for column in 0..<columns {
        let middle = (places[first * columns + column] + places[second * columns + column]) / 2
        let nudged = row % 2 == 0 || column > 0 ? middle : middle.nextUp
        values[column * rowCount + row] = Double(nudged)
      }
    }
    centroids = places
    clusterCount = clusters
    rows = ClusterRows(
      columns: values,
      rowCount: rowCount,
      centres: Array(repeating: 0, count: columns),
      scale: 1,
      workers: Workers(count: 1)
    )
  }

  func assign(_ engine: NearestEngine) throws -> BlockFigures {
    let labels = RowBuffer<UInt16>(rowCount: rows.rowCount, filledWith: 9)
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: 9)
    var partial = ClusterPartial(clusterCount: clusterCount, columnCount: rows.columnCount)
    try rows.assign(
      block: 0,
      centroids: centroids,
      engine: engine,
      norms: rows.norms(workers: Workers(count: 1)),
      wantsInertia: true,
      scratch: ClusterScratch(),
      partial: &partial,
      labels: labels,
      gaps: gaps
    )
    return BlockFigures(
      partial: partial,
      labels: labels.array(),
      gaps: gaps.array().map(Double.init)
    )
  }

  /// The same in Swift: fused multiply-adds over ascending columns, sums in lanes by row index.
  func reference(lanes: Int) -> BlockFigures {
    let columns = rows.columnCount
    var sums = Array(repeating: Array(repeating: Value(0), count: lanes), count: centroids.count)
    var inertia = Array(repeating: Value(0), count: lanes)
    var partial = ClusterPartial(clusterCount: clusterCount, columnCount: columns)
    var labels: [UInt16] = []
    var gaps: [Double] = []
    for index in 0..<rows.rowCount {
      let row = rows.row(index)
      let distances = (0..<clusterCount).map { cluster in
        (0..<columns).reduce(Value(0)) { sum, column in
          let gap = row[column] - centroids[cluster * columns + column]
          return sum.addingProduct(gap, gap)
        }
      }
      let label = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      for column in 0..<columns { sums[label * columns + column][index % lanes] += row[column] }
      inertia[index % lanes] += distances[label]
      partial.counts[label] += 1
      labels.append(UInt16(label))
      gaps.append(Double(distances[label]))
    }
    partial.sums = sums.map { $0.reduce(0.0) { $0 + Double($1) } }
    partial.inertia = inertia.reduce(0.0) { $0 + Double($1) }
    return BlockFigures(partial: partial, labels: labels, gaps: gaps)
  }

  func seed() throws -> SeedingFigures {
    let columns = rows.columnCount
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: .infinity)
    let taken = try rows.take(block: 0, centroid: Array(centroids.prefix(columns)), gaps: gaps)
    var tried = Array(repeating: 0.0, count: clusterCount)
    try rows.probe(block: 0, candidates: centroids, gaps: gaps, totals: &tried)
    let labels = RowBuffer<UInt16>(rowCount: rows.rowCount, filledWith: 1)
    var quality = QualityPartial(clusterCount: clusterCount)
    try rows.judge(
      block: 0,
      centroids: centroids,
      labels: labels,
      scratch: ClusterScratch(),
      partial: &quality
    )
    return SeedingFigures(
      taken: taken,
      tried: tried,
      gaps: gaps.array().map(Double.init),
      spreads: quality.spreads,
      silhouette: quality.silhouette
    )
  }
}
