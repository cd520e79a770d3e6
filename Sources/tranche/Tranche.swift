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
      RunCommand.self, InspectCommand.self, CheckCommand.self, CatCommand.self,
      GenerateCommand.self,
    ]
  )

  /// Subcommands that somebody may have read of.
  private static let laterCommands: Set<String> = [
    "lint", "bench", "fit", "assign", "compare", "verify", "plan",
  ]

  /// Runs the command that `arguments` name, and gives the exit code.
  static func start(_ arguments: [String]) -> Int32 {
    if let first = arguments.first, laterCommands.contains(first) {
      Console.writeError("tranche: error: '\(first)' is not there yet; see tranche --help\n")
      return ExitStatus.usage.rawValue
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
      return endOfParsing(error)
    }
  }

  private static func report(_ messages: [String]) {
    let log = Logger(label: "tranche")
    for message in messages { log.error("\(message)") }
  }

  /// Help and the version are results; everything else is wrong usage.
  private static func endOfParsing(_ error: any Error) -> Int32 {
    let message = fullMessage(for: error)
    guard exitCode(for: error).isSuccess else {
      Console.writeError(message + "\n")
      return ExitStatus.usage.rawValue
    }
    try? Console.write(Array((message + "\n").utf8))
    return ExitStatus.done.rawValue
  }
}
