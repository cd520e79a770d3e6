import Foundation
import TestKit
import Testing

/// The README is true: its settings resolve and its commands run.
@Suite struct ReadMeTests {
  @Test func `every command of the program runs`() throws {
    let text = try Locations.packageRoot.child("README.md").text()
    let commands = blocks("sh", in: text).flatMap { $0.split(separator: "\n") }
      .filter { $0.hasPrefix("tranche ") }
    #expect(commands.count >= 5)
    let settings = try #require(blocks("yaml", in: text).first)
    try withTemporaryDirectory { folder in
      try folder.write(settings, to: "sales.yaml")
      try generate(3000, customers: 300, to: "sales.csv", in: folder)
      for command in commands {
        let program = Locations.tranche.path
        let line = "'\(program)' \(command.dropFirst("tranche ".count))"
        let outcome = try Command.shell(line, directory: folder).run()
        #expect(outcome.status == 0, "\(command): \(outcome.errorText)")
      }
    }
  }

  @Test func `what inspect prints passes check`() throws {
    try withTemporaryDirectory { folder in
      try generate(3000, customers: 300, to: "sales.csv", in: folder)
      let proposed = try tranche("inspect", "sales.csv", in: folder)
      try folder.write(proposed.output, to: "sales.yaml")
      #expect(try tranche("check", "--config", "sales.yaml", in: folder).status == 0)
      let run = try tranche(
        "run",
        "--config",
        "sales.yaml",
        "--out",
        "out",
        "--until",
        "customers",
        "sales.csv",
        in: folder
      )
      #expect(run.status == 0, "\(run.errorText)")
      try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--out",
        "builtin",
        "--until",
        "customers",
        "sales.csv",
        in: folder
      )
      #expect(try customers(folder.child("out")).keys == customers(folder.child("builtin")).keys)
    }
  }

  private func blocks(_ language: String, in text: String) -> [String] {
    text.split(separator: "```\(language)\n", omittingEmptySubsequences: false).dropFirst().map {
      String($0.split(separator: "```", omittingEmptySubsequences: false)[0])
    }
  }
}
