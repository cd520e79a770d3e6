import Foundation
import TestKit
import Testing

/// The choice of the number of clusters, through the real binary.
@Suite struct ChoiceTests {
  private static let few = [
    "clusters.count=2..4", "clusters.starts=2", "clusters.choice.references=3",
    "clusters.choice.reference_rows=100", "clusters.choice.resamples=3",
    "clusters.choice.resample_rows=100",
  ]

  private func run(_ settings: [String], _ options: [String] = [], in folder: URL) throws
    -> CommandOutcome
  {
    let command = Command.tranche(
      ["run", "--config", "online-retail-ii", "--out", "out"]
        + (Self.few + settings).flatMap { ["--set", $0] } + options + ["a.csv"],
      directory: folder
    )
    let outcome = try command.run()
    try #require(outcome.status == 0, "\(outcome.errorText)")
    return outcome
  }

  @Test func `every criterion has the same bytes for any work, and leaves the clusters alone`()
    throws
  {
    try withTemporaryDirectory { folder in
      try generate(5000, customers: 300, to: "a.csv", in: folder)
      _ = try run([], in: folder)
      let plain = try outputs(folder.child("out"))
      _ = try run(["clusters.choice.criteria=all"], in: folder)
      let expected = try outputs(folder.child("out"))
      let unchanged = { (name: String) in !["summary.json", "manifest.json"].contains(name) }
      #expect(expected.filter { unchanged($0.key) } == plain.filter { unchanged($0.key) })
      for options in [["--workers", "1"], ["--workers", "3"], ["--set", "run.simd=scalar"]] {
        _ = try run(["clusters.choice.criteria=all"], options, in: folder)
        #expect(try outputs(folder.child("out")) == expected, "\(options)")
      }
    }
  }

  @Test func `the summary and the printed tables say what each criterion prefers`() throws {
    try withTemporaryDirectory { folder in
      try generate(5000, customers: 300, to: "a.csv", in: folder)
      let outcome = try run(["clusters.choice.criteria=all"], in: folder)
      for text in ["Further criteria", "chosen by simplified_silhouette", "recommended: ", "± "] {
        #expect(outcome.outputText.contains(text), "\(text)")
      }
      #expect(outcome.outputText.split(separator: "\n").allSatisfy { $0.count <= 100 })
      let summary = folder.child("out/summary.json")
      let choice = try #require(try json(summary, "choice") as? [String: Any])
      let recommendation = try #require(choice["recommendation"] as? [String: Any])
      let agreeing = try #require(recommendation["agreeing"] as? [String])
      let dissenting = try #require(recommendation["dissenting"] as? [[String: Any]])
      #expect(agreeing.count + dissenting.count == 7)
      let separation = try #require(choice["separation"] as? [String: Double])
      #expect(abs(separation.values.reduce(0, +) - 1) < 1e-12)
      #expect(Set(separation.keys) == ["recency", "frequency", "monetary"])
      let sweep = try #require(try json(summary, "sweep") as? [[String: Any]])
      let keys = ["bic", "silhouette", "silhouette_standard_error", "gap", "lowest_jaccard"]
      for tried in sweep { #expect(keys.allSatisfy { tried[$0] is Double }) }
      #expect((choice["structure"] as? [String: Any])?["found"] is Bool)
    }
  }

  @Test func `another rule picks another number, and a column that decides alone is named`() throws
  {
    try withTemporaryDirectory { folder in
      try generate(5000, customers: 300, to: "a.csv", in: folder)
      var chosen: [String: Int] = [:]
      for rule in ["simplified_silhouette", "calinski_harabasz", "bic", "agreement"] {
        _ = try run(["clusters.choose_by=\(rule)", "clusters.count=2..8"], in: folder)
        let summary = folder.child("out/summary.json")
        let choice = try #require(try json(summary, "choice") as? [String: Any])
        #expect(choice["chosen_by"] as? String == rule)
        let clusters = try #require(try json(summary, "clusters") as? [[String: Any]])
        #expect(choice["clusters"] as? Int == clusters.count)
        chosen[rule] = clusters.count
      }
      #expect(Set(chosen.values).count > 1, "\(chosen)")
      let warned = try run(["features.monetary.weight=100"], in: folder)
      #expect(warned.errorText.contains("monetary alone makes up"), "\(warned.errorText)")
    }
  }
}
