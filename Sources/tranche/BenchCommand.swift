internal import ArgumentParser

/// `tranche bench`: figures for this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures on this machine, and checks what it measures.",
    subcommands: [BenchClusterCommand.self]
  )
}
