internal import ArgumentParser
internal import Engine
internal import Logging
internal import Settings

/// What `fit` and `assign` both take.
struct ModelArguments: ParsableArguments {
  @Option(name: .customLong("out"), help: ArgumentHelp("The folder to publish.", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The column of a CSV that holds ids, by name or number.",
      valueName: "column"
    )
  )
  var id: String?

  @Option(
    help: ArgumentHelp(
      "The moment that recency is counted to; that of the run by default.",
      valueName: "time"
    )
  )
  var asOf: String?

  @Option(help: ArgumentHelp("Threads; one a processor by default.", valueName: "n"))
  var workers: String?

  @Argument(help: ArgumentHelp("A matrix: CSV, .npy; or the output of a run.", valueName: "input"))
  var input: String

  /// What was typed, with the environment of the process.
  func request(
    configurations: [String] = [],
    assignments: [String] = []
  ) -> SettingsRequest {
    var request = SettingsRequest()
    request.configurations = configurations
    request.environment = Startup.environment
    request.assignments = assignments
    request.add("--out", "output.path", output)
    request.add("--as-of", "definitions.as_of", asOf)
    request.add("--workers", "run.workers", workers)
    return request
  }

  /// The plan.
  func plan(_ request: SettingsRequest) throws -> ModelPlan {
    request.warn()
    var plan = try Resolve.modelPlan(request)
    if plan.output.isEmpty {
      throw CommandFailure(.usage, "output.path: name the folder to publish (--out)")
    }
    plan.input = input
    plan.idColumn = id
    return plan
  }

  /// Does the job, and tells what came of it.
  func perform(
    _ plan: ModelPlan,
    _ log: LogArguments,
    _ body: (inout ModelJob) throws(RunError) -> ModelReport
  ) throws {
    let logger = Logger(label: "tranche")
    let cancellation = Cancellation()
    cancellation.watchSignals { logger.info("interrupted; \(plan.output) is as it was") }
    var job = ModelJob(plan, cancellation: cancellation)
    let report: ModelReport
    do throws(RunError) {
      report = try body(&job)
    } catch {
      cancellation.waitForEndIfCancelled()
      throw CommandFailure(error)
    }
    for warning in report.warnings { logger.warning("\(warning)") }
    guard !log.quiet else { return }
    try Console.write(Array(ModelText(report).text.utf8))
  }
}

extension SettingsRequest {
  /// Adds what was typed for a setting, if anything was.
  mutating func add(_ option: String, _ keyPath: String, _ value: String?) {
    if let value { options.append((option, keyPath, value)) }
  }
}
