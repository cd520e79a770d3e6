internal import Foundation
internal import TestKit
internal import Testing

@Suite struct CommandTests {
  @Test func `streams, status, directory and environment are what was asked for`() throws {
    try withTemporaryDirectory { directory in
      var command = Command.shell("cat; pwd; echo $NAME >&2; exit 7", directory: directory)
      command.standardInput = Array("in\n".utf8)
      command.environment = ["NAME": "value"]
      let outcome = try command.run()
      #expect(outcome.status == 7)
      #expect(outcome.outputText == "in\n\(directory.path)\n")
      #expect(outcome.errorText == "value\n")
    }
  }

  @Test func `output beyond a pipe's room does not block`() throws {
    let outcome = try Command.shell("head -c 3000000 /dev/zero").run()
    #expect(outcome.output.count == 3_000_000)
  }

  @Test func `a signal ends a program with 128 and its number`() throws {
    let running = try Command.shell("exec sleep 60").start()
    #expect(running.isRunning)
    running.send(signal: SIGTERM)
    #expect(try running.wait().status == 143)
  }
}
