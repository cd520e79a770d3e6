internal import ArgumentParser
internal import Engine
internal import Logging

/// How `bench cluster` prints what it found.
enum BenchFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, csv
}

/// `tranche bench cluster`: the engines of k-means, proved equal and timed.
struct BenchClusterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Runs the engines of k-means on one matrix, proves them equal, and times them.",
    discussion: """
      INPUT is a matrix in CSV or .npy, or what `tranche run --until features` published; without it \
      a matrix is made of --rows, --columns and --k. Exact engines have to give equal labels and \
      bit-equal centroids and inertia, at the SIMD level below this processor's, too; otherwise the \
      exit code is 5. With --calibrate all engines are measured over a grid of sizes, to tell whether \
      `auto` chooses well on this machine.
      """
  )

  @OptionGroup var matrix: BenchMatrixArguments
  @OptionGroup var fit: BenchFitArguments
  @OptionGroup var log: LogArguments

  @Option(help: ArgumentHelp("Time each engine so often; the median counts.", valueName: "n"))
  var `repeat` = 1

  @Option(help: ArgumentHelp("Starting centroids, in place of a seeded start.", valueName: "file"))
  var start: String?

  @Option(help: ArgumentHelp("Write the first start there, as CSV.", valueName: "file"))
  var writeStart: String?

  @Option(help: ArgumentHelp("Write the labels from the first start there.", valueName: "file"))
  var writeLabels: String?

  @Option(help: "How results look: text, json, csv.")
  var format: BenchFormat = .text

  @Option(help: ArgumentHelp("Write a bar chart there, as SVG.", valueName: "file"))
  var chart: String?

  @Flag(help: "Measure all engines over a grid of sizes, and what auto chooses there.")
  var calibrate = false

  @Option(help: ArgumentHelp("The most seconds for --calibrate; else 120.", valueName: "n"))
  var maxSeconds: Double?

  func run() throws {
    log.start()
    guard calibrate || maxSeconds == nil else {
      throw CommandFailure(.usage, "--max-seconds: only --calibrate takes it; use --max-rounds")
    }
    if calibrate { try runCalibration() } else { try runComparison() }
  }

  private func runCalibration() throws {
    let isPlain = matrix.isEmpty && fit.isPlain && `repeat` == 1
    guard isPlain, start == nil, writeStart == nil, writeLabels == nil, chart == nil else {
      throw CommandFailure(
        .usage,
        "--calibrate makes its own matrices and starts; beside it only --engines, --precision, "
          + "--seed, --workers, --max-seconds and --format count"
      )
    }
    var options = CalibrationOptions()
    options.engines = fit.engineNames
    options.precision = fit.precision
    options.seed = fit.seed
    options.workerCount = fit.workers
    if let maxSeconds { options.maxSeconds = maxSeconds }
    let report = try showing { line throws(RunError) in
      try ClusterCalibration(options, tell: line.show).perform()
    }
    switch format {
    case .text: try Console.write(Array(CalibrationText(report).text.utf8))
    case .json: try Console.write(Array(report.json.utf8))
    case .csv: try Console.write(report.csv)
    }
  }

  /// Does `body` with a line of progress that is taken away at its end, also after an error.
  private func showing<Report>(
    _ body: (ProgressLine) throws(RunError) -> Report
  ) throws(RunError) -> Report {
    let line = ProgressLine(isShown: log.showsProgress)
    defer { line.clear() }
    return try body(line)
  }

  private func runComparison() throws {
    var options = ClusterBenchOptions(source: try matrix.source)
    options.clusterCount = matrix.k
    options.idColumn = matrix.id
    options.truthColumn = matrix.truth
    fit.apply(to: &options)
    options.repetitions = `repeat`
    options.start = start
    options.startOutput = writeStart
    options.labelOutput = writeLabels
    let report = try showing { line throws(RunError) in
      try ClusterBench(options, tell: line.show).perform()
    }
    if let chart { try report.writeChart(to: chart) }
    warn(report)
    switch format {
    case .text: try Console.write(Array(ClusterBenchText(report).text.utf8))
    case .json: try Console.write(Array(report.json.utf8))
    case .csv: try Console.write(report.csv)
    }
  }

  private func warn(_ report: ClusterBenchReport) {
    let logger = Logger(label: "tranche")
    let variables = report.surroundings.blasVariables
    if !variables.isEmpty {
      logger.warning(
        "\(variables.joined(separator: " and ")) is set, which slows OpenBLAS down; unset it"
      )
    }
    for engine in report.leftOut {
      logger.warning("\(engine) is left out: its bounds are too large; --engines tells how large")
    }
    if report.clusterCount < report.requestedCount {
      logger.warning(
        "\(report.requestedCount) clusters for \(report.clusterCount) distinct rows; as many are made"
      )
    }
  }
}

/// Where the matrix comes from.
struct BenchMatrixArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("A matrix: CSV, .npy, or the output of a run.", valueName: "input"))
  var input: String?

  @Option(help: ArgumentHelp("Make a matrix of so many rows.", valueName: "n"))
  var rows: Int?

  @Option(help: ArgumentHelp("Columns of a matrix that is made.", valueName: "n"))
  var columns: Int?

  @Option(help: "How the rows of a made matrix lie: blobs, uniform.")
  var shape = "blobs"

  @Option(help: ArgumentHelp("Clusters, and blobs of a made matrix.", valueName: "n"))
  var k: Int?

  @Option(help: ArgumentHelp("The column of ids, by name or number.", valueName: "column"))
  var id: String?

  @Option(help: ArgumentHelp("The column of true labels, by name or number.", valueName: "column"))
  var truth: String?

  /// Whether nothing of it was given.
  var isEmpty: Bool {
    input == nil && rows == nil && columns == nil && k == nil && id == nil && truth == nil
  }

  /// The input, or how to make one; exactly one of them has to be there.
  var source: ClusterBenchOptions.Source {
    get throws {
      guard let input else {
        guard let rows, let columns, k != nil else {
          throw CommandFailure(
            .usage,
            "name a matrix, or have one made with --rows, --columns and --k"
          )
        }
        return .made(rows: rows, columns: columns, shape: shape)
      }
      guard rows == nil, columns == nil else {
        throw CommandFailure(.usage, "\(input): leave out --rows and --columns, or the input")
      }
      return .input(input)
    }
  }
}

/// What is run on it.
struct BenchFitArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Engines, with commas between; all exact ones if not given.",
      valueName: "a,b"
    )
  )
  var engines: String?

  @Option(help: "The precision of distances: float32, float64.")
  var precision = "float64"

  @Option(help: ArgumentHelp("The most assign-update rounds.", valueName: "n"))
  var maxRounds = 300

  @Option(
    help: ArgumentHelp("Rest is a squared shift of at most so many mean variances.", valueName: "x")
  )
  var tolerance = 1e-4

  @Option(help: "Every random choice comes from it.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("So many starts, of the seeds from --seed on.", valueName: "n"))
  var seeds = 1

  @Option(help: ArgumentHelp("Threads; one a processor by default.", valueName: "n"))
  var workers: Int?

  /// Whether rounds, tolerance and starts are the usual ones.
  var isPlain: Bool { maxRounds == 300 && tolerance == 1e-4 && seeds == 1 }

  /// The names in ``engines``.
  var engineNames: [String] { (engines ?? "").split(separator: ",").map(String.init) }

  /// Fills these in.
  func apply(to options: inout ClusterBenchOptions) {
    options.engines = engineNames
    options.precision = precision
    options.maxRounds = maxRounds
    options.tolerance = tolerance
    options.seed = seed
    options.seedCount = seeds
    options.workerCount = workers
  }
}
