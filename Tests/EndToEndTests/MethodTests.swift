import Foundation
import TestKit
import Testing

/// Every method and every seeding through the whole program.
@Suite struct MethodTests {
  private func run(
    _ settings: [String],
    workers: Int,
    environment: [String: String] = [:],
    in folder: URL
  ) throws -> [String: [UInt8]] {
    let out = "out-\(workers)-\(settings.joined().hashValue.magnitude)"
    var command = Command.tranche(
      ["run", "--config", "online-retail-ii", "--out", out, "--workers", "\(workers)"]
        + settings.flatMap { ["--set", $0] } + ["a.csv"],
      directory: folder
    )
    command.environment.merge(environment) { $1 }
    let outcome = try command.run()
    try #require(outcome.status == 0, "\(settings): \(outcome.errorText)")
    return try outputs(folder.child(out))
  }

  @Test(
    arguments: [
      "kmeans", "minibatch", "bisecting", "spherical", "kmedians", "trimmed", "mixture",
    ]
  )
  func `each method labels every customer, with the same bytes for any workers`(
    method: String
  ) throws {
    try withTemporaryDirectory { folder in
      try generate(20_000, customers: 6000, to: "a.csv", in: folder)
      let settings = ["clusters.method=\(method)", "clusters.count=2..4", "clusters.starts=3"]
      let one = try run(settings, workers: 1, in: folder)
      #expect(try run(settings, workers: 3, in: folder) == one)
      let model = try #require(one["model.json"])
      let root = try JSONSerialization.jsonObject(with: Data(model)) as? [String: Any]
      #expect(root?["method"] as? String == method)
      let clusters = try #require(root?["clusters"] as? [[String: Any]])
      #expect((2...4).contains(clusters.count))
      let members = clusters.compactMap { $0["customers"] as? Int }
      let profile = try #require(one["summary.json"])
      let summary = try JSONSerialization.jsonObject(with: Data(profile)) as? [String: Any]
      #expect(members.reduce(0, +) == summary?["customers"] as? Int)
      #expect((root?["objective"] == nil) == (method == "kmeans"))
      let trimmed = root?["trimmed_customers"] as? [String]
      #expect(trimmed.map(\.count) == (method == "trimmed" ? members.reduce(0, +) / 20 : nil))
      let mixture = root?["mixture"] as? [String: Any]
      #expect(
        (mixture?["components"] as? [Any])?.count == (method == "mixture" ? clusters.count : nil)
      )
    }
  }

  @Test(arguments: ["random", "k-means++", "greedy-k-means++", "k-means||", "afk-mc2"])
  func `each seeding gives the same bytes for any workers`(seeding: String) throws {
    try withTemporaryDirectory { folder in
      try generate(20_000, customers: 6000, to: "a.csv", in: folder)
      let settings = ["clusters.seeding=\(seeding)", "clusters.count=2..4", "clusters.starts=3"]
      let one = try run(settings, workers: 1, in: folder)
      #expect(try run(settings, workers: 3, in: folder) == one)
    }
  }

  @Test func `no kernels of BLAS change a byte of a mixture`() throws {
    try withTemporaryDirectory { folder in
      try generate(5000, customers: 300, to: "a.csv", in: folder)
      let settings = ["clusters.method=mixture", "clusters.count=3"]
      let nehalem = ["OPENBLAS_CORETYPE": "Nehalem"]
      let plain = try run(settings, workers: 1, in: folder)
      #expect(try run(settings, workers: 2, environment: nehalem, in: folder) == plain)
    }
  }

  @Test func `a method that is asked for as an engine is named`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      let outcome = try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--out",
        "out",
        "--set",
        "clusters.engine=minibatch",
        "a.csv",
        in: folder
      )
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("set clusters.method"))
    }
  }
}
