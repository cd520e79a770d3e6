import Foundation
import TestKit
import Testing

/// Published and reproduced results on real ledgers, which are not part of the package.
@Suite(
  .needsData("online_retail.csv.gz", "cdnow_master.txt.gz"),
  .enabled(if: isOptimised, "half a million rows a test take too long in a debug build")
)
struct ReferenceTests {
  private static let ledger = Locations.sharedData.child("online_retail.csv.gz").path

  /// Kept are rows with a customer, a quantity above 0 and a price above 0.
  @Test func `Online Retail reconciles`() throws {
    try withTemporaryDirectory { folder in
      try run(["--until", "customers"], in: folder)
      let summary = folder.child("out/summary.json")
      #expect(try json(summary, "rows", "read") as? Int == 541_909)
      #expect(try json(summary, "rows", "kept") as? Int == 397_884)
      #expect(try json(summary, "customers") as? Int == 4338)
      #expect(try json(summary, "orders") as? Int == 18_532)
      #expect(try json(summary, "money", "kept") as? String == "8911407.904")
      let filtered = try #require(try json(summary, "rows", "filtered") as? [String: Int])
      #expect(
        filtered == [
          "customer_missing": 135_080, "cancelled": 8905, "quantity_not_positive": 0,
          "price_not_positive": 40,
        ]
      )
      #expect(filtered.values.reduce(397_884, +) == 541_909)
    }
  }

  @Test(.needsReference("online_retail_log_kmeans4.csv"), arguments: ["blas", "fused", "tile"])
  func `k-means from given customers ends where scikit-learn does`(engine: String) throws {
    try withTemporaryDirectory { folder in
      let starts = "[12347, 12350, 12357, 18283]"
      try run(
        settings(
          "repeated_rows.action=remove",
          "clusters.start_customers=\(starts)",
          "clusters.tolerance=0",
          "clusters.engine=\(engine)"
        ),
        in: folder
      )
      let summary = folder.child("out/summary.json")
      #expect(try json(summary, "rows", "kept") as? Int == 392_692)
      #expect(try json(summary, "money", "kept") as? String == "8887208.894")
      let inertia = try #require(try json(folder.child("out/model.json"), "inertia") as? Double)
      #expect(abs(inertia - 3938.581253) < 1e-6, "six decimals are given")
      let clusters = try customers(folder.child("out"))
      let reference = try reference("online_retail_log_kmeans4.csv")
      #expect(reference.count == 4338)
      let pairs = Set(
        reference.map { key, row in
          "\(row["label_from_start"] ?? "")=\(clusters[key]?["cluster"] ?? "")"
        }
      )
      #expect(pairs.count == 4, "each label is one cluster: \(pairs.sorted())")
    }
  }

  @Test(.needsReference("online_retail_log_kmeans4.csv"))
  func `twenty starts find the best known clustering`() throws {
    try withTemporaryDirectory { folder in
      let common = ["repeated_rows.action=remove", "clusters.count=4", "clusters.starts=20"]
      try run(settings(common + ["clusters.tolerance=0"]), in: folder)
      let inertia = try #require(try json(folder.child("out/model.json"), "inertia") as? Double)
      #expect(inertia <= 3938.5047)
      try run(settings(common + ["clusters.tolerance=1e-4"]), in: folder)
      let clusters = try customers(folder.child("out"))
      let reference = try reference("online_retail_log_kmeans4.csv")
      let equal = reference.count { key, row in
        clusters[key]?["cluster"] == "cluster_\(row["rank_published"] ?? "")"
      }
      #expect(Double(equal) >= 0.97 * 4338, "\(equal) of 4338 agree")
    }
  }

  @Test(.needsReference("online_retail_rf_grid.csv"))
  func `scores and segments are the published grid's`() throws {
    try withTemporaryDirectory { folder in
      try run(["--as-of", "2011-12-11"] + settings("clusters.count=2"), in: folder)
      let found = try customers(folder.child("out"))
      let reference = try reference("online_retail_rf_grid.csv")
      #expect(reference.count == 4338 && found.count == 4338)
      let wrong = reference.filter { key, row in
        let customer = found[key] ?? [:]
        return customer["r_score"] != row["R"] || customer["f_score"] != row["F"]
          || customer["m_score"] != row["M"] || customer["segment"] != Self.segment(row["Segment"])
          || customer["recency_days"] != row["Recency"] || customer["frequency"] != row["Frequency"]
      }
      #expect(wrong.isEmpty, "\(wrong.keys.sorted().prefix(10))")
    }
  }

  /// The reference spells two of the names in its own way.
  private static func segment(_ name: String?) -> String? {
    name == "cant_loose" ? "cant_lose" : name?.lowercased()
  }

  /// Public copies of the file differ in times, ids and bytes; one setting each mends that.
  @Test(
    arguments: [
      (
        #"s/2\([0-9]*\)-\([0-9]*\)-\([0-9]*\) \([0-9:]*\):00,/\3-\2-2\1 \4,/"#,
        "time.format=%d-%m-%Y %H:%M"
      ),
      (
        #"s/\(20[0-9]*\)-0*\([0-9]*\)-0*\([0-9]*\) 0*\([0-9]*:[0-9]*\):00,/\2\/\3\/\1 \4,/"#,
        "time.format=%m/%d/%Y %H:%M"
      ),
      (#"s/,\([0-9]\{5\}\),\([^,]*\)$/,\1.0,\2/"#, "customer.strip_suffix=.0"),
    ]
  )
  func `one setting mends a public copy`(edit: String, setting: String) throws {
    try withTemporaryDirectory { folder in
      let copy = try Command.shell(
        "zcat '\(Self.ledger)' | sed '\(edit)' > copy.csv && ! zcat '\(Self.ledger)' | cmp -s - copy.csv",
        directory: folder
      ).run()
      try #require(copy.status == 0, "the edit changes nothing")
      try run(["--until", "customers"], in: folder)
      try run(
        ["--until", "customers", "--out", "other"] + settings(setting),
        on: "copy.csv",
        in: folder
      )
      let (plain, other) = (
        try customers(folder.child("out")), try customers(folder.child("other"))
      )
      #expect(plain == other)
    }
  }

  @Test func `ISO-8859-1 bytes need one setting`() throws {
    try withTemporaryDirectory { folder in
      let copy = try Command.shell(
        "zcat '\(Self.ledger)' | sed '2s/HOLDER/H\u{D6}LDER/' | iconv -t iso-8859-1//TRANSLIT > copy.csv",
        directory: folder
      ).run()
      try #require(copy.status == 0, "\(copy.errorText)")
      let refused = try Command.tranche(
        arguments(["--until", "customers"], on: "copy.csv"),
        directory: folder
      )
      .run()
      #expect(refused.status == 4)
      #expect(refused.errorText.contains("input.encoding"))
      try run(
        ["--until", "customers"] + settings("input.encoding=iso-8859-1"),
        on: "copy.csv",
        in: folder
      )
      #expect(
        try json(folder.child("out/summary.json"), "money", "kept") as? String == "8911407.904"
      )
    }
  }

  @Test func `CDNOW reconciles`() throws {
    try withTemporaryDirectory { folder in
      let ledger = Locations.sharedData.child("cdnow_master.txt.gz").path
      let outcome = try tranche(
        "run",
        "--config",
        "cdnow",
        "--out",
        "out",
        "--until",
        "customers",
        ledger,
        in: folder
      )
      try #require(outcome.status == 0, "\(outcome.errorText)")
      let summary = folder.child("out/summary.json")
      #expect(try json(summary, "rows", "read") as? Int == 69_659)
      #expect(try json(summary, "customers") as? Int == 23_570)
      #expect(try json(summary, "orders") as? Int == 67_591)
      #expect(try json(summary, "money", "kept") as? String == "2500315.63")
    }
  }

  private func settings(_ assignments: String...) -> [String] { settings(assignments) }

  private func settings(_ assignments: [String]) -> [String] {
    assignments.flatMap { ["--set", $0] }
  }

  private func arguments(_ options: [String], on ledger: String) -> [String] {
    let out = options.contains("--out") ? [] : ["--out", "out"]
    return ["run", "--config", "online-retail"] + out + options + [ledger]
  }

  private func run(_ options: [String], on ledger: String = ledger, in folder: URL) throws {
    let outcome = try Command.tranche(arguments(options, on: ledger), directory: folder).run()
    try #require(outcome.status == 0, "\(outcome.errorText)")
  }

  /// Rows of a reference file by customer.
  private func reference(_ name: String) throws -> [String: [String: String]] {
    let records = parseCSV(try Locations.sharedReference.child(name).bytes()).map { record in
      record.map { String(decoding: $0, as: UTF8.self) }
    }
    return Dictionary(
      uniqueKeysWithValues: records.dropFirst().map { record in
        (record[0], Dictionary(uniqueKeysWithValues: zip(records[0], record)))
      }
    )
  }
}
