/// What `bench cluster` found.
public struct ClusterBenchReport: Sendable {
  /// The machine and the programs.
  public var surroundings: BenchSurroundings
  /// The matrix, for people: its file, or how it was made.
  public var source = ""
  /// Rows.
  public var rowCount = 0
  /// Columns.
  public var columnCount = 0
  /// Clusters; fewer than asked for where fewer rows are distinct.
  public var clusterCount = 0
  /// Clusters that were asked for.
  public var requestedCount = 0
  /// `float32` or `float64`.
  public var precision = ""
  /// The most rounds.
  public var maxRounds = 0
  /// As in the options.
  public var tolerance = 0.0
  /// Threads.
  public var workerCount = 0
  /// Where the starts come from: a file, or empty for seeds.
  public var start = ""
  /// Every engine on every start, the engines of one start together.
  public var fits: [EngineFit] = []
  /// The SIMD level that gave the same bits, too; nil where the processor has none below its own.
  public var agreeingLevel: String?

  /// Engines whose bounds have no room in memory, and that were not asked for by name.
  public var leftOut: [String] = []

  /// Names of the engines in the order of the comparison.
  public var engineNames: [String] {
    let first = fits.first?.seed
    return fits.prefix { $0.seed == first }.map(\.name)
  }

  /// All that one engine used, over all starts.
  public func use(of name: String) -> FitUse {
    fits.filter { $0.name == name }.reduce(into: FitUse()) { $0.add($1.use) }
  }
}

/// One engine on one start.
public struct EngineFit: Sendable {
  /// The name of the engine as it was asked for.
  public var name: String
  /// The engine that did the work.
  public var engine: String
  /// The seed of the start.
  public var seed: UInt64
  /// Assign–update rounds.
  public var rounds: Int
  /// Whether it came to rest before the limit on rounds.
  public var converged: Bool
  /// What it used.
  public var use: FitUse
  /// Distances that were computed.
  public var distancesComputed: Int
  /// Distances that bounds made needless.
  public var distancesSkipped: Int
  /// Sum of squared distances to the centroids.
  public var inertia: Double
  /// How well the labels agree with others.
  public var agreement: AgreementFigures
}

/// How well labels agree with Lloyd's and with the truth.
public struct AgreementFigures: Hashable, Sendable {
  /// Adjusted Rand index against the direct engine's labels.
  public var randIndexOfLloyd: Double
  /// Adjusted Rand index against the true labels, where they are known.
  public var randIndexOfTruth: Double?
  /// Normalised mutual information with the true labels, where they are known.
  public var informationOfTruth: Double?
}

/// Times and memory of repeated fits.
public struct FitUse: Hashable, Sendable {
  /// Processor seconds of all threads, for each repetition.
  public var processorSeconds: [Double] = []
  /// Seconds that passed, for each repetition.
  public var wallSeconds: [Double] = []
  /// The most memory beyond the matrix, in bytes; nil where the system does not tell.
  public var memoryBytes: Int?

  /// Nothing yet.
  public init() {}

  mutating func add(_ other: FitUse) {
    processorSeconds += other.processorSeconds
    wallSeconds += other.wallSeconds
    if let bytes = other.memoryBytes { memoryBytes = max(memoryBytes ?? 0, bytes) }
  }
}

/// The middle and the ends of repeated measurements.
public struct Spread: Hashable, Sendable {
  /// The median; the mean of the middle two where they are even in number.
  public var median: Double
  /// From the least to the largest.
  public var range: ClosedRange<Double>

  /// The spread of at least one measurement.
  public init(_ measurements: [Double]) {
    precondition(!measurements.isEmpty, "nothing was measured")
    let sorted = measurements.sorted()
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    range = sorted[0]...sorted[sorted.count - 1]
  }
}
