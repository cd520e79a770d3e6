internal import ArgumentParser
internal import Engine
internal import Settings

/// `tranche check`: resolves settings, opens the inputs, and does nothing.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks settings, and tells every problem at once.",
    discussion: """
      Inputs are opened, and their headers searched for the columns of the settings, as `run` does \
      it. Standard input and pipes are left to the run.
      """
  )

  @OptionGroup var settings: SettingsArguments
  @OptionGroup var log: LogArguments

  @Option(name: .customLong("out"), help: ArgumentHelp("The folder to publish.", valueName: "dir"))
  var output: String?

  @Flag(help: "Print each resolved value and where it came from, as a settings file.")
  var print = false

  @Argument(help: ArgumentHelp("Files, folders, or - for standard input.", valueName: "input"))
  var inputs: [String] = []

  func run() throws {
    log.start()
    let request = try settings.request(inputs: inputs, output: output)
    request.warn()
    let plan = try Resolve.plan(request)
    if print { try Console.write(Array(SettingsPrinter.yaml(plan.settings).utf8)) }
    try Check.inputs(of: plan)
  }
}
