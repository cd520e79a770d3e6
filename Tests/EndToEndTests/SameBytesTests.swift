import Foundation
import TestKit
import Testing

/// The same inputs, settings and seed give the same bytes, however the work is done.
@Suite struct SameBytesTests {
  private static let variants: [[String]] =
    ["1", "2", "3", "8"].map { ["--workers", $0] }
    + ["4 KiB", "64 KiB", "1 MiB", "16 MiB"].map { ["--split-bytes", $0, "--workers", "3"] }
    + [
      "blas", "fused", "tile", "elkan", "hamerly", "exponion", "yinyang", "simplified-yinyang",
    ]
    .map { ["--set", "clusters.engine=\($0)"] }
    + [["--set", "clusters.collapse=true"]]
    + ["scalar", "avx2", "avx512"].flatMap { level in
      ["blas", "fused", "tile"].map { engine in
        [
          "--set", "run.simd=\(level)", "--set", "clusters.engine=\(engine)", "--split-bytes",
          "9973",
        ]
      }
    }

  @Test func `no variant of the work changes a byte`() throws {
    try withTemporaryDirectory { folder in
      try generate(3000, customers: 200, to: "a.csv", in: folder)
      try generate(2000, customers: 200, seed: 8, to: "b.csv", in: folder)
      let expected = try run(["a.csv", "b.csv"], in: folder)
      #expect(expected.count > 10)
      #expect(try run(["b.csv", "a.csv"], in: folder) == expected, "the order of the inputs")
      for variant in Self.variants {
        #expect(try run(variant + ["b.csv", "a.csv"], in: folder) == expected, "\(variant)")
      }
    }
  }

  @Test func `run_json has the rounds of every number of clusters`() throws {
    try withTemporaryDirectory { folder in
      try generate(3000, customers: 200, to: "a.csv", in: folder)
      let arguments = [
        "--set", "clusters.engine=hamerly", "--set", "clusters.count=2..3", "--max-rounds", "4",
        "--set", "clusters.collapse=true", "--max-seconds", "3600", "a.csv",
      ]
      _ = try run(arguments, in: folder)
      let record = folder.child("out/run.json")
      #expect(try json(record, "cluster_engine") as? String == "hamerly")
      #expect(try json(record, "cluster_rows_collapsed") is Double)
      let runs = try #require(try json(record, "cluster_runs") as? [[String: Any]])
      #expect(runs.compactMap { $0["clusters"] as? Int } == [2, 3])
      for run in runs {
        #expect(run["out_of_time"] as? Bool == false)
        let rounds = try #require(run["rounds"] as? [[String: Any]])
        #expect((1...4).contains(rounds.count))
        #expect(rounds.allSatisfy { $0["inertia"] is Double && $0["squared_shift"] is Double })
        #expect(rounds.allSatisfy { $0["distances_computed"] is Int })
      }
    }
  }

  @Test func `no kernels of BLAS change a byte`() throws {
    try withTemporaryDirectory { folder in
      try generate(5000, customers: 300, to: "a.csv", in: folder)
      for components in ["2", "3"] {
        var expected: [String: [UInt8]]?
        for core in try cores() {
          let arguments = [
            "--set", "features.principal_components=\(components)", "--set",
            "clusters.engine=blas", "a.csv",
          ]
          let found = try run(arguments, in: folder, environment: ["OPENBLAS_CORETYPE": core])
          #expect(found == expected ?? found, "\(core), \(components) components")
          #expect(try json(folder.child("out/run.json"), "blas_core") as? String == core)
          expected = found
        }
      }
    }
  }

  /// Kernels of OpenBLAS that this processor can run.
  private func cores() throws -> [String] {
    let flags = try URL(fileURLWithPath: "/proc/cpuinfo").text()
    let needs = [("Nehalem", "sse4_2"), ("Haswell", "avx2"), ("SkylakeX", "avx512vl")]
    return needs.filter { flags.contains(" \($0.1)") }.map(\.0)
  }

  @Test func `a compressed ledger gives the same customers`() throws {
    try withTemporaryDirectory { folder in
      try generate(3000, customers: 200, to: "a.csv", in: folder)
      let packed = try Command.shell("gzip -k a.csv", directory: folder).run()
      try #require(packed.status == 0)
      let plain = try run(["a.csv"], in: folder)
      let unpacked = try run(["a.csv.gz"], in: folder)
      let customers = plain.filter { $0.key.hasPrefix("customers/") }
      #expect(unpacked.filter { $0.key.hasPrefix("customers/") } == customers)
      #expect(unpacked["summary.json"] == plain["summary.json"])
    }
  }

  @Test func `standard input gives the same customers`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(smallLedger, to: "a.csv")
      var command = Command.tranche(
        ["run", "--config", "online-retail-ii", "--out", "piped", "--until", "customers", "-"],
        directory: folder
      )
      command.standardInput = Array(smallLedger.utf8)
      #expect(try command.run().status == 0)
      try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--out",
        "out",
        "--until",
        "customers",
        "a.csv",
        in: folder
      )
      #expect(try customers(folder.child("piped")) == customers(folder.child("out")))
    }
  }

  private func run(
    _ arguments: [String],
    in folder: URL,
    environment: [String: String?] = [:]
  ) throws -> [String: [UInt8]] {
    let settings = ["--set", "clusters.count=2..4", "--set", "clusters.starts=2"]
    var command = Command.tranche(
      ["run", "--config", "online-retail-ii", "--out", "out"] + settings + arguments,
      directory: folder
    )
    command.environment = environment
    let outcome = try command.run()
    try #require(outcome.status == 0, "\(outcome.errorText)")
    return try outputs(folder.child("out"))
  }
}
