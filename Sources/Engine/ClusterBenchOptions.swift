internal import Clusters
internal import Generators

/// What `bench cluster` compares, and how.
public struct ClusterBenchOptions: Sendable {
  /// Where the matrix comes from.
  public enum Source: Hashable, Sendable {
    /// A CSV or `.npy` file, the output of a run, or `-`.
    case input(String)
    /// Made from the seed; `shape` is `blobs` or `uniform`.
    case made(rows: Int, columns: Int, shape: String)
  }

  /// Where the matrix comes from.
  public var source: Source
  /// Clusters; nil where the start says how many.
  public var clusterCount: Int?
  /// The column of the ids, by name or number.
  public var idColumn: String?
  /// The column of the true labels, by name or number.
  public var truthColumn: String?
  /// Names of engines; empty for all exact ones.
  public var engines: [String] = []
  /// `float32` or `float64`.
  public var precision = "float64"
  /// The most assign–update rounds.
  public var maxRounds = 300
  /// Rest is a squared centroid shift of at most this × mean variance of the columns.
  public var tolerance = 1e-4
  /// Starts, and a made matrix, come from this.
  public var seed: UInt64 = 0
  /// How many seeds, from `seed` on; each gives another start.
  public var seedCount = 1
  /// How often each engine is timed on each start.
  public var repetitions = 1
  /// Threads; nil for one a processor.
  public var workerCount: Int?
  /// A matrix of starting centroids, in place of the seeds.
  public var start: String?
  /// Where the starting centroids of the first seed go.
  public var startOutput: String?
  /// Where the labels of the first seed go.
  public var labelOutput: String?

  /// The defaults for one matrix.
  public init(source: Source) {
    self.source = source
  }
}

/// The options in the terms of the stages.
struct ClusterBenchPlan {
  let source: ClusterBenchOptions.Source
  let shape: MatrixShape
  let engines: [ClusterEngine]
  let fit: ClusterOptions

  /// - Throws: ``ClusterBenchError/badOption(_:_:)`` for the first that makes no sense.
  init(_ options: ClusterBenchOptions) throws(ClusterBenchError) {
    source = options.source
    engines = try Self.engines(options.engines)
    fit = try Self.fit(options)
    if options.seedCount < 1 { throw .badOption("--seeds", "at least 1") }
    if options.repetitions < 1 { throw .badOption("--repeat", "at least 1") }
    if options.seed > UInt64.max - UInt64(options.seedCount) {
      throw .badOption("--seed", "room for --seeds further ones")
    }
    guard options.start == nil || (options.seedCount == 1 && options.clusterCount == nil) else {
      throw .badOption("--start", "no --k and no --seeds beside it: the file has the clusters")
    }
    guard options.start != nil || options.clusterCount != nil else {
      throw .badOption("--k", "how many clusters, or their centroids with --start")
    }
    if let count = options.clusterCount, !(1...Int(UInt16.max)).contains(count) {
      throw .badOption("--k", "1 to \(UInt16.max)")
    }
    guard case .made(_, _, let name) = options.source else {
      shape = .blobs
      return
    }
    guard let shape = MatrixShape(rawValue: name) else {
      throw .badOption("--shape", Self.list(MatrixShape.allCases.map(\.rawValue)))
    }
    self.shape = shape
    for (option, value) in [("--id", options.idColumn), ("--truth", options.truthColumn)]
    where value != nil {
      throw .badOption(option, "a CSV that has such a column; made blobs are compared anyway")
    }
  }

  private static func fit(
    _ options: ClusterBenchOptions
  ) throws(ClusterBenchError) -> ClusterOptions {
    var fit = ClusterOptions()
    guard let precision = ClusterPrecision(rawValue: options.precision) else {
      throw .badOption("--precision", list(ClusterPrecision.allCases.map(\.rawValue)))
    }
    guard options.maxRounds >= 1 else { throw .badOption("--max-rounds", "at least 1") }
    guard options.tolerance >= 0, options.tolerance.isFinite else {
      throw .badOption("--tolerance", "a finite number, at least 0")
    }
    fit.precision = precision
    fit.maxRounds = options.maxRounds
    fit.tolerance = options.tolerance
    return fit
  }

  /// The engines of these names, each once; all exact ones for none.
  static func engines(_ names: [String]) throws(ClusterBenchError) -> [ClusterEngine] {
    guard !names.isEmpty else { return ClusterEngine.exact }
    var engines: [ClusterEngine] = []
    for name in names {
      guard let engine = ClusterEngine(rawValue: name) else {
        throw .badOption(
          "--engines",
          "some of \(list(ClusterEngine.allCases.map(\.rawValue))), not '\(name)'"
        )
      }
      if !engines.contains(engine) { engines.append(engine) }
    }
    return engines
  }

  private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}

extension ClusterEngine {
  /// All that give Lloyd's labels.
  static var exact: [ClusterEngine] { allCases.filter { $0 != .auto } }
}
