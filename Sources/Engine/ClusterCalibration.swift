// The rule behind `auto`, held against measurements of all engines.
//
// Cells of a grid of (n, d, k) are measured from the cheapest to the dearest, on blobs and on uniform
// noise, until the time is up; what the next cell costs is foretold from the last one. All engines run
// in turn from one start for at most 50 rounds, and have to agree. Fits below 50 ms are shown and not
// counted: there the clock and the workers' waking decide.

internal import Clusters
internal import Generators
internal import Kernels
internal import Tables

/// What `bench cluster --calibrate` measures.
public struct CalibrationOptions: Sendable {
  /// Names of engines; empty for all exact ones.
  public var engines: [String] = []
  /// `float32` or `float64`.
  public var precision = "float64"
  /// Matrices and starts come from this.
  public var seed: UInt64 = 0
  /// Threads; nil for one a processor.
  public var workerCount: Int?
  /// The most seconds for all cells together.
  public var maxSeconds = 120.0

  /// The defaults.
  public init() {}
}

/// Measures all engines over a grid, and what the rule behind `auto` chooses there.
public struct ClusterCalibration: Sendable {
  /// One place of the grid.
  struct Cell: Hashable {
    var shape: MatrixShape
    var rows: Int
    var columns: Int
    var clusters: Int

    /// Distances of one round, in multiplications.
    var work: Double { Double(rows) * Double(columns) * Double(clusters) }
  }

  private static let rounds = 50
  /// Not one for each cluster: seeding would find them, and all engines be done in two rounds.
  private static let blobs = 20
  /// Fits that take less are run again, so that one hiccup does not decide.
  private static let shortSeconds = 0.25
  private static let repetitionsOfShort = 3

  private let options: CalibrationOptions
  private let engines: [ClusterEngine]
  private let fit: ClusterOptions
  private let workers: Workers
  private let tell: @Sendable (String) -> Void

  /// Prepares a calibration.
  ///
  /// - Parameters:
  ///   - options: What to measure.
  ///   - tell: Is told what is being done, for somebody who waits.
  /// - Throws: ``RunError`` for an option that makes no sense.
  public init(
    _ options: CalibrationOptions,
    tell: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(RunError) {
    self.options = options
    self.tell = tell
    workers = options.workerCount.map(Workers.init(count:)) ?? .all
    var common = ClusterBenchOptions(source: .made(rows: 1, columns: 1, shape: "blobs"))
    common.clusterCount = 1
    common.engines = options.engines
    common.precision = options.precision
    common.maxRounds = Self.rounds
    common.tolerance = 0
    let plan = try running(.clusters) { () throws(ClusterBenchError) in
      guard options.maxSeconds > 0 else {
        throw .badOption("--max-seconds", "more than 0")
      }
      return try ClusterBenchPlan(common)
    }
    engines = plan.engines.filter { $0 != .auto }
    fit = plan.fit
  }

  /// The grid, from the cheapest to the dearest cell.
  static var grid: [Cell] {
    var cells: [Cell] = []
    for rows in [20_000, 200_000, 2_000_000] {
      for columns in [3, 8, 16, 32] {
        for clusters in [3, 8, 32, 128] {
          cells += MatrixShape.allCases.map {
            Cell(shape: $0, rows: rows, columns: columns, clusters: clusters)
          }
        }
      }
    }
    return cells.enumerated()
      .sorted { ($0.element.work, $0.offset) < ($1.element.work, $1.offset) }.map(\.element)
  }

  /// Measures as many cells as there is time for, at least one.
  ///
  /// - Throws: ``RunError``; with a ``ClusterBenchError/disagreement(_:)`` where engines disagree.
  public func perform() throws(RunError) -> CalibrationReport {
    var report = CalibrationReport(surroundings: .current)
    report.precision = options.precision
    report.workerCount = workers.count
    report.plannedCount = Self.grid.count
    let begin = ProcessMeter.wallSeconds
    var secondsOfWork = 0.0
    for cell in Self.grid {
      let spent = ProcessMeter.wallSeconds - begin
      guard spent + secondsOfWork * cell.work < options.maxSeconds else { break }
      tell("\(report.cells.count + 1) of \(Self.grid.count) cells, \(Int(spent)) s ...")
      report.cells.append(try measure(cell))
      secondsOfWork = (ProcessMeter.wallSeconds - begin - spent) / cell.work
    }
    return report
  }

  private func measure(_ cell: Cell) throws(RunError) -> CalibrationCell {
    let matrix = try made(cell)
    let rows = try running(.clusters) { () throws(ClusterError) in
      try KMeans.seededRows(
        matrix,
        clusterCount: cell.clusters,
        seed: options.seed,
        workers: workers
      )
    }
    let start = rows.flatMap { row in
      (0..<cell.columns).map { matrix.values[$0 * cell.rows + row] }
    }
    let (rounds, uses) = try race(matrix, start)
    let choice = ClusterEngine.choice(
      rowCount: cell.rows,
      columnCount: cell.columns,
      clusterCount: rows.count
    )
    let times = zip(engines, uses).map { engine, use in
      EngineTime(engine: engine.rawValue, seconds: use.processorSeconds.min() ?? 0)
    }
    var measured = CalibrationCell(times: times, choice: choice.rawValue)
    measured.shape = cell.shape.rawValue
    measured.rowCount = cell.rows
    measured.columnCount = cell.columns
    measured.clusterCount = rows.count
    measured.rounds = rounds
    return measured
  }

  /// All engines in turn, short ones again; they have to agree with the first.
  private func race(
    _ matrix: FeatureMatrix,
    _ start: [Double]
  ) throws(RunError) -> (rounds: Int, uses: [FitUse]) {
    var uses = Array(repeating: FitUse(), count: engines.count)
    var judge: ClusterJudge?
    for repetition in 0..<Self.repetitionsOfShort {
      let longest = uses.compactMap { $0.processorSeconds.min() }.max() ?? 0
      guard repetition == 0 || longest < Self.shortSeconds else { break }
      for (index, engine) in engines.enumerated() {
        let result = try uses[index].measure { () throws(RunError) in
          try trial(engine, matrix, start)
        }
        if judge == nil {
          judge = ClusterJudge(
            reference: result,
            referenceName: engine.rawValue,
            seed: options.seed
          )
        }
        try judge?.require(result, named: engine.rawValue)
      }
    }
    return (judge?.reference.rounds ?? 0, uses)
  }

  private func trial(
    _ engine: ClusterEngine,
    _ matrix: FeatureMatrix,
    _ start: [Double]
  ) throws(RunError) -> EngineTrial {
    var fit = fit
    fit.engine = engine
    return try running(.clusters) { () throws(ClusterError) in
      try KMeans.trial(matrix, centroids: start, options: fit, workers: workers)
    }
  }

  private func made(_ cell: Cell) throws(RunError) -> FeatureMatrix {
    try running(.generate) { () throws(GenerateError) in
      try MatrixGenerator(
        rows: cell.rows,
        columns: cell.columns,
        blobs: Self.blobs,
        shape: cell.shape,
        seed: options.seed
      )
    }.make(workers: workers).matrix
  }
}
