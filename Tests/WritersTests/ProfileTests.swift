internal import Foundation
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing
internal import Writers

@Suite struct GroupProfileTests {
  /// Two groups and an empty one: days 1 2 9 and 4 8, orders 1 1 4 and 2 3, amounts 10 20 60 and 5 6.
  private let grouping = Grouping(
    names: ["a", "b", "empty"].map { GroupName(id: $0, label: $0.uppercased()) },
    indices: [0, 1, 0, 1, 0]
  )
  private let rfm = RFMTable(
    asOf: Instant(microseconds: 0),
    recencyDays: [9, 4, 1, 8, 2],
    frequency: [1, 2, 4, 3, 1],
    monetary: [0.20, 0.05, 0.60, 0.06, 0.10],
    net: [20, 5, 60, 6, 10]
  )

  private func profiles(isNet: Bool = true) -> [GroupProfile] {
    GroupProfile.all(
      grouping,
      rfm: rfm,
      moneyScale: 2,
      monetaryIsNet: isNet,
      workers: Workers(count: 2)
    )
  }

  @Test func `means, medians and totals are those worked by hand`() {
    let first = profiles()[0]
    #expect(first.customers == 3)
    #expect(first.share == 0.6)
    #expect(first.meanRecencyDays == 4)
    #expect(first.medianRecencyDays == 2)
    #expect(first.meanFrequency == 2)
    #expect(first.medianFrequency == 1)
    #expect(first.meanMonetary == 0.3)
    #expect(first.medianMonetary == 0.2)
    #expect(first.totalMoney == Money(units: 90))
    let second = profiles()[1]
    #expect(second.medianRecencyDays == 6)
    #expect(second.meanMonetary == 0.055)
  }

  @Test func `an empty group has no means`() {
    let empty = profiles()[2]
    #expect(empty.customers == 0)
    #expect(empty.meanMonetary == nil)
    #expect(empty.medianRecencyDays == nil)
    #expect(empty.json(moneyScale: 2)["mean_monetary"] == .null)
    #expect(empty.json(moneyScale: 2)["total_money"] == "0.00")
  }

  @Test func `other money is taken from the defined column`() throws {
    let mean = try #require(profiles(isNet: false)[0].meanMonetary)
    // Three doubles summed in order, within two roundings of 0.9 / 3.
    #expect(abs(mean - 0.3) < 1e-15)
  }

  @Test func `profiles are written as a table`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      try publish(out) { publication in
        let writer = ProfileWriter(moneyScale: 2)
        try writer.write(profiles(), to: "profiles/segments.csv", into: publication)
        try writer.writeCross(
          grouping,
          Grouping(names: grouping.names, indices: [0, 0, 0, 1, 1]),
          columns: ("segment", "cluster"),
          rfm: rfm,
          monetaryIsNet: true,
          workers: Workers(count: 2),
          to: "profiles/cross.csv",
          into: publication
        )
      }
      let text = try out.child("profiles/segments.csv").text()
      #expect(
        text == """
          id,label,customers,share,mean_recency_days,mean_frequency,mean_monetary,\
          median_recency_days,median_frequency,median_monetary,total_money
          a,A,3,0.600000,4.000000,2.000000,0.300000,2.000000,1.000000,0.200000,0.90
          b,B,2,0.400000,6.000000,2.500000,0.055000,6.000000,2.500000,0.055000,0.11
          empty,EMPTY,0,0.000000,,,,,,,0.00

          """
      )
      let cross = try out.child("profiles/cross.csv").text().split(separator: "\n")
      #expect(cross.count == 10)
      #expect(cross[1].hasPrefix("a,a,2,0.400000,5.000000,"))
      #expect(cross[5].hasPrefix("b,b,1,0.200000,8.000000,"))
    }
  }
}

@Suite struct ProfileReferenceTests {
  /// Figures of the published table, to the digits that it prints.
  private let published: [String: (customers: Int, days: Double, orders: Double, money: Double)] = [
    "champions": (633, 6.361769, 12.413902, 6857.935482),
    "hibernating": (1071, 217.605042, 1.101774, 488.643307),
    "loyal_customers": (819, 33.608059, 6.479853, 2864.247791),
    "at_Risk": (593, 153.785835, 2.876897, 1084.535297),
    "new_customers": (42, 7.428571, 1.0, 388.212857),
  ]

  @Test(.needsReference("online_retail_rf_grid.csv"))
  func `means of the segments of Online Retail are those published`() throws {
    let file = Locations.sharedReference.child("online_retail_rf_grid.csv")
    let lines = try file.text().split(whereSeparator: \.isNewline).dropFirst()
    let rows = lines.map { $0.split(separator: ",").map(String.init) }
    let ids = Set(rows.map { $0[7] }).sorted()
    let money = rows.compactMap { Double($0[3]) }
    let profiles = GroupProfile.all(
      Grouping(
        names: ids.map { GroupName(id: $0, label: $0) },
        indices: rows.compactMap { ids.firstIndex(of: $0[7]).map(UInt16.init) }
      ),
      rfm: RFMTable(
        asOf: Instant(microseconds: 0),
        recencyDays: rows.compactMap { Int64($0[1]) },
        frequency: rows.compactMap { Int64($0[2]) },
        monetary: money,
        net: money.map { Int128(($0 * 1000).rounded()) }
      ),
      moneyScale: 3,
      monetaryIsNet: true,
      workers: Workers(count: 2)
    )
    // 8,911,407.904, less what rounding each customer to cents took away.
    #expect(profiles.map(\.totalMoney.units).reduce(0, +) == 8_911_407_900)
    for profile in profiles {
      guard let expected = published[profile.name.id] else { continue }
      #expect(profile.customers == expected.customers)
      // Half of the last digit printed.
      #expect(abs((profile.meanRecencyDays ?? 0) - expected.days) < 5.1e-7)
      #expect(abs((profile.meanFrequency ?? 0) - expected.orders) < 5.1e-7)
      // The file's amounts are rounded to cents.
      #expect(abs((profile.meanMonetary ?? 0) - expected.money) < 1e-5)
    }
  }
}

@Suite struct FeatureWriterTests {
  @Test func `the matrix is a NumPy array in C order`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      let columns = [[1.0, 2, 3], [-0.5, 0, .greatestFiniteMagnitude]]
      try publish(out) { publication in
        let matrix = FeatureMatrix(names: ["recency", "monetary"], columns: columns)
        let keys = [Array("a".utf8), Array("b\n".utf8), Array("c".utf8)]
        try FeatureWriter().write(matrix, customers: customers(keys), into: publication)
      }
      let bytes = try out.child("features/matrix.npy").bytes()
      #expect(Array(bytes[..<8]) == [0x93] + Array("NUMPY".utf8) + [1, 0])
      let length = Int(bytes[8]) + 256 * Int(bytes[9])
      #expect((10 + length) % 64 == 0)
      let dictionary = String(decoding: bytes[10..<10 + length], as: UTF8.self)
      #expect(
        dictionary.hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }")
      )
      #expect(dictionary.hasSuffix("\n"))
      let numbers = (0..<6).map { index in
        let begin = 10 + length + 8 * index
        let bits = bytes[begin..<begin + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(bitPattern: bits)
      }
      #expect(numbers == [1, -0.5, 2, 0, 3, .greatestFiniteMagnitude])
      #expect(bytes.count == 10 + length + 48)
      let ids = try out.child("features/customers.csv").text()
      #expect(ids == "customer_id\na\n\"b\n\"\nc\n")
    }
  }
}

@Suite struct ManifestTests {
  @Test func `the manifest lists every file but run_json and itself`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      let publication = try Publication(out: out.path)
      try publication.write(["rows": 1], to: "summary.json")
      try publication.writeRun(["seconds": 0.5])
      try publication.writeManifest(
        ManifestFacts(version: "1.2", definitions: ["as_of": "x"], inputs: [["path": "a.csv"]])
      )
      try publication.publish()
      #expect(
        try out.child("manifest.json").text()
          == """
          {
            "format": "tranche.manifest/1",
            "version": "1.2",
            "definitions": {
              "as_of": "x"
            },
            "inputs": [
              {
                "path": "a.csv"
              }
            ],
            "files": [
              {
                "path": "_SUCCESS",
                "rows": null,
                "bytes": 0,
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "money": null
              },
              {
                "path": "summary.json",
                "rows": null,
                "bytes": 16,
                "sha256": "SUMMARY",
                "money": null
              }
            ]
          }

          """.replacingOccurrences(
            of: "SUMMARY",
            with: hexDigest(of: "{\n  \"rows\": 1\n}\n")
          )
      )
      #expect(
        try out.child("run.json").text().hasPrefix("{\n  \"format\": \"tranche.run/1\",\n")
      )
    }
  }

  private func hexDigest(of text: String) -> String {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    return hash.hexDigest()
  }
}
