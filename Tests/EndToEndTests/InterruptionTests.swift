import Foundation
import TestKit
import Testing

/// A signal leaves the old version and nothing else.
@Suite struct InterruptionTests {
  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func `a signal half way leaves the output as it was`(signal: Int32, status: Int32) throws {
    try withTemporaryDirectory { folder in
      try generate(2000, customers: 500, to: "a.csv", in: folder)
      let base = ["run", "--config", "online-retail-ii", "--out", "out", "a.csv"]
      let quick = Command.tranche(base + ["--set", "clusters.count=3"], directory: folder)
      try #require(try quick.run().status == 0)
      let before = try outputs(folder.child("out"))
      let standing = try names(in: folder)
      let endless = ["clusters.starts=1000000", "clusters.tolerance=0", "clusters.count=8"]
      let long = try Command.tranche(
        base + endless.flatMap { ["--set", $0] },
        directory: folder
      ).start()
      try waitUntil { try names(in: folder) != standing }
      long.send(signal: signal)
      let outcome = try long.wait()
      #expect(outcome.status == status, "\(outcome.errorText)")
      #expect(
        outcome.errorText == "tranche: interrupted; \(folder.child("out").path) is as it was\n"
          || outcome.errorText == "tranche: interrupted; out is as it was\n"
      )
      #expect(try outputs(folder.child("out")) == before)
      #expect(try names(in: folder) == standing)
    }
  }

  @Test func `a signal after the new version has appeared ends with 0`() throws {
    try withTemporaryDirectory { folder in
      try generate(2000, customers: 500, to: "a.csv", in: folder)
      let base = ["run", "--config", "online-retail-ii", "a.csv", "--set", "clusters.count=3"]
      let run = Command.tranche(base + ["--out", "out"], directory: folder)
      try #require(try run.run().status == 0)
      let expected = try outputs(folder.child("out"))
      let standing = try names(in: folder)
      // An old version of many files takes long to remove.
      let parts = ["--set", "output.partition=none", "--set", "output.rows_per_part=1"]
      let scattered = Command.tranche(base + parts + ["--out", "out"], directory: folder)
      try #require(try scattered.run().status == 0)
      let replacing = try run.start()
      try waitUntil { !Locations.isPresent(folder.child("out/customers/part-00001.csv")) }
      replacing.send(signal: SIGINT)
      let outcome = try replacing.wait()
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try outputs(folder.child("out")) == expected)
      #expect(try names(in: folder) == standing)
    }
  }

  @Test func `two runs cannot publish the same folder at once`() throws {
    try withTemporaryDirectory { folder in
      try generate(2000, customers: 500, to: "a.csv", in: folder)
      let standing = try names(in: folder)
      let base = ["run", "--config", "online-retail-ii", "--out", "out", "a.csv"]
      let first = try Command.tranche(
        base + ["--set", "clusters.starts=1000000", "--set", "clusters.tolerance=0"],
        directory: folder
      ).start()
      try waitUntil { try names(in: folder) != standing }
      let second = try Command.tranche(base, directory: folder).run()
      #expect(second.status == 6, "\(second.errorText)")
      first.send(signal: SIGTERM)
      #expect(try first.wait().status == 143)
      #expect(try names(in: folder) == standing)
    }
  }

  @Test(arguments: ["absent", "present", "linked"])
  func `a signal while a ledger is generated leaves the file as it was`(before: String) throws {
    try withTemporaryDirectory { folder in
      if before != "absent" { try folder.write("mine\n", to: "a.csv") }
      let name = before == "linked" ? "link" : "a.csv"
      if before == "linked" {
        try FileManager.default.createSymbolicLink(
          at: folder.child(name),
          withDestinationURL: folder.child("a.csv")
        )
      }
      let standing = try names(in: folder)
      let endless = ["--rows", "2000000000", "--customers", "500", "--out", name]
      let long = try Command.tranche(["generate"] + endless, directory: folder).start()
      try waitUntil { try names(in: folder) != standing }
      long.send(signal: SIGTERM)
      let outcome = try long.wait()
      #expect(outcome.status == 143)
      #expect(outcome.errorText == "tranche: interrupted; \(name) is as it was\n")
      #expect(try names(in: folder) == standing)
      if before != "absent" { #expect(try folder.child("a.csv").text() == "mine\n") }
      let short = ["generate", "--rows", "10", "--customers", "5", "--out", name]
      #expect(try Command.tranche(short, directory: folder).run().status == 0)
      #expect(try folder.child("a.csv").text().split(separator: "\n").count == 11)
    }
  }

  private func waitUntil(_ condition: () throws -> Bool) throws {
    for _ in 0..<2000 {
      if try condition() { return }
      usleep(5000)
    }
    Issue.record("nothing happened for ten seconds")
  }
}
