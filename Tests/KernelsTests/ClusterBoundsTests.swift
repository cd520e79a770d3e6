internal import Kernels
internal import TestKit
internal import Testing

/// Shapes of data that bounds could stumble over.
enum Terrain: CaseIterable {
  /// Clusters that stand apart: bounds settle most rows.
  case blobs
  /// No structure: bounds settle few rows.
  case noise
  /// Small whole numbers: many rows are as near to one centroid as to another.
  case lattice
  /// All rows on one line through the space.
  case collinear
  /// Five different rows.
  case copies
  /// Values whose squares are below the smallest float.
  case tiny
  /// One column that counts, beside others that vanish in it.
  case mixed

  func value(_ random: inout SeededGenerator, row: Int, column: Int, columns: Int) -> Double {
    let noise = Double.random(in: -1...1, using: &random)
    switch self {
    case .blobs: return Double((row * 7 + column * 3) % 11) * 3 + noise
    case .noise: return noise
    case .lattice: return (noise * 2).rounded()
    case .collinear: return Double(column + 1) * Double((row * 7919) % 1009) / 1009
    case .copies: return Double(row % 5)
    case .tiny: return noise * 1e-25
    case .mixed: return column == 0 ? noise : noise * 1e-22
    }
  }
}

/// The engines with bounds against all distances, round by round.
@Suite(.serialized) struct ClusterBoundsTests {
  @Test(arguments: Terrain.allCases)
  func `bounds give the labels and sums of all distances in every round in float`(
    terrain: Terrain
  ) throws {
    try compare(Float.self, terrain)
  }

  @Test(arguments: Terrain.allCases)
  func `bounds give the labels and sums of all distances in every round in double`(
    terrain: Terrain
  ) throws {
    try compare(Double.self, terrain)
  }

  @Test func `centroids that jump or coincide do not mislead bounds`() throws {
    try compareJumps(Float.self)
    try compareJumps(Double.self)
  }

  @Test func `bounds that touch do not hide a tie`() throws {
    // Without room for rounding every sixth or so of these ends at the wrong side.
    try compareTies(Float.self, scales: [1, 1e-18, 1e-22])
    try compareTies(Double.self, scales: [1, 1e-158, 1e-161])
  }

  @Test func `bounds skip most distances of clusters that stand apart`() throws {
    let rows = Self.rows(Double.self, .blobs, 5000, 4)
    let rounds = try Self.lloyd(rows, Self.starts(rows, 11, stride: 37), rounds: 12)
    for kind in BoundsKind.allCases {
      let computed = try Self.carry(kind, rows, rounds).map(\.computed)
      #expect(computed[0] <= 5000 * 11)
      #expect(computed.dropFirst(6).allSatisfy { $0 < 5000 * 11 / 4 }, "\(kind): \(computed)")
    }
  }

  @Test func `a start takes as many bytes as its engine says`() throws {
    func bytes(_ kind: BoundsKind, groups: Int = 1) -> Int? {
      ClusterBounds<Float>.byteCount(
        kind,
        rowCount: 1_000_000,
        columnCount: 8,
        clusterCount: 100,
        groupCount: groups
      )
    }
    let hamerly = try #require(bytes(.hamerly))
    let elkan = try #require(bytes(.elkan))
    let yinyang = try #require(bytes(.yinyang, groups: 10))
    // Two values of 4 bytes and a label of 2; one more for each of 100 centroids (112 with padding) or
    // 10 groups.
    #expect((10_000_000..<10_100_000).contains(hamerly))
    #expect((454_000_000..<454_200_000).contains(elkan))
    #expect((46_000_000..<46_100_000).contains(yinyang))
    let beyond = ClusterBounds<Float>.byteCount(
      .elkan,
      rowCount: .max / 8,
      columnCount: 8,
      clusterCount: 100,
      groupCount: 1
    )
    #expect(beyond == nil)
  }

  @Test func `equal rows are found whatever the sign of zero`() throws {
    let rows = ClusterRows<Double>(
      [[0, 1], [-0.0, 1], [1, 0], [0, 1], [1, -0.0], [2, 2]],
      columnCount: 2
    )
    let collapsed = try CollapsedRows(rows)
    #expect(collapsed.distinct.rowCount == 3)
    #expect((0..<3).map(collapsed.distinct.row) == [[0, 1], [1, 0], [2, 2]])
    let marks = RowBuffer<UInt16>(rowCount: 3, filledWith: 7)
    let all = RowBuffer<UInt16>(rowCount: 6, filledWith: 0)
    collapsed.expand(block: 0, marks, into: all)
    #expect(all.array() == [7, 7, 7, 7, 7, 7])
  }

  /// What a round leaves.
  struct Round: Equatable {
    var labels: [UInt16]
    var partial: ClusterPartial
  }

  static func rows<Value: ClusterValue>(
    _ type: Value.Type,
    _ terrain: Terrain,
    _ rowCount: Int,
    _ columns: Int
  ) -> ClusterRows<Value> {
    var random = SeededGenerator(seed: UInt64(rowCount * 100 + columns))
    let rows = (0..<rowCount).map { row in
      (0..<columns).map {
        Value(terrain.value(&random, row: row, column: $0, columns: columns))
      }
    }
    return ClusterRows(rows, columnCount: columns)
  }

  /// Some of the rows as centroids.
  static func starts<Value>(_ rows: ClusterRows<Value>, _ count: Int, stride: Int) -> [Value] {
    (0..<count).flatMap { rows.row($0 * stride % rows.rowCount) }
  }

  /// Rounds with all distances; each has the centroids that it began with.
  static func lloyd<Value>(
    _ rows: ClusterRows<Value>,
    _ start: [Value],
    rounds: Int
  ) throws -> [(centroids: [Value], round: Round)] {
    var centroids = start
    return try (0..<rounds).map { _ in
      let begin = centroids
      let round = try all(rows, centroids)
      centroids = begin.indices.map { index in
        let count = round.partial.counts[index / rows.columnCount]
        return count == 0 ? begin[index] : Value(round.partial.sums[index] / Double(count))
      }
      return (begin, round)
    }
  }

  static func all<Value>(_ rows: ClusterRows<Value>, _ centroids: [Value]) throws -> Round {
    let labels = RowBuffer<UInt16>(rowCount: rows.rowCount, filledWith: 0)
    var partial = empty(rows, centroids)
    for block in 0..<rows.blockCount {
      try rows.assign(
        block: block,
        centroids: centroids,
        engine: .fused,
        wantsInertia: false,
        scratch: ClusterScratch(),
        partial: &partial,
        labels: labels
      )
    }
    return Round(labels: labels.array(), partial: partial)
  }

  /// The same rounds with bounds that are carried along.
  static func carry<Value>(
    _ kind: BoundsKind,
    _ rows: ClusterRows<Value>,
    _ rounds: [(centroids: [Value], round: Round)]
  ) throws -> [(round: Round, computed: Int)] {
    let clusterCount = (rounds.first?.centroids.count ?? 0) / rows.columnCount
    let groups = max(1, clusterCount / 4)
    let bounds = try ClusterBounds(
      rows: rows,
      kind: kind,
      clusterCount: clusterCount,
      groups: (0..<clusterCount).map { UInt16($0 % groups) }
    )
    let scratch = ClusterScratch<Value>()
    return try rounds.map { given in
      try bounds.begin(given.centroids)
      var partial = empty(rows, given.centroids)
      var computed = 0
      for block in 0..<rows.blockCount {
        computed += try bounds.pass(block: block, scratch: scratch, partial: &partial)
      }
      return (Round(labels: bounds.labels.array(), partial: partial), computed)
    }
  }

  private static func empty<Value>(
    _ rows: ClusterRows<Value>,
    _ centroids: [Value]
  ) -> ClusterPartial {
    ClusterPartial(
      clusterCount: centroids.count / rows.columnCount,
      columnCount: rows.columnCount
    )
  }

  /// All kinds at all levels equal the plain form of all distances, and each other in what they compute.
  private func expectEqual<Value>(
    _ rows: ClusterRows<Value>,
    _ rounds: [(centroids: [Value], round: Round)],
    _ place: String
  ) throws {
    for kind in BoundsKind.allCases {
      var counts: Set<[Int]> = []
      for level in InstructionSet.available {
        let carried = try withInstructionSet(level) { try Self.carry(kind, rows, rounds) }
        let isEqual = carried.map(\.round) == rounds.map(\.round)
        #expect(isEqual, "\(place), \(kind), \(level)")
        counts.insert(carried.map(\.computed))
      }
      #expect(counts.count == 1, "\(place), \(kind): distances differ between levels")
      let pairs = rows.rowCount * (rounds[0].centroids.count / rows.columnCount)
      #expect(counts.allSatisfy { $0.allSatisfy { $0 <= pairs } }, "\(place), \(kind)")
    }
  }

  private func compare<Value: ClusterValue>(_ type: Value.Type, _ terrain: Terrain) throws {
    for (rowCount, columns, clusters) in [
      (1, 1, 1), (40, 1, 3), (4200, 2, 7), (530, 5, 18), (300, 17, 40), (150, 3, 150),
    ] {
      let rows = Self.rows(type, terrain, rowCount, columns)
      let start = Self.starts(rows, clusters, stride: 7)
      let rounds = try withInstructionSet(.scalar) { try Self.lloyd(rows, start, rounds: 9) }
      try expectEqual(rows, rounds, "\(terrain) \(rowCount) × \(columns), \(clusters) clusters")
    }
  }

  /// A row at the origin, nearer to the second of two centroids, which move along one line until both
  /// are equally far: the bounds are then as tight as can be, and the first centroid must win.
  private func compareTies<Value: ClusterValue>(_ type: Value.Type, scales: [Double]) throws {
    var random = SeededGenerator(seed: 5)
    for attempt in 0..<300 {
      let columns = Int.random(in: 1...12, using: &random)
      let scale = scales[attempt % scales.count]
      let line = (0..<columns).map { _ in
        Value(Double.random(in: -1...1, using: &random) * scale)
      }
      let near = Double.random(in: 0.1...0.4, using: &random)
      let far = Double.random(in: 0.9...1.2, using: &random)
      let meeting = Double.random(in: 0.5...0.8, using: &random)
      let steps = Int.random(in: 1...4, using: &random)
      let rows = ClusterRows([line.map { _ in Value(0) }], columnCount: columns)
      let rounds = try (0...steps).map { step in
        let share = Double(step) / Double(steps)
        let first = Value(step == steps ? meeting : far + (meeting - far) * share)
        let second = Value(step == steps ? meeting : near + (meeting - near) * share)
        let centroids = line.map { -(first * $0) } + line.map { second * $0 }
        return (centroids, try Self.all(rows, centroids))
      }
      #expect(rounds[steps].1.labels == [0])
      for kind in BoundsKind.allCases {
        let carried = try Self.carry(kind, rows, rounds).map(\.round)
        #expect(carried == rounds.map(\.1), "attempt \(attempt), \(kind)")
      }
    }
  }

  private func compareJumps<Value: ClusterValue>(_ type: Value.Type) throws {
    let rows = Self.rows(type, .blobs, 700, 3)
    let rounds = try withInstructionSet(.scalar) {
      try (0..<12).map { round in
        // Every third time two centroids are equal, and every fourth nothing moves.
        var centroids = Self.starts(rows, 20, stride: 13 + round / 4 * 50)
        if round % 3 == 0 { centroids.replaceSubrange(3..<6, with: centroids[30..<33]) }
        return (centroids, try Self.all(rows, centroids))
      }
    }
    try expectEqual(rows, rounds, "jumps")
  }
}
