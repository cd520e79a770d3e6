internal import ArgumentParser
internal import Engine
internal import Logging
internal import Settings

/// The program: a subcommand for each job.
struct Tranche: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tranche",
    abstract: "Turns transaction ledgers of many gigabytes into customer segments.",
    discussion: """
      Start with `tranche inspect FILE`, which prints a configuration to edit, then \
      `tranche run --config FILE --out DIR INPUT...`.
      """,
    version: Release.version,
    subcommands: [
      RunCommand.self, FitCommand.self, AssignCommand.self, InspectCommand.self, CheckCommand.self,
      CatCommand.self, GenerateCommand.self, BenchCommand.self,
    ]
  )

  /// Subcommands that somebody may have read of.
  private static let laterCommands: Set<String> = [
    "lint", "compare", "verify", "plan",
  ]

  /// Runs the command that `arguments` name, and gives the exit code.
  static func start(_ arguments: [String]) -> Int32 {
    if let first = arguments.first, laterCommands.contains(first) {
      let message = "'\(first)' is not there yet; see tranche --help"
      return usageError(message, inFull: "tranche: error: \(message)", arguments)
    }
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return ExitStatus.done.rawValue
    } catch is Console.ClosedPipe {
      return ExitStatus.done.rawValue
    } catch let failure as CommandFailure {
      report(failure.messages)
      return failure.status.rawValue
    } catch let error as SettingsError {
      report(error.description.split(separator: "\n").map(String.init))
      return ExitStatus.usage.rawValue
    } catch let error as RunError {
      report([error.description])
      return ExitStatus(error).rawValue
    } catch {
      return endOfParsing(error, arguments)
    }
  }

  private static func report(_ messages: [String]) {
    let log = Logger(label: "tranche")
    for message in messages { log.error("\(message)") }
  }

  /// Help and the version are results; everything else is wrong usage.
  private static func endOfParsing(_ error: any Error, _ arguments: [String]) -> Int32 {
    let full = fullMessage(for: error)
    guard exitCode(for: error).isSuccess else {
      return usageError(message(for: error), inFull: full, arguments)
    }
    try? Console.write(Array((full + "\n").utf8))
    return ExitStatus.done.rawValue
  }

  /// Tells what is wrong with arguments that gave no command, so that the log was not started either.
  private static func usageError(
    _ message: String,
    inFull full: String,
    _ arguments: [String]
  ) -> Int32 {
    let isJSON =
      arguments.contains("--log-format=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == ("--log-format", "json") }
    if isJSON {
      Log.writeJSON(level: .error, message: message)
    } else {
      Console.writeError(full + "\n")
    }
    return ExitStatus.usage.rawValue
  }
}
