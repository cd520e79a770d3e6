internal import ArgumentParser
internal import Engine
internal import Settings

/// `tranche cat`: records exactly as the reader sees them.
struct CatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat",
    abstract: "Prints records exactly as the reader sees them: a JSON array of strings a line.",
    discussion: """
      The first record is the header, and no record, unless --no-header says otherwise. Blank lines \
      are no records.
      """
  )

  @OptionGroup var log: LogArguments

  @Option(
    help: ArgumentHelp("A settings file or a built-in, of which `input` counts.", valueName: "file")
  )
  var config: [String] = []

  @Option(help: ArgumentHelp("One setting.", valueName: "key.path=value"))
  var set: [String] = []

  @Flag(help: "Print one SHA-256 over all records instead.")
  var digest = false

  @Flag(help: "The first record is a record.")
  var noHeader = false

  @Option(help: ArgumentHelp("What stands between fields, or blanks.", valueName: "character"))
  var delimiter: String?

  @Option(help: ArgumentHelp("What stands around fields, or none.", valueName: "character"))
  var quote: String?

  @Option(help: ArgumentHelp("Bytes that are read at a time.", valueName: "n"))
  var splitBytes: String?

  @Argument(help: ArgumentHelp("A file, or - for standard input.", valueName: "file"))
  var file: String

  func run() throws {
    log.start()
    request.warn()
    let cat = Cat(try Resolve.dialectPlan(request))
    guard !digest else {
      return try Console.write(Array((cat.digest(of: file) + "\n").utf8))
    }
    try cat.records(of: file) { try Console.write($0) }
  }

  private var request: SettingsRequest {
    var request = SettingsRequest()
    request.configurations = config
    request.environment = Startup.environment
    request.assignments = set
    let typed: [(String, String, String?)] = [
      ("--no-header", "input.header", noHeader ? "false" : nil),
      ("--delimiter", "input.delimiter", delimiter), ("--quote", "input.quote", quote),
      ("--split-bytes", "run.split_bytes", splitBytes),
    ]
    request.options = typed.compactMap { option, keyPath, value in
      value.map { (option, keyPath, $0) }
    }
    return request
  }
}
