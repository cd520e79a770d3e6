public import Kernels
public import Tables

/// What one engine made of one matrix from one start.
public struct EngineTrial: Sendable {
  /// The engine that did the work; what `auto` stands for.
  public var engine: ClusterEngine
  /// For each row the index of its cluster.
  public var labels: [UInt16]
  /// k × d, row-major, in the units of the matrix.
  public var centroids: [Double]
  /// d.
  public var columnCount: Int
  /// Sum of squared distances to the centroids, in squared units of the matrix.
  public var inertia: Double
  /// Whether it came to rest before the limit on rounds.
  public var converged: Bool
  /// One record a round.
  public var history: [ClusterRound]

  /// Names the result of one engine.
  public init(
    engine: ClusterEngine,
    labels: [UInt16],
    centroids: [Double],
    columnCount: Int,
    inertia: Double,
    converged: Bool,
    history: [ClusterRound]
  ) {
    self.engine = engine
    self.labels = labels
    self.centroids = centroids
    self.columnCount = columnCount
    self.inertia = inertia
    self.converged = converged
    self.history = history
  }

  /// Assign–update rounds done.
  public var rounds: Int { history.count }
  /// Distances between rows and centroids that were computed in the rounds.
  public var distancesComputed: Int { history.reduce(0) { $0 + $1.distancesComputed } }
  /// Distances that were decided without in the rounds.
  public var distancesSkipped: Int { history.reduce(0) { $0 + $1.distancesSkipped } }
}

/// Where one trial differs from another: first its own figure, then the other's.
public enum TrialDifference: Equatable, Sendable {
  /// A row has another label.
  case label(row: Int, UInt16, UInt16)
  /// A value of a centroid has other bits.
  case centroid(cluster: Int, column: Int, Double, Double)
  /// The inertia has other bits.
  case inertia(Double, Double)
  /// More or fewer rounds.
  case rounds(Int, Int)
  /// The inertia or the shift of a round, counted from 1, has other bits.
  case round(Int, Double, Double)
}

extension EngineTrial {
  /// What differs first from the result of another engine on the same matrix; nil where every bit is
  /// the same.
  public func difference(from other: EngineTrial) -> TrialDifference? {
    precondition(
      labels.count == other.labels.count && centroids.count == other.centroids.count,
      "results of one matrix and one number of clusters are compared"
    )
    if let row = labels.indices.first(where: { labels[$0] != other.labels[$0] }) {
      return .label(row: row, labels[row], other.labels[row])
    }
    let different = centroids.indices.first {
      centroids[$0].bitPattern != other.centroids[$0].bitPattern
    }
    if let index = different {
      let (cluster, column) = index.quotientAndRemainder(dividingBy: max(1, columnCount))
      return .centroid(cluster: cluster, column: column, centroids[index], other.centroids[index])
    }
    if inertia.bitPattern != other.inertia.bitPattern { return .inertia(inertia, other.inertia) }
    guard rounds == other.rounds else { return .rounds(rounds, other.rounds) }
    for (own, others) in zip(history, other.history) {
      let figures = [(own.inertia, others.inertia), (own.squaredShift, others.squaredShift)]
      for (left, right) in figures where left.bitPattern != right.bitPattern {
        return .round(own.round, left, right)
      }
    }
    return nil
  }
}

extension KMeans {
  /// Runs one engine from given centroids, and nothing besides: what comparisons of engines time.
  ///
  /// - Parameters:
  ///   - matrix: n × d finite values.
  ///   - centroids: k × d starting points, row-major, in the units of the matrix.
  ///   - options: Of these the engine, the precision, the rounds and the tolerance count.
  ///   - workers: Share every pass over the rows.
  /// - Returns: Final labels and centroids, the labels being those of the nearest centroids.
  /// - Throws: ``ClusterError`` as for ``fit(_:options:startRows:workers:)``.
  public static func trial(
    _ matrix: FeatureMatrix,
    centroids: [Double],
    options: ClusterOptions,
    workers: Workers
  ) throws(ClusterError) -> EngineTrial {
    try options.validate()
    guard matrix.rowCount > 0, matrix.columnCount > 0 else {
      throw .empty(rows: matrix.rowCount, columns: matrix.columnCount)
    }
    precondition(
      !centroids.isEmpty && centroids.count % matrix.columnCount == 0,
      "centroids are not k × d"
    )
    switch options.precision {
    case .float32:
      return try Trial<Float>(matrix, options: options, workers: workers).run(centroids)
    case .float64:
      return try Trial<Double>(matrix, options: options, workers: workers).run(centroids)
    }
  }

  /// Rows that greedy k-means++ chooses from a sample, for engines to start from.
  ///
  /// - Parameters:
  ///   - matrix: n × d finite values.
  ///   - clusterCount: How many rows.
  ///   - seed: Every random choice comes from it.
  ///   - workers: Share every pass over the rows.
  /// - Returns: Distinct rows; fewer where fewer rows of the matrix are distinct.
  /// - Throws: ``ClusterError`` for an empty matrix, a value that is not finite, or too many clusters.
  public static func seededRows(
    _ matrix: FeatureMatrix,
    clusterCount: Int,
    seed: UInt64,
    workers: Workers
  ) throws(ClusterError) -> [Int] {
    guard matrix.rowCount > 0, matrix.columnCount > 0 else {
      throw .empty(rows: matrix.rowCount, columns: matrix.columnCount)
    }
    try ClusterOptions.require(clusterCount: clusterCount)
    let rows = try ClusterSpace<Double>(matrix, workers: workers).rows
    let sample = rows.sample(rowCount: SampledStarts<Double>.sampleRows, start: 0)
    let isEnough = sample.distinctCount(upTo: clusterCount) == clusterCount
    let chosen = isEnough ? sample : rows
    var random = RandomStream(seed: seed, stream: 0)
    let centroids = try Seeding(rows: chosen, workers: workers).sequence(
      clusterCount: isEnough ? clusterCount : rows.distinctCount(upTo: clusterCount),
      random: &random
    )
    return rows.firstIndices(of: centroids)
  }
}

extension ClusterEngine {
  /// The engine that ``auto`` takes for a matrix of n × d and k clusters.
  public static func choice(
    rowCount: Int,
    columnCount: Int,
    clusterCount: Int
  ) -> ClusterEngine {
    ClusterEngine.auto.resolved(columnCount: columnCount, clusterCount: clusterCount).engine
  }
}

extension ClusterOptions {
  /// Refuses numbers of clusters that no label can stand for.
  fileprivate static func require(clusterCount: Int) throws(ClusterError) {
    var options = ClusterOptions()
    options.count = .fixed(clusterCount)
    try options.validate()
  }
}

extension ClusterRows {
  /// For each of some rows, given by their values, the first row that is equal.
  fileprivate func firstIndices(of values: [Value]) -> [Int] {
    let wanted = stride(from: 0, to: values.count, by: columnCount).map {
      Array(values[$0..<$0 + columnCount])
    }
    var missing = Set(wanted)
    var found: [[Value]: Int] = [:]
    for index in 0..<rowCount where !missing.isEmpty {
      let row = row(index)
      if missing.remove(row) != nil { found[row] = index }
    }
    return wanted.compactMap { found[$0] }
  }
}

/// One matrix in one precision.
private struct Trial<Value: ClusterValue> {
  let space: ClusterSpace<Value>
  let options: ClusterOptions
  let workers: Workers

  init(_ matrix: FeatureMatrix, options: ClusterOptions, workers: Workers) throws(ClusterError) {
    space = try ClusterSpace(matrix, workers: workers)
    self.options = options
    self.workers = workers
  }

  func run(_ centroids: [Double]) throws(ClusterError) -> EngineTrial {
    let columns = space.rows.columnCount
    let limit = ClusterRows<Value>.maxCentroidValues
    guard centroids.count <= limit else {
      throw .tooManyClusters(
        clusters: centroids.count / columns,
        columns: columns,
        limit: limit
      )
    }
    let engine = options.engine.resolved(
      columnCount: columns,
      clusterCount: centroids.count / columns
    )
    let lloyd = try Lloyd(space: space, engine: engine, options: options, workers: workers)
    let start = try space.taken(centroids)
    let (attempt, assignment) = try lloyd.assignedBest(of: [start])
    return EngineTrial(
      engine: engine.engine,
      labels: assignment.labels.array(),
      centroids: space.unscaled(attempt.centroids),
      columnCount: columns,
      inertia: space.unscaled(squared: attempt.inertia),
      converged: attempt.converged,
      history: attempt.history.map(space.unscaled)
    )
  }
}

extension ClusterSpace {
  /// Centroids in the units of the matrix, taken into this space as rows are.
  ///
  /// - Throws: ``ClusterError/badOption(key:value:allowed:)`` for a value far beyond the matrix, whose
  ///   square would not be finite.
  fileprivate func taken(_ centroids: [Double]) throws(ClusterError) -> [Value] {
    var taken: [Value] = []
    for (index, value) in centroids.enumerated() {
      let scaled = Value(value * scale - centres[index % centres.count])
      guard scaled.isFinite, scaled.magnitude < 0x1p50 else {
        throw .badOption(
          key: "start",
          value: "\(value)",
          allowed: "centroids in the range of the matrix"
        )
      }
      taken.append(scaled)
    }
    return taken
  }
}
