import Foundation
import TestKit
import Testing

/// The lines of a table less its header, in byte order.
private func lines(_ files: URL...) throws -> [String] {
  try files.flatMap { try $0.text().split(separator: "\n").dropFirst().map(String.init) }
    .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
}

@discardableResult
private func done(_ words: String, in folder: URL) throws -> CommandOutcome {
  let outcome = try Command.tranche(words.split(separator: " ").map(String.init), directory: folder)
    .run()
  try #require(outcome.status == 0, "\(words): \(outcome.errorText)")
  return outcome
}

private let retail = "--config online-retail-ii --as-of 2012-01-01"

/// Writes `a.csv` and `b.csv`, each with every row of half the customers of `all.csv`.
private func writeHalves(in folder: URL) throws {
  try generate(6000, customers: 500, to: "all.csv", in: folder)
  let records = try folder.child("all.csv").text().split(separator: "\n").map(String.init)
  let header = records[0]
  for (name, parity) in [("a.csv", 0), ("b.csv", 1)] {
    let rows = records.dropFirst().filter { record in
      let fields = record.split(separator: ",", omittingEmptySubsequences: false)
      // The customer stands before the country; one that is missing is in no half's way.
      return (Int(fields[fields.count - 2]) ?? 0) % 2 == parity
    }
    try folder.write(([header] + rows).joined(separator: "\n") + "\n", to: name)
  }
}

@Suite struct ModelTests {
  @Test func `a fit on one half and assign to the other give what one run with that model gives`()
    throws
  {
    try withTemporaryDirectory { folder in
      try writeHalves(in: folder)
      for part in ["a", "b"] {
        try done("run \(retail) --until features --out run_\(part) \(part).csv", in: folder)
      }
      for components in ["", "--set features.principal_components=2"] {
        let settings = "--set clusters.count=4 --set clusters.starts=3 \(components)"
        try done("fit \(settings) --out model run_a", in: folder)
        try done("assign --model model --out assigned run_b", in: folder)
        try done("run \(retail) --model model/model.json --out half b.csv", in: folder)
        try done("run \(retail) --model model --out whole all.csv", in: folder)
        let name = "assignments.csv"
        let assigned = try folder.child("assigned/\(name)").bytes()
        #expect(try folder.child("half/\(name)").bytes() == assigned)
        let parts = try lines(folder.child("model/\(name)"), folder.child("assigned/\(name)"))
        #expect(parts.count > 300)
        #expect(try lines(folder.child("whole/\(name)")) == parts)
        let customers = try customers(folder.child("whole"))
        for line in parts {
          let fields = line.split(separator: ",").map(String.init)
          #expect(customers[fields[0]]?["cluster"] == fields[1])
          #expect(customers[fields[0]]?["cluster_name"] == fields[2])
        }
      }
    }
  }

  @Test func `a run is a model, and what it published serves in every form`() throws {
    try withTemporaryDirectory { folder in
      try writeHalves(in: folder)
      try done("run \(retail) --set clusters.count=3 --out model a.csv", in: folder)
      try done("run \(retail) --until customers --out bare b.csv", in: folder)
      try done("run \(retail) --set output.partition=tier --out full b.csv", in: folder)
      try done("assign --model model --as-of 2012-01-01 --out one bare", in: folder)
      try done("assign --model model --out two full", in: folder)
      #expect(try outputs(folder.child("one"))["assignments.csv"] != nil)
      #expect(
        try folder.child("one/assignments.csv").bytes()
          == folder.child("two/assignments.csv").bytes()
      )
      let late = try tranche("assign", "--model", "model", "--out", "no", "bare", in: folder)
      #expect(late.status == 2 && late.errorText.contains("--as-of"))
      let early = try tranche(
        "assign",
        "--model",
        "model",
        "--as-of",
        "2010-01-01",
        "--out",
        "no",
        "bare",
        in: folder
      )
      #expect(early.status == 2 && early.errorText.contains("customer '"), "\(early.errorText)")
    }
  }

  @Test func `halves of a matrix are assigned as the whole, as CSV and as npy`() throws {
    try withTemporaryDirectory { folder in
      var random = SeededGenerator(seed: 5)
      let rows = (0..<400).map { row in
        "r\(row),"
          + (0..<3).map { _ in "\(Double.random(in: -5...5, using: &random))" }
          .joined(separator: ",")
      }
      for (name, part) in [("a", rows[..<200]), ("b", rows[200...]), ("all", rows[...])] {
        try folder.write("id,x,y,z\n" + part.joined(separator: "\n") + "\n", to: "\(name).csv")
      }
      try done("fit --id id --set clusters.count=5 --out model a.csv", in: folder)
      try done("assign --id id --model model --out b b.csv", in: folder)
      try done("assign --id id --model model --out all all.csv", in: folder)
      let name = "assignments.csv"
      #expect(
        try lines(folder.child("all/\(name)"))
          == lines(folder.child("model/\(name)"), folder.child("b/\(name)"))
      )
      try writeHalves(in: folder)
      try done("run \(retail) --until features --out run all.csv", in: folder)
      try done("fit --set clusters.count=3 --out npy run/features/matrix.npy", in: folder)
      try done("assign --model npy --out again run/features/matrix.npy", in: folder)
      #expect(
        try folder.child("npy/\(name)").bytes() == folder.child("again/\(name)").bytes()
      )
    }
  }

  @Test func `no number of workers and no engine changes a byte`() throws {
    try withTemporaryDirectory { folder in
      try writeHalves(in: folder)
      try done("run \(retail) --until features --out run a.csv", in: folder)
      var (fitted, assigned): ([String: [UInt8]]?, [String: [UInt8]]?)
      for variant in ["--workers 1", "--workers 2", "--workers 3", "--workers 8"] {
        try done("fit \(variant) --set clusters.starts=2 --out model run", in: folder)
        try done("assign \(variant) --model model --out out run", in: folder)
        let (model, out) = (try outputs(folder.child("model")), try outputs(folder.child("out")))
        #expect(model == fitted ?? model, "\(variant)")
        #expect(out == assigned ?? out, "\(variant)")
        (fitted, assigned) = (model, out)
      }
      for engine in ["blas", "fused", "hamerly"] {
        try done(
          "fit --set clusters.engine=\(engine) --set clusters.starts=2 --out model run",
          in: folder
        )
        #expect(try outputs(folder.child("model")) == fitted, "\(engine)")
      }
    }
  }

  @Test func `ids continue those of the previous model, and the cost is stated`() throws {
    try withTemporaryDirectory { folder in
      // Three groups; later the largest has moved by 1 in x, and has become the smallest.
      let before = ["0,0", "0,0", "0,0", "10,0", "10,0", "0,10"]
      let after = ["1,0", "10,0", "10,0", "0,10", "0,10", "0,10"]
      try folder.write("x,y\n" + before.joined(separator: "\n") + "\n", to: "before.csv")
      try folder.write("x,y\n" + after.joined(separator: "\n") + "\n", to: "after.csv")
      try done("fit --set clusters.count=3 --out model before.csv", in: folder)
      let outcome = try done(
        "fit --set clusters.count=3 --previous-model model --out model after.csv",
        in: folder
      )
      let model = folder.child("model/model.json")
      let clusters = try #require(try json(model, "clusters") as? [[String: Any]])
      #expect(
        clusters.compactMap { $0["id"] as? String } == ["cluster_3", "cluster_2", "cluster_1"]
      )
      #expect(try json(model, "matching", "total_squared_distance") as? Double == 1)
      #expect(String(decoding: outcome.output, as: UTF8.self).contains("squared shift"))
      try done("fit --set clusters.count=2 --previous-model model --out two after.csv", in: folder)
      let gone = try json(folder.child("two/summary.json"), "matching", "gone") as? [String]
      #expect(gone?.count == 1)
      try done("fit --set clusters.count=3 --previous-model two --out three after.csv", in: folder)
      let new = try json(folder.child("three/summary.json"), "matching", "new") as? [String]
      // What is gone gives its id to nobody.
      #expect(new == ["cluster_4"])
    }
  }

  @Test func `a run continues the ids of a previous model`() throws {
    try withTemporaryDirectory { folder in
      try writeHalves(in: folder)
      try done("run \(retail) --set clusters.count=4 --out first a.csv", in: folder)
      try done(
        "run \(retail) --set clusters.count=4 --previous-model first --out again a.csv",
        in: folder
      )
      let summary = folder.child("again/summary.json")
      #expect(try json(summary, "matching", "total_squared_distance") as? Double == 0)
      #expect(try customers(folder.child("again")) == customers(folder.child("first")))
    }
  }

  @Test func `what is no model of the input is refused by name`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("x,y\n1,2\n3,4\n5,7\n", to: "m.csv")
      try folder.write("x,z\n1,2\n", to: "other.csv")
      try done("fit --set clusters.count=2 --out model m.csv", in: folder)
      let model = try folder.child("model/model.json").text()
      func refused(_ text: String, _ status: Int32, _ words: String) throws {
        try folder.write(text, to: "t.json")
        let outcome = try tranche("assign", "--model", "t.json", "--out", "o", "m.csv", in: folder)
        #expect(outcome.status == status, "\(words): \(outcome.errorText)")
        #expect(outcome.errorText.contains("t.json"), "\(outcome.errorText)")
        #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
        #expect(!Locations.isPresent(folder.child("o")))
      }
      try refused(String(model.prefix(model.count / 2)), 3, "cut off")
      try refused("", 3, "cut off")
      try refused(model.replacing("model/1", with: "model/9"), 3, "tranche.model/9")
      try refused("{\"tranche\": \"0.1.0\"}\n", 3, "format")
      try refused(model.replacing("\"centroid\": [", with: "\"centroid\": [NaN, "), 3, "value")
      try refused(model.replacing("\"centroid\": [", with: "\"centroid\": [1e999, "), 3, "1e999")
      try refused(
        model.replacing("\"centroid\": [", with: "\"centroid\": [0, "),
        3,
        "clusters[0].centroid: 3 numbers where 2 belong"
      )
      try refused(model.replacing("cluster_2", with: "cluster_1"), 3, "clusters[1].id")
      try refused(model.replacing("\"columns\"", with: "\"pillars\""), 3, "columns: missing")
      let other = try tranche("assign", "--model", "model", "--out", "o", "other.csv", in: folder)
      #expect(other.status == 2 && other.errorText.contains("x, z"), "\(other.errorText)")
      let absent = try tranche("assign", "--model", "no", "--out", "o", "m.csv", in: folder)
      #expect(absent.status == 3 && absent.errorText.contains("no:"), "\(absent.errorText)")
      let own = try tranche("assign", "--model", "model", "--out", "model", "m.csv", in: folder)
      #expect(own.status == 2 && own.errorText.contains("replace the model"))
      #expect(try folder.child("model/model.json").text() == model)
    }
  }

  @Test func `a run refuses a model that its settings contradict`() throws {
    try withTemporaryDirectory { folder in
      try writeHalves(in: folder)
      try done("run \(retail) --set clusters.count=3 --out model a.csv", in: folder)
      for (setting, key) in [
        ("definitions.frequency=rows", "definitions.frequency"),
        ("features.recency.transform=none", "features"),
      ] {
        let outcome = try tranche(
          "run",
          "--config",
          "online-retail-ii",
          "--model",
          "model",
          "--set",
          setting,
          "--out",
          "o",
          "b.csv",
          in: folder
        )
        #expect(outcome.status == 2 && outcome.errorText.contains(key), "\(outcome.errorText)")
      }
    }
  }

  @Test func `the outputs of fit and assign are the approved ones`() throws {
    let golden = Locations.packageRoot.child("Tests/Golden/model")
    try withTemporaryDirectory { folder in
      for name in ["fit.csv", "assign.csv"] {
        try folder.write(golden.child(name).bytes(), to: name)
      }
      try done("fit --id shop --set clusters.count=3 --out fitted fit.csv", in: folder)
      try done("assign --id shop --model fitted --out assigned assign.csv", in: folder)
      for out in ["fitted", "assigned"] {
        let found = try outputs(folder.child(out))
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
          for (name, bytes) in found { try golden.write(bytes, to: "expected/\(out)/\(name)") }
        }
        let expected = try outputs(golden.child("expected/\(out)"))
        #expect(found.keys.sorted() == expected.keys.sorted())
        for (file, bytes) in expected {
          let difference = textDifference(
            expected: String(decoding: bytes, as: UTF8.self),
            actual: String(decoding: found[file] ?? [], as: UTF8.self)
          )
          #expect(difference == nil, "\(out)/\(file): \(difference ?? "")")
        }
      }
    }
  }
}
