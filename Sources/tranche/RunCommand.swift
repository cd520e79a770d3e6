internal import ArgumentParser
internal import Engine
internal import Logging
internal import Settings

/// `tranche run`: the main job.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Turns ledgers into customer segments, and publishes them in one step.",
    discussion: """
      OUT holds the old complete version or the new complete version, whatever happens. A failed run \
      leaves it as it is and says more in OUT.failed.
      """
  )

  @OptionGroup var settings: SettingsArguments
  @OptionGroup var log: LogArguments

  @Option(name: .customLong("out"), help: ArgumentHelp("The folder to publish.", valueName: "dir"))
  var output: String?

  @Argument(help: ArgumentHelp("Files, folders, or - for standard input.", valueName: "input"))
  var inputs: [String] = []

  func run() throws {
    log.start()
    let request = try settings.request(inputs: inputs, output: output)
    request.warn()
    let plan = try Resolve.plan(request)
    if plan.output.isEmpty {
      throw CommandFailure(.usage, "output.path: name the folder to publish (--out)")
    }
    if plan.inputs.isEmpty {
      throw CommandFailure(.usage, "input.paths: name the files to read, or - for standard input")
    }
    let bar = ProgressBar(
      isShown: Console.errorsAreTerminal && !log.quiet && log.logFormat == .text
    )
    let cancellation = Cancellation()
    cancellation.watchSignals {
      bar.clear()
      Logger(label: "tranche").info("interrupted; \(plan.output) is as it was")
    }
    var run = Run(plan, progress: bar.progress, cancellation: cancellation)
    let report: RunReport
    do throws(RunError) {
      report = try run.perform()
    } catch {
      bar.clear()
      // The process ends when everything is taken back, with the signal's own exit code.
      cancellation.waitForEndIfCancelled()
      throw CommandFailure(error)
    }
    bar.clear()
    try tell(report)
  }

  private func tell(_ report: RunReport) throws {
    let logger = Logger(label: "tranche")
    for warning in report.warnings { logger.warning("\(warning)") }
    guard !log.quiet else { return }
    do {
      try Console.write(Array(ReportText(report).text.utf8))
    } catch let error as RunError {
      // The work is done and need not be done again.
      throw CommandFailure(
        ExitStatus(error),
        "\(report.output) is published, but its summary cannot be shown: \(error.description); "
          + "see summary.json there"
      )
    }
  }
}

extension CommandFailure {
  /// The message of a failed run, its first rejects, and where to look on.
  init(_ error: RunError) {
    self.init(ExitStatus(error), error.description)
    messages += error.rejectLines
    if let folder = error.failedOutput {
      messages.append("the output is as it was; \(folder) tells more")
    }
  }
}
