import Foundation
import TestKit
import Testing

/// The table of exit codes, and what is left behind.
@Suite struct ExitTests {
  private func run(_ arguments: String..., ledger: String = smallLedger) throws -> CommandOutcome {
    try withTemporaryDirectory { folder in
      try folder.write(ledger, to: "a.csv")
      return try Command.tranche(["run", "--out", "out"] + arguments, directory: folder).run()
    }
  }

  @Test func `a good run ends with 0 and a table`() throws {
    let outcome = try run("--config", "online-retail-ii", "--set", "clusters.count=2", "a.csv")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText == "")
    #expect(outcome.outputText.contains(/\n  kept +5 +44\.500\n/))
    #expect(outcome.outputText.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test(
    arguments: [
      ["--config", "online-retail-ii", "--set", "clusters.cuont=2", "a.csv"],
      ["--config", "nowhere.yaml", "a.csv"], ["--config", "online-retail-ii"],
      ["--config", "online-retail-ii", "--memory", "4GB", "a.csv"],
      ["--config", "online-retail-ii", "--nonsense", "a.csv"],
      ["--config", "online-retail-ii", "a.parquet"],
      ["--config", "online-retail", "a.csv"],
      ["--config", "online-retail-ii", "--set", "clusters.start_customers=[7, 77]", "a.csv"],
    ]
  )
  func `wrong usage or settings end with 2`(arguments: [String]) throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      try folder.write(smallLedger, to: "a.parquet")
      let outcome = try Command.tranche(["run", "--out", "out"] + arguments, directory: folder)
        .run()
      #expect(outcome.status == 2, "\(outcome.errorText)")
      #expect(!outcome.errorText.isEmpty)
      #expect(outcome.outputText == "")
    }
  }

  @Test func `a missing or damaged input ends with 3`() throws {
    #expect(try run("--config", "online-retail-ii", "b.csv").status == 3)
    #expect(try run("--config", "online-retail-ii", "a.csv", ledger: "").status == 3)
    #expect(try run("--config", "online-retail-ii", "a.csv", "a.csv").status == 3)
    let headerOnly = String(smallLedger.prefix { $0 != "\n" }) + "\n"
    #expect(try run("--config", "online-retail-ii", "a.csv", ledger: headerOnly).status == 3)
  }

  @Test func `rejects over the limit end with 4 and show what mends them`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger.replacing("2010-02-01 09:30:00", with: "1/2/2010"), to: "a.csv")
      let outcome = try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--out",
        "out",
        "a.csv",
        in: folder
      )
      #expect(outcome.status == 4)
      let lines = outcome.errorText.split(separator: "\n")
      #expect(lines.contains { $0.contains("a.csv:4, byte 175") && $0.contains("time.format") })
      #expect(lines[0].contains("1 row cannot be read up to a.csv:4, and reading stopped"))
      #expect(try names(in: folder) == ["a.csv", "out.failed"])
      let failed = folder.child("out.failed")
      #expect(try json(failed.child("run.json"), "failure", "stage") as? String == "read")
      #expect(try failed.filesBelow().contains { $0.hasPrefix("rejects/") })
      let allowed = try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--out",
        "out",
        "--max-rejects",
        "20%",
        "--set",
        "clusters.count=2",
        "a.csv",
        in: folder
      )
      #expect(allowed.status == 0, "\(allowed.errorText)")
      #expect(try json(folder.child("out/summary.json"), "rows", "rejected") as? Int == 1)
    }
  }

  @Test(arguments: ["customers", "features", "all"])
  func `a ledger without kept rows ends with 3 however far the run goes`(stage: String) throws {
    try withTemporaryDirectory { folder in
      try folder.write(String(smallLedger.prefix { $0 != "\n" }) + "\n", to: "a.csv")
      let arguments = ["run", "--config", "online-retail-ii", "--out", "out", "--until", stage]
      let outcome = try Command.tranche(arguments + ["a.csv"], directory: folder).run()
      #expect(outcome.status == 3)
      #expect(outcome.errorText.contains("no row was kept: read 0;"), "\(outcome.errorText)")
      #expect(!Locations.isPresent(folder.child("out")))
    }
  }

  @Test func `errors of the command line obey the form of the log`() throws {
    for form in [["--log-format", "json"], ["--log-format=json"]] {
      for wrong in [["run", "--nonsense"], ["run", "--workers"], ["lint"]] {
        let outcome = try Command.tranche(wrong + form).run()
        #expect(outcome.status == 2)
        #expect(outcome.outputText == "")
        let lines = outcome.errorText.split(separator: "\n")
        #expect(lines.count == 1, "\(outcome.errorText)")
        let line = try JSONSerialization.jsonObject(with: Data(outcome.errorText.utf8))
        #expect((line as? [String: String])?["level"] == "error")
      }
    }
  }

  @Test func `no name in a message steers a terminal`() throws {
    let text = "a\u{202E}b\u{2028}c\u{1B}d\u{200B}e"
    let outcome = try run("--config", text, "a.csv")
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("a?b?c?d?e"), "\(outcome.errorText)")
  }

  @Test func `an output folder that is not ours ends with 6 and stays`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      try folder.write("mine", to: "out/notes.txt")
      let outcome = try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--out",
        "out",
        "a.csv",
        in: folder
      )
      #expect(outcome.status == 6, "\(outcome.errorText)")
      #expect(try folder.child("out/notes.txt").text() == "mine")
    }
  }

  @Test func `an output folder among the inputs ends with 2, and nothing is touched`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "in/deep/a.csv")
      try FileManager.default.createSymbolicLink(
        at: folder.child("link"),
        withDestinationURL: folder.child("in")
      )
      try folder.write(smallLedger, to: "out/b.csv")
      try folder.write("{\"format\": \"tranche.run/1\"}", to: "out2.failed/run.json")
      let before = try folder.filesBelow()
      let cases = [
        ("in/out", "in"), ("link/out", "in"), ("in/deep", "./in/../link"), ("in", "in/"),
        ("out", "out/b.csv"), ("out/b.csv", "out/b.csv"), ("out2", "out2.failed/run.json"),
        ("in/out", "."),
      ]
      for (output, input) in cases {
        let outcome = try tranche(
          "run",
          "--config",
          "online-retail-ii",
          "--out",
          output,
          input,
          in: folder
        )
        #expect(outcome.status == 2, "\(output) \(input): \(outcome.errorText)")
        #expect(outcome.errorText.contains("set output.path"), "\(outcome.errorText)")
        #expect(try folder.filesBelow() == before)
      }
    }
  }

  @Test func `a failed run leaves the old version, and a good one takes the failure away`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      let settings = ["run", "--config", "online-retail-ii", "--set", "clusters.count=2"]
      let first = Command.tranche(settings + ["--out", "out", "a.csv"], directory: folder)
      try #require(try first.run().status == 0)
      let before = try outputs(folder.child("out"))
      try folder.write(smallLedger + "x,y\n", to: "a.csv")
      #expect(try first.run().status == 4)
      #expect(try outputs(folder.child("out")) == before)
      #expect(try names(in: folder) == ["a.csv", "out", "out.failed"])
      try folder.write(smallLedger, to: "a.csv")
      #expect(try first.run().status == 0)
      #expect(try names(in: folder) == ["a.csv", "out"])
    }
  }

  @Test func `a summary that cannot be shown ends with 6 and says that the work is done`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      let line =
        "'\(Locations.tranche.path)' run --config online-retail-ii --set clusters.count=2 --out out "
        + "a.csv > /dev/full"
      let outcome = try Command.shell(line, directory: folder).run()
      #expect(outcome.status == 6)
      #expect(outcome.errorText.contains("out is published, but its summary cannot be shown"))
      #expect(Locations.isPresent(folder.child("out/_SUCCESS")))
    }
  }

  @Test func `quiet leaves warnings and errors`() throws {
    let late = smallLedger.replacing("2010-03-02", with: "2030-03-02")
    let outcome = try run(
      "--quiet",
      "--config",
      "online-retail-ii",
      "--set",
      "clusters.count=2",
      "a.csv",
      ledger: late
    )
    #expect(outcome.status == 0)
    #expect(outcome.outputText == "")
    #expect(outcome.errorText.contains("warning: a.csv:7: the newest day 2030-03-02"))
  }

  @Test func `a copy among the inputs is told on standard error and in run json`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "in/a.csv")
      try folder.write(smallLedger, to: "in/b.csv")
      let settings = ["--config", "online-retail-ii", "--set", "clusters.count=2", "--out", "out"]
      let outcome = try Command.tranche(["run", "--quiet"] + settings + ["in"], directory: folder)
        .run()
      #expect(outcome.status == 0)
      let message =
        "in/b.csv: the same bytes as in/a.csv, and its rows count once more; if it is a copy, leave it "
        + "out"
      #expect(outcome.errorText == "tranche: warning: \(message)\n")
      #expect(try json(folder.child("out/run.json"), "warnings") as? [String] == [message])
    }
  }

  @Test func `a folder that may not be written is named with what helps`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      // Not even the system's administrator may make files there.
      let outcome = try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--out",
        "/sys/out",
        "a.csv",
        in: folder
      )
      #expect(outcome.status == 6)
      #expect(outcome.errorText.contains("cannot write in folder /sys: "), "\(outcome.errorText)")
      #expect(outcome.errorText.contains("set output.path"))
    }
  }

  @Test func `a closed pipe on standard output is a quiet 0`() throws {
    try withTemporaryDirectory { folder in
      try generate(50_000, customers: 100, to: "a.csv", in: folder)
      let program = Locations.tranche.path
      for job in ["cat a.csv", "generate --rows 500000 --customers 10"] {
        let line = "{ '\(program)' \(job) 2>errors; echo $? >status; } | head -n 1 >/dev/null"
        _ = try Command.shell(line, directory: folder).run()
        #expect(try folder.child("status").text() == "0\n", "\(job)")
        #expect(try folder.child("errors").text() == "", "\(job)")
      }
    }
  }

  @Test func `the version answers`() throws {
    try withTemporaryDirectory { folder in
      let outcome = try tranche("--version", in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.outputText.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }
  }

  @Test func `subcommands that are to come are refused by name`() throws {
    try withTemporaryDirectory { folder in
      let outcome = try tranche("compare", in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("'compare' is not there yet"))
    }
  }
}
