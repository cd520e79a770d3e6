internal import ArgumentParser
internal import Engine
internal import Settings

/// `tranche inspect`: a configuration to edit.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Prints what Tranche would assume about a file, as a configuration to edit.",
    discussion: """
      Columns are guessed from known names, times and numbers from a sample. Where the sample cannot \
      tell day from month, the output says so.
      """
  )

  @OptionGroup var log: LogArguments

  @Argument(help: ArgumentHelp("A file.", valueName: "file"))
  var file: String

  func run() throws {
    log.start()
    let inspection = try Inspect().file(file)
    try Console.write(Array(InspectionText(inspection).yaml.utf8))
  }
}
