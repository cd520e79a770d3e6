import Foundation
import Readers
import TestKit
import Testing

@Suite struct InputDiscoveryTests {
  @Test func `folders are walked, hidden files passed over, and paths sorted by their bytes`()
    throws
  {
    try withTemporaryDirectory { directory in
      for name in ["b.csv", "a.csv", "_SUCCESS", ".hidden"] {
        _ = try directory.write("x\n", to: name)
      }
      let files = try InputDiscovery.find(paths: [directory.path], glob: false)
      #expect(files.map(\.path) == ["a.csv", "b.csv"].map { directory.child($0).path })
      let matched = try InputDiscovery.find(paths: [directory.path + "/?.csv"], glob: true)
      #expect(matched == files)
    }
  }

  @Test func `what is missing or empty is named`() throws {
    try withTemporaryDirectory { directory in
      let missing = directory.child("none.csv").path
      #expect(throws: ReadError.self) { try InputDiscovery.find(paths: [missing], glob: false) }
      #expect(throws: ReadError.noInput(path: directory.path)) {
        try InputDiscovery.find(paths: [directory.path], glob: false)
      }
      let pattern = directory.path + "/*.csv"
      #expect(throws: ReadError.noInput(path: pattern)) {
        try InputDiscovery.find(paths: [pattern], glob: true)
      }
    }
  }

  @Test func `a link back to a folder on the way is refused by name`() throws {
    try withTemporaryDirectory { directory in
      _ = try directory.write("x\n", to: "a/b/x.csv")
      let link = directory.child("a/b/up")
      try FileManager.default.createSymbolicLink(
        at: link,
        withDestinationURL: directory.child("a")
      )
      let expected = ReadError.sameInput(path: link.path, as: directory.path + "/a")
      #expect(throws: expected) { try InputDiscovery.find(paths: [directory.path], glob: false) }
    }
  }

  @Test func `a named pipe is read like a file`() throws {
    try withTemporaryDirectory { directory in
      _ = try Command.shell("mkfifo pipe", directory: directory).run()
      let writer = Command.shell(
        "printf 'customer,order,time,amount\\na,1,2020-01-01,1\\n' > pipe",
        directory: directory
      )
      let running = try writer.start()
      let reading = try read([directory.child("pipe")], simpleFormat())
      _ = try running.wait()
      #expect(reading.rows.map(\.customer) == ["a"])
    }
  }
}
