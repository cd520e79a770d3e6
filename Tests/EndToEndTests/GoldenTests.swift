import Foundation
import TestKit
import Testing

/// Small ledgers with the outputs that were read and approved; `RECORD=1` writes them anew.
@Suite struct GoldenTests {
  private static let folder = Locations.packageRoot.child("Tests/Golden")

  static let cases: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { Locations.isPresent(folder.child("\($0)/settings.yaml")) }
      .sorted()
  }()

  @Test func `there are cases`() {
    #expect(!Self.cases.isEmpty)
  }

  @Test(arguments: cases)
  func `the outputs are the approved ones`(name: String) throws {
    let golden = Self.folder.child(name)
    try withTemporaryDirectory { folder in
      for file in ["input.csv", "settings.yaml"] {
        try folder.write(golden.child(file).bytes(), to: file)
      }
      let outcome = try tranche(
        "run",
        "--config",
        "settings.yaml",
        "--out",
        "out",
        "input.csv",
        in: folder
      )
      try #require(outcome.status == 0, "\(outcome.errorText)")
      let found = try outputs(folder.child("out"))
      if ProcessInfo.processInfo.environment["RECORD"] == "1" { try record(found, in: golden) }
      let expected = try outputs(golden.child("expected"))
      #expect(found.keys.sorted() == expected.keys.sorted())
      for (file, bytes) in expected {
        let difference = textDifference(
          expected: String(decoding: bytes, as: UTF8.self),
          actual: String(decoding: found[file] ?? [], as: UTF8.self)
        )
        #expect(difference == nil, "\(name)/\(file): \(difference ?? "")")
      }
    }
  }

  private func record(_ files: [String: [UInt8]], in golden: URL) throws {
    let expected = golden.child("expected")
    if Locations.isPresent(expected) { try FileManager.default.removeItem(at: expected) }
    for (name, bytes) in files { try golden.write(bytes, to: "expected/\(name)") }
  }
}
