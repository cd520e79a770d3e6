import Foundation
import TestKit
import Testing

/// What `check` tells before a run does.
@Suite struct CheckTests {
  private func outcome(
    _ command: String,
    _ arguments: [String],
    in folder: URL
  ) throws -> CommandOutcome {
    try Command.tranche([command] + arguments, directory: folder).run()
  }

  @Test(
    arguments: [
      ["--config", "online-retail-ii", "missing.csv"],
      ["--config", "online-retail-ii", "empty.csv"],
      ["--config", "online-retail-ii", "empty"],
      ["--config", "online-retail", "a.csv"],
      ["--config", "online-retail-ii", "a.csv", "a.csv"],
      ["--config", "online-retail-ii", "utf16.csv"],
      ["--config", "online-retail-ii", "--glob", "b*.csv"],
      ["--config", "lost.yaml"],
      ["--config", "online-retail-ii", "--set", "output.path=a.csv", "a.csv"],
    ]
  )
  func `inputs fail as they would in a run`(arguments: [String]) throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      try folder.write("", to: "empty.csv")
      try folder.write([0xFF, 0xFE, 0x41, 0], to: "utf16.csv")
      try folder.write(lostLedger, to: "lost.yaml")
      try FileManager.default.createDirectory(
        at: folder.child("empty"),
        withIntermediateDirectories: false
      )
      let check = try outcome("check", arguments, in: folder)
      let output = arguments.contains { $0.hasPrefix("output.path") } ? [] : ["--out", "out"]
      let run = try outcome("run", arguments + output, in: folder)
      #expect(check.status != 0)
      #expect(check.status == run.status, "\(check.errorText)")
      // A run may add where it tells more.
      #expect(!check.errorText.isEmpty && run.errorText.hasPrefix(check.errorText))
      #expect(check.outputText == "")
    }
  }

  /// Settings whose own input is missing.
  private let lostLedger = """
    input: {paths: [lost.csv]}
    customer: {column: c}
    order: {by: day}
    time: {column: t}
    amount: {column: a}

    """

  @Test func `good inputs pass, and standard input is left alone`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      let check = try outcome("check", ["--config", "online-retail-ii", "a.csv", "-"], in: folder)
      #expect(check.status == 0, "\(check.errorText)")
      #expect(check.outputText + check.errorText == "")
    }
  }

  @Test(arguments: ["check", "run", "cat"])
  func `a variable that stands for no setting is named`(command: String) throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      let settings = ["--config", "online-retail-ii", "--set", "clusters.count=2"]
      let output = command == "run" ? ["--out", "out"] : []
      var program = Command.tranche([command] + settings + output + ["a.csv"], directory: folder)
      program.environment = ["TRANCHE_WORKERS": "1"]
      let outcome = try program.run()
      #expect(outcome.status == 0)
      #expect(
        outcome.errorText == """
          tranche: warning: TRANCHE_WORKERS: stands for no setting, and is ignored; \
          did you mean TRANCHE_RUN__WORKERS?

          """
      )
    }
  }
}
