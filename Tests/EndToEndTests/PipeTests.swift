import Foundation
import TestKit
import Testing

/// Inputs whose writer pauses, or never ends.
@Suite struct PipeTests {
  private static let wrongRow = "6,b,Plate,1,yesterday,3.00,7,France\n"

  /// Runs the program with a standard input that gives what `feed` writes and stays open for ever.
  ///
  /// - Returns: The outcome; nil where the program still waits after two minutes.
  private func outcome(
    of arguments: [String],
    fedBy feed: String,
    in folder: URL
  ) throws -> CommandOutcome? {
    let program = ([Locations.tranche.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let line = "mkfifo pipe && exec 3<>pipe && \(feed) >&3 && exec \(program) <&3"
    let running = try Command.shell(line, directory: folder).start()
    for _ in 0..<12_000 {
      guard running.isRunning else { return try running.wait() }
      usleep(10_000)
    }
    running.send(signal: SIGKILL)
    _ = try running.wait()
    return nil
  }

  @Test(arguments: ["1", "2", "16"], ["cat a.csv", "gzip -c a.csv"])
  func `one reject over the limit ends a run though the pipe stays open`(
    workers: String,
    feed: String
  ) throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger + Self.wrongRow, to: "a.csv")
      let settings = ["run", "--config", "online-retail-ii", "--workers", workers]
      let outcome = try outcome(of: settings + ["--out", "out", "-"], fedBy: feed, in: folder)
      #expect(outcome?.status == 4, "\(outcome?.errorText ?? "it waits")")
      #expect(outcome?.errorText.contains("-:8") ?? false, "\(outcome?.errorText ?? "")")
    }
  }

  /// The buffer that the program reads pipes by is full then, with nothing behind it.
  @Test func `a pause behind exactly 256 KiB hides no reject`() throws {
    try withTemporaryDirectory { folder in
      let good = "5,b,Plate,1,2011-01-05 10:00:00,3.00,7,France\n"
      let head = smallLedger + Self.wrongRow
      let count = ((256 << 10) - head.utf8.count) / good.utf8.count - 1
      let rest = (256 << 10) - head.utf8.count - count * good.utf8.count
      let last =
        "5," + String(repeating: "b", count: rest - good.utf8.count + 1) + good.dropFirst(3)
      try folder.write(head + String(repeating: good, count: count) + last, to: "a.csv")
      let settings = ["run", "--config", "online-retail-ii", "--out", "out", "-"]
      let outcome = try outcome(of: settings, fedBy: "(cat a.csv &)", in: folder)
      #expect(outcome?.status == 4, "\(outcome?.errorText ?? "it waits")")
    }
  }

  @Test func `a missing column ends a run though the pipe stays open`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("Invoice,Price\n", to: "a.csv")
      let settings = ["run", "--config", "online-retail-ii", "--out", "out", "-"]
      let outcome = try outcome(of: settings, fedBy: "cat a.csv", in: folder)
      #expect(outcome?.status == 2, "\(outcome?.errorText ?? "it waits")")
    }
  }

  @Test func `pauses change nothing wherever they fall`() throws {
    try withTemporaryDirectory { folder in
      let parts = ["a,", "b\r", "\n1,\"x\r", "\ny\"", "\"\"\r", "3,4\n\n5,6\r\n", "7,8"]
      try folder.write(parts.joined(), to: "a.csv")
      for (index, part) in parts.enumerated() { try folder.write(part, to: "\(index)") }
      let expected = try tranche("cat", "a.csv", in: folder)
      let feed = parts.indices.map { "cat \($0); sleep 0.2" }.joined(separator: "; ")
      let line = "{ \(feed); } | '\(Locations.tranche.path)' cat -"
      let paused = try Command.shell(line, directory: folder).run()
      #expect(paused.status == 0, "\(paused.errorText)")
      #expect(paused.outputText == expected.outputText)
    }
  }
}
