internal import Foundation
internal import Kernels
internal import TestKit
internal import Testing
internal import Writers

@Suite struct PublicationTests {
  @Test func `a first version appears whole, and nothing is left beside it`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { try $0.write(["a": 1], to: "sub/summary.json") }
      #expect(try names(in: folder) == ["out"])
      #expect(try out.filesBelow() == ["_SUCCESS", "manifest.json", "sub/summary.json"])
    }
  }

  @Test func `a new version replaces the old one whole`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { try $0.write([1], to: "old.json") }
      try publish(out) { try $0.write([2], to: "new.json") }
      #expect(try out.filesBelow() == ["_SUCCESS", "manifest.json", "new.json"])
      #expect(try names(in: folder) == ["out"])
    }
  }

  @Test func `an empty folder is replaced`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
      try publish(out) { try $0.write([1], to: "a.json") }
      #expect(try out.filesBelow().contains("a.json"))
    }
  }

  @Test func `until it is published OUT is the old version, and abandoning leaves nothing`() throws
  {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { try $0.write([1], to: "old.json") }
      let publication = try Publication(out: out.path)
      try publication.write([2], to: "new.json")
      #expect(try out.filesBelow() == ["_SUCCESS", "manifest.json", "old.json"])
      publication.abandon()
      publication.abandon()
      #expect(try names(in: folder) == ["out"])
      #expect(throws: WriteError.abandoned) { try publication.write([3], to: "late.json") }
      #expect(throws: WriteError.abandoned) { try publication.publish() }
      #expect(try out.filesBelow() == ["_SUCCESS", "manifest.json", "old.json"])
    }
  }

  /// An error that stops a publication where a kill would.
  private static let kill = WriteError.badValue

  @Test(arguments: Publication.Step.allCases)
  func `a kill at any step leaves one whole version`(_ step: Publication.Step) throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { try $0.write([1], to: "old.json") }
      do {
        // Dropped without an end, it leaves what a killed process leaves.
        let publication = try Publication(out: out.path)
        try publication.write([2], to: "new.json")
        try publication.writeManifest(ManifestFacts(version: "2", definitions: [:], inputs: []))
        #expect(throws: Self.kill) {
          try publication.publish { reached throws(WriteError) in
            if reached == step { throw Self.kill }
          }
        }
      }
      let files = try out.filesBelow()
      let isNew = step != .synchronized
      #expect(files == ["_SUCCESS", "manifest.json", isNew ? "new.json" : "old.json"])
      #expect(try names(in: folder).count == 3)

      try publish(out) { try $0.write([3], to: "next.json") }
      #expect(try names(in: folder) == ["out"])
      #expect(try out.filesBelow().contains("next.json"))
    }
  }

  @Test func `leftovers are removed, and only they`() throws {
    try withTemporaryDirectory { folder in
      let foreign = [
        ".out.tranche-", ".out.tranche-12-xyz", ".out.tranche-1-0123456789abcdef-more",
        ".out.tranche-x-0123456789abcdef", ".out2.tranche-1-0123456789abcdef", "notes.txt",
      ]
      for name in foreign { try folder.write("x", to: name) }
      try folder.write("x", to: ".out.tranche-1-0123456789abcdef/customers/part.csv")
      try folder.write("x", to: ".out.tranche-1-0123456789abcdef-failed/run.json")
      try folder.write("", to: ".out.tranche-lock")
      try publish(folder.child("out")) { try $0.write([1], to: "a.json") }
      #expect(try names(in: folder) == (foreign + ["out"]).sorted())
    }
  }

  @Test(arguments: ["notes.txt", "customers/mine.csv", "profiles/.hidden", "é\"\n"])
  func `a file that a user put into OUT is never lost`(_ name: String) throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { try $0.write([1], to: "customers/a.json") }
      try out.write("mine", to: name)
      #expect(throws: WriteError.outNotOurs(path: out.path, file: name)) {
        try Publication(out: out.path)
      }
      #expect(try out.child(name).text() == "mine")
      #expect(try names(in: folder) == ["out"])
    }
  }

  @Test func `a file is ours by the manifest's list alone, whatever else the manifest says`() throws
  {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      let publication = try Publication(out: out.path)
      try publication.writeManifest(
        ManifestFacts(
          version: "1",
          definitions: ["a": ["path": "b.json", "c": "\n  \"files\": [\n"]],
          inputs: [["path": "c.json"]]
        )
      )
      try publication.publish()
      for name in ["b.json", "c.json"] {
        try out.write("mine", to: name)
        #expect(throws: WriteError.outNotOurs(path: out.path, file: name)) {
          try Publication(out: out.path)
        }
        try FileSystem.remove(out.child(name).path)
      }
    }
  }

  @Test func `a large manifest is read whole`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { publication in
        for number in 0..<600 { try publication.write([1], to: "customers/\(number).json") }
      }
      #expect(try out.child("manifest.json").bytes().count > 1 << 16)
      try publish(out) { try $0.write([2], to: "b.json") }
      #expect(try out.filesBelow() == ["_SUCCESS", "b.json", "manifest.json"])
    }
  }

  @Test func `a link in OUT is foreign, and is not followed`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      let precious = try folder.write("x", to: "precious/file")
      try publish(out) { try $0.write([1], to: "a.json") }
      try FileManager.default.createSymbolicLink(
        at: out.child("link"),
        withDestinationURL: precious.deletingLastPathComponent()
      )
      #expect(throws: WriteError.outNotOurs(path: out.path, file: "link")) {
        try Publication(out: out.path)
      }
      #expect(try precious.text() == "x")
    }
  }

  @Test(arguments: 1...10)
  func `abandoning while it is published leaves one whole version and nothing else`(
    _ round: Int
  ) throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { try $0.write([1], to: "old.json") }
      let publication = try Publication(out: out.path)
      for number in 0..<50 { try publication.write([2], to: "new-\(number).json") }
      try publication.writeManifest(ManifestFacts(version: "2", definitions: [:], inputs: []))
      let isPublished = Workers(count: 2).map(blocks: 2) { worker in
        guard worker == 0 else { return publication.abandon() }
        do throws(WriteError) {
          try publication.publish()
          return true
        } catch {
          return false
        }
      }
      #expect(try out.filesBelow().count == (isPublished[0] ? 52 : 3))
      #expect(isPublished[0] == isPublished[1], "who abandons learns whether it was too late")
      #expect(try names(in: folder) == ["out"])
    }
  }

  @Test func `the folder above may be a link`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("x", to: "real/file")
      let link = folder.child("link")
      try FileManager.default.createSymbolicLink(
        at: link,
        withDestinationURL: folder.child("real")
      )
      try publish(link.child("out")) { try $0.write([1], to: "a.json") }
      #expect(try names(in: folder.child("real")) == ["file", "out"])
    }
  }

  @Test func `one run at a time owns OUT`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      let first = try Publication(out: out.path)
      #expect(throws: WriteError.outInUse(path: out.path)) { try Publication(out: out.path + "/") }
      let other = try Publication(out: folder.child("other").path)
      first.abandon()
      let second = try Publication(out: out.path)
      second.abandon()
      other.abandon()
      #expect(try names(in: folder).isEmpty)
    }
  }
}

@Suite struct OutPlaceTests {
  @Test func `a folder that is not ours is refused and left alone`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      for manifest in ["", "{}", #"{"format": "other/1"}"#, #"["format", "tranche.manifest/1"]"#] {
        try out.write(manifest, to: "manifest.json")
        #expect(throws: WriteError.outNotOurs(path: out.path, file: "manifest.json")) {
          try Publication(out: out.path)
        }
      }
      #expect(try names(in: folder) == ["out"])
    }
  }

  @Test func `what appears while a run works is not replaced`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      let publication = try Publication(out: out.path)
      try out.write("mine", to: "precious.txt")
      #expect(throws: WriteError.outNotOurs(path: out.path, file: "precious.txt")) {
        try publication.publish()
      }
      publication.abandon()
      #expect(try out.child("precious.txt").text() == "mine")
      #expect(try names(in: folder) == ["out"])
    }
  }

  @Test func `links, files and missing parents are refused`() throws {
    try withTemporaryDirectory { folder in
      let file = try folder.write("x", to: "file")
      #expect(throws: WriteError.outNotDirectory(path: file.path)) {
        try Publication(out: file.path)
      }
      let link = folder.child("link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
      #expect(throws: WriteError.outIsLink(path: link.path)) { try Publication(out: link.path) }
      let orphan = folder.child("none/out")
      #expect(
        throws: WriteError.outMissingParent(path: orphan.path, parent: folder.child("none").path)
      ) { try Publication(out: orphan.path) }
      #expect(try names(in: folder) == ["file", "link"])
    }
  }

  @Test(arguments: ["", ".", "..", "/", "a/..", "//", "x/."])
  func `a path without a name is refused`(_ path: String) {
    #expect(throws: WriteError.outName(path: path)) { try Publication(out: path) }
  }

  @Test func `an error of the system says what, where and why`() throws {
    try withTemporaryDirectory { folder in
      let publication = try Publication(out: folder.child("out").path)
      defer { publication.abandon() }
      try publication.write([1], to: "a.json")
      let error = #expect(throws: WriteError.self) { try publication.write([1], to: "a.json") }
      guard case .system("create", let path, EEXIST, let reason) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(path.hasSuffix("/a.json"))
      #expect(reason == "File exists")
    }
  }
}

@Suite struct FailureTests {
  @Test func `a failed run leaves its rejects and run_json, and OUT as it was`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { try $0.write([1], to: "old.json") }
      for attempt in 1...2 {
        let publication = try Publication(out: out.path)
        let rejects = RejectWriter(publication: publication)
        rejects.append([reject(line: attempt)])
        try rejects.finish()
        try publication.write([2], to: "new.json")
        let failed = try publication.fail(run: ["attempt": .int(attempt)])
        #expect(failed == out.path + ".failed")
      }
      #expect(try names(in: folder) == ["out", "out.failed"])
      let failed = folder.child("out.failed")
      #expect(try failed.filesBelow() == ["rejects/rejects-00000.csv", "run.json"])
      #expect(try failed.child("run.json").text().contains("\"attempt\": 2"))
      #expect(try out.filesBelow() == ["_SUCCESS", "manifest.json", "old.json"])

      try publish(out) { try $0.write([3], to: "new.json") }
      #expect(try names(in: folder) == ["out"])
    }
  }

  @Test func `a run that begins takes an earlier failure away, unless it holds a user's file`()
    throws
  {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      for isForeign in [false, true] {
        _ = try Publication(out: out.path).fail(run: [:])
        if isForeign { try folder.write("mine", to: "out.failed/notes.txt") }
        let next = try Publication(out: out.path)
        next.abandon()
        #expect(try names(in: folder) == (isForeign ? ["out.failed"] : []))
      }
      #expect(try folder.child("out.failed/notes.txt").text() == "mine")
    }
  }

  @Test func `a folder under that name that is not ours is left alone`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try folder.write("mine", to: "out.failed/run.json")
      let publication = try Publication(out: out.path)
      #expect(throws: WriteError.outNotOurs(path: out.path + ".failed", file: "run.json")) {
        try publication.fail(run: [:])
      }
      #expect(try names(in: folder) == ["out.failed"])
      #expect(try folder.child("out.failed/run.json").text() == "mine")
    }
  }
}
