internal import ArgumentParser
internal import Engine
internal import Logging

/// `tranche generate`: a synthetic ledger.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Writes a synthetic ledger in the layout of Online Retail II.",
    discussion: """
      The same options give the same bytes. Read it with `--config online-retail-ii`.
      """
  )

  @OptionGroup var log: LogArguments

  @Option(help: "Rows without the header.")
  var rows: Int

  @Option(help: "Customers asked for.")
  var customers: Int

  @Option(help: "Every random choice comes from it.")
  var seed: UInt64 = 0

  @Flag(help: "Scatter the rows instead of writing them in the order of time.")
  var shuffle = false

  @Flag(help: "Quote every field.")
  var quoteAll = false

  @Option(help: ArgumentHelp("Bytes of each customer id; 0 for numbers.", valueName: "n"))
  var keyBytes = 0

  @Option(help: ArgumentHelp("Threads; one a processor by default.", valueName: "n"))
  var workers: Int?

  @Option(
    name: .customLong("out"),
    help: ArgumentHelp("The file, or - for standard output.", valueName: "file")
  )
  var output = "-"

  func run() throws {
    log.start()
    var options = GenerateOptions()
    options.rows = rows
    options.customers = customers
    options.seed = seed
    options.isShuffled = shuffle
    options.quotesAll = quoteAll
    options.keyBytes = keyBytes
    options.workerCount = workers
    options.output = output
    try Generate.ledger(options) { [output] in
      Logger(label: "tranche").info("interrupted; \(output) is as it was")
    }
  }
}
