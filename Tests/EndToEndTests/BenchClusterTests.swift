import Foundation
import TestKit
import Testing

/// Three pairs of rows with their kinds; from the first, third and fifth row they are found at once.
private let pairs = """
  name,x,y,kind
  a,0,0,red
  b,1,0,red
  c,10,10,green
  d,11,10,green
  "e,e",-10,5,blue
  f,-10,6,blue

  """

private func bench(_ arguments: String, in folder: URL) throws -> CommandOutcome {
  let words = ["bench", "cluster"] + arguments.split(separator: " ").map(String.init)
  return try Command.tranche(words, directory: folder).run()
}

/// The JSON of a comparison that has to go well.
private func report(_ arguments: String, in folder: URL) throws -> [String: Any] {
  let outcome = try bench(arguments + " --format json", in: folder)
  try #require(outcome.status == 0, "\(outcome.errorText)")
  let json = try JSONSerialization.jsonObject(with: Data(outcome.output))
  return try #require(json as? [String: Any])
}

@Suite struct BenchClusterTests {
  @Test func `the record has every figure of every engine`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(pairs, to: "m.csv")
      let found = try report(
        "m.csv --id name --truth kind --k 3 --repeat 3 --seeds 2 --workers 2",
        in: folder
      )
      #expect(found["format"] as? String == "tranche.bench-cluster/1")
      let machine = try #require(found["surroundings"] as? [String: Any])
      for key in ["tranche", "finished", "host", "processor", "simd", "blas_core", "blas"] {
        #expect(machine[key] is String, "\(key)")
      }
      let matrix = try #require(found["matrix"] as? [String: Any])
      #expect(matrix["rows"] as? Int == 6 && matrix["columns"] as? Int == 2)
      #expect(matrix["clusters"] as? Int == 3)
      let proof = try #require(found["proof"] as? [String: Any])
      #expect(proof["labels_equal"] as? Bool == true)
      #expect((proof["simd_levels_bit_equal"] as? [String])?.isEmpty == false)
      let engines = try #require(found["engines"] as? [[String: Any]])
      let names = engines.compactMap { $0["engine"] as? String }
      #expect(Set(names).isSuperset(of: ["blas", "fused"]))
      #expect(names.count == 2 * Set(names).count)
      for engine in engines {
        let seconds = try #require(engine["processor_seconds"] as? [String: Any])
        #expect((seconds["all"] as? [Double])?.count == 3)
        #expect(engine["inertia"] as? Double == 1.5)
        #expect(engine["rounds"] as? Int ?? 0 >= 1)
        #expect(engine["distances_computed"] is Int && engine["distances_skipped"] is Int)
        #expect(engine["memory_bytes"] is Int || engine["memory_bytes"] is NSNull)
        for index in ["ari_lloyd", "ari_truth", "nmi_truth"] {
          #expect(engine[index] as? Double == 1, "\(index)")
        }
      }
    }
  }

  /// Kinds a a b b c c against clusters 0 0 0 1 1 1, as scikit-learn 1.9 has them:
  /// adjusted_rand_score 0.24242424242424243, normalized_mutual_info_score 0.5158037429793889.
  @Test func `indices of agreement are scikit-learn's`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("x,kind\n0,a\n1,a\n2,b\n100,b\n101,c\n102,c\n", to: "m.csv")
      let found = try report("m.csv --k 2 --truth kind --engines fused", in: folder)
      let engine = try #require((found["engines"] as? [[String: Any]])?.first)
      let rand = try #require(engine["ari_truth"] as? Double)
      let information = try #require(engine["nmi_truth"] as? Double)
      #expect(abs(rand - 0.24242424242424243) < 1e-12)
      #expect(abs(information - 0.5158037429793889) < 1e-12)
    }
  }

  @Test func `a start that was written gives the same labels again`() throws {
    try withTemporaryDirectory { folder in
      let made = "--rows 3000 --columns 5 --k 7 --seed 3"
      _ = try report("\(made) --write-start s.csv --write-labels l.csv", in: folder)
      let start = try folder.child("s.csv").text()
      #expect(start.hasPrefix("x1,x2,x3,x4,x5\n"))
      #expect(start.split(separator: "\n").count == 8)
      #expect(try folder.child("l.csv").text().hasPrefix("row,label\n0,"))
      try folder.write(pairs, to: "m.csv")
      let row = "m.csv --id name --truth kind"
      _ = try report("\(row) --k 3 --seed 1 --write-start p.csv --write-labels a.csv", in: folder)
      _ = try report("\(row) --start p.csv --write-labels b.csv", in: folder)
      #expect(try folder.child("a.csv").bytes() == folder.child("b.csv").bytes())
      #expect(try folder.child("a.csv").text().contains("\n\"e,e\","))
    }
  }

  @Test func `workers and precision change no proof, and a run's matrix is taken with its ids`()
    throws
  {
    try withTemporaryDirectory { folder in
      try generate(4000, customers: 300, to: "a.csv", in: folder)
      let run = try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--until",
        "features",
        "--out",
        "out",
        "a.csv",
        in: folder
      )
      try #require(run.status == 0, "\(run.errorText)")
      var labels: [[UInt8]] = []
      for workers in [1, 2, 3, 8] {
        for precision in ["float32", "float64"] {
          let found = try report(
            "out --k 4 --workers \(workers) --precision \(precision) --write-labels \(precision).csv",
            in: folder
          )
          #expect((found["proof"] as? [String: Any])?["centroids_bit_equal"] as? Bool == true)
        }
        labels.append(try folder.child("float64.csv").bytes())
      }
      #expect(Set(labels).count == 1)
      let ids = try folder.child("out/features/customers.csv").text().split(separator: "\n")
      let lines = String(decoding: labels[0], as: UTF8.self).split(separator: "\n")
      #expect(lines.count == ids.count)
      #expect(zip(lines, ids).dropFirst().allSatisfy { $0.hasPrefix($1 + ",") })
    }
  }

  @Test func `text, CSV and chart show every engine`() throws {
    try withTemporaryDirectory { folder in
      let made = "--rows 500 --columns 3 --k 4 --chart c.svg"
      let text = try bench(made, in: folder)
      try #require(text.status == 0, "\(text.errorText)")
      #expect(text.errorText == "")
      let csv = parseCSV(try bench("\(made) --format csv", in: folder).output).map { record in
        record.map { String(decoding: $0, as: UTF8.self) }
      }
      let engines = csv.dropFirst().map { $0[0] }
      #expect(engines.count >= 2)
      #expect(csv.allSatisfy { $0.count == csv[0].count })
      let chart = try folder.child("c.svg").text()
      for engine in engines {
        #expect(text.outputText.contains("\n  \(engine) "))
        #expect(chart.contains(">\(engine)</text>"))
      }
      #expect(text.outputText.contains("bit-equal centroids and inertia"))
      #expect(try names(in: folder) == ["c.svg"])
    }
  }

  @Test func `a calibration measures at least one cell`() throws {
    try withTemporaryDirectory { folder in
      let found = try report("--calibrate --max-seconds 0.1", in: folder)
      #expect(found["format"] as? String == "tranche.bench-calibration/1")
      let cells = try #require(found["cells"] as? [[String: Any]])
      #expect(found["cells_measured"] as? Int == cells.count)
      #expect(cells[0]["rows"] as? Int == 20_000)
      let times = try #require(cells[0]["processor_seconds"] as? [String: Double])
      #expect(times.keys.contains(cells[0]["best"] as? String ?? ""))
      #expect(cells[0]["ratio"] as? Double ?? 0 >= 1)
    }
  }

  @Test func `what cannot be compared is refused by name, and nothing is printed`() throws {
    let header = "'descr': '<i8', 'fortran_order': False, 'shape': (2, 1), "
    let integers: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count + 2), 0]
      + Array("{\(header)}".utf8) + Array(repeating: 0, count: 16)
    try withTemporaryDirectory { folder in
      try folder.write(pairs, to: "m.csv")
      try folder.write("", to: "empty.csv")
      try folder.write("x,y\n1,2\n3\n", to: "ragged.csv")
      try folder.write("x,y\n1,2\n3,nan\n", to: "nan.csv")
      try folder.write("x,y\n1,2\n3,four\n", to: "text.csv")
      try folder.write("x\n1\n", to: "narrow.csv")
      try folder.write(integers, to: "int.npy")
      try folder.write("x", to: "short.npy")
      try folder.write("x", to: "some/notes.txt")
      let cases: [(String, Int32, String)] = [
        ("empty.csv --k 2", 3, "empty"), ("ragged.csv --k 2", 3, "ragged.csv:3"),
        ("nan.csv --k 2", 3, "nan.csv:3, column 'y': 'nan' is not a finite number"),
        ("text.csv --k 2", 3, "text.csv:3, column 'y': 'four' is not a number"),
        ("int.npy --k 2", 3, "holds '<i8'"), ("short.npy --k 2", 3, "not a .npy file"),
        ("some --k 2", 3, "tranche run --until features"), ("none.csv --k 2", 3, "No such file"),
        ("m.csv --k 2 --id name --truth nobody", 3, "no column 'nobody'"),
        ("m.csv --k 2 --engines fused,quantum", 2, "not 'quantum'"), ("m.csv", 2, "--k"),
        ("m.csv --k 0", 2, "--k"), ("--rows 5", 2, "--columns"),
        ("m.csv --k 2 --rows 5", 2, "leave out --rows"),
        ("m.csv --start narrow.csv --id name --truth kind", 2, "centroids of 1 columns"),
        ("--calibrate m.csv", 2, "--calibrate makes its own"),
        ("--calibrate --seeds 2", 2, "--calibrate makes its own"),
        ("m.csv --k 2 --max-seconds 5", 2, "only --calibrate takes it"),
        ("--rows 5 --columns 1 --k 1 --chart none/c.svg", 6, "none/c.svg"),
      ]
      for (arguments, status, words) in cases {
        let outcome = try bench(arguments, in: folder)
        #expect(outcome.status == status, "\(arguments): \(outcome.errorText)")
        #expect(outcome.errorText.contains(words), "\(arguments): \(outcome.errorText)")
        #expect(outcome.outputText == "", "\(arguments)")
      }
    }
  }
}
