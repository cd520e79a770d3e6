internal import ArgumentParser
internal import Engine
internal import Logging
internal import Settings

/// The options that stand for settings, shared by the commands that resolve a plan.
struct SettingsArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A settings file, or a built-in: online-retail, online-retail-ii, cdnow. Repeats; later wins.",
      valueName: "file"
    )
  )
  var config: [String] = []

  @Option(
    help: ArgumentHelp("One setting, over files and environment.", valueName: "key.path=value")
  )
  var set: [String] = []

  @Option(help: ArgumentHelp("Threads; one a processor by default.", valueName: "n"))
  var workers: String?

  @Option(help: ArgumentHelp("Bytes that a worker takes at a time.", valueName: "n"))
  var splitBytes: String?

  @Option(help: ArgumentHelp("How far to go: customers, features, all.", valueName: "stage"))
  var until: String?

  @Option(
    help: ArgumentHelp(
      "The moment that recency is counted to; later rows are filtered. Newest row + 24 h by default.",
      valueName: "time"
    )
  )
  var asOf: String?

  @Option(help: ArgumentHelp("Unreadable rows that are allowed.", valueName: "n|p%"))
  var maxRejects: String?

  @Option(help: ArgumentHelp("Rounds of each start of the clustering at most.", valueName: "n"))
  var maxRounds: String?

  @Option(
    help: ArgumentHelp(
      "Seconds after which the clustering stops; results may then differ from run to run.",
      valueName: "seconds"
    )
  )
  var maxSeconds: String?

  @Option(
    help: ArgumentHelp("Apply this model in place of a clustering.", valueName: "file|dir")
  )
  var model: String?

  @Option(
    help: ArgumentHelp("Continue the cluster ids of this model.", valueName: "file|dir")
  )
  var previousModel: String?

  @Flag(help: "Take inputs as patterns such as 'ledger-*.csv'.")
  var glob = false

  @OptionGroup(visibility: .hidden)
  var later: LaterArguments

  /// What was typed, with the environment of the process.
  func request(inputs: [String], output: String?) throws -> SettingsRequest {
    try later.refuse()
    var request = SettingsRequest()
    request.configurations = config
    request.environment = Startup.environment
    request.assignments = set
    request.inputs = inputs
    let typed: [(String, String, String?)] = [
      ("--out", "output.path", output), ("--workers", "run.workers", workers),
      ("--split-bytes", "run.split_bytes", splitBytes), ("--until", "run.until", until),
      ("--as-of", "definitions.as_of", asOf), ("--max-rejects", "rejects.limit", maxRejects),
      ("--max-rounds", "clusters.max_rounds", maxRounds),
      ("--max-seconds", "clusters.max_seconds", maxSeconds), ("--model", "clusters.model", model),
      ("--previous-model", "clusters.previous_model", previousModel),
      ("--glob", "input.glob", glob ? "true" : nil),
    ]
    request.options = typed.compactMap { option, keyPath, value in
      value.map { (option, keyPath, $0) }
    }
    return request
  }
}

/// Options that somebody could expect, and that are refused by name.
struct LaterArguments: ParsableArguments {
  @Option var memory: String?
  @Option var spill: String?
  @Option var report: String?

  func refuse() throws {
    let given = [
      (memory, "--memory: a memory limit with spill to disk is not there yet; leave it out"),
      (spill, "--spill: spill to disk is not there yet; leave it out"),
      (report, "--report: the HTML report is not there yet; use profiles/*.csv and summary.json"),
    ]
    for (value, message) in given where value != nil { throw CommandFailure(.usage, message) }
  }
}

extension SettingsRequest {
  /// Warns about what was typed to no effect.
  func warn() {
    let logger = Logger(label: "tranche")
    for warning in Resolve.warnings(self) { logger.warning("\(warning)") }
  }
}

/// The options that say how messages look.
struct LogArguments: ParsableArguments {
  @Option(help: "How messages look on standard error: text, json.")
  var logFormat: LogFormat = .text

  @Flag(name: .shortAndLong, help: "Print nothing but warnings and errors.")
  var quiet = false

  /// Whether a person wants to see how far things are.
  var showsProgress: Bool { Console.errorsAreTerminal && !quiet && logFormat == .text }

  func start() {
    Log.start(logFormat, isQuiet: quiet)
  }
}

extension LogFormat: ExpressibleByArgument {}
