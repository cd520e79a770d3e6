import Foundation
import TestKit
import Testing

/// What `inspect` proposes for the files that people have.
@Suite struct InspectTests {
  private func inspect(_ ledger: [UInt8], name: String = "a.csv") throws -> CommandOutcome {
    try withTemporaryDirectory { folder in
      try folder.write(ledger, to: name)
      return try tranche("inspect", name, in: folder)
    }
  }

  /// The proposal for a ledger, as lines.
  private func proposal(_ ledger: String) throws -> String {
    let outcome = try inspect(Array(ledger.utf8))
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome.outputText
  }

  /// How many rows a run with the proposal as it stands keeps; the proposal must do without rejects.
  private func kept(_ ledger: String) throws -> Int? {
    try withTemporaryDirectory { folder in
      try folder.write(ledger, to: "a.csv")
      try folder.write(try tranche("inspect", "a.csv", in: folder).output, to: "a.yaml")
      let run = try tranche(
        "run",
        "--config",
        "a.yaml",
        "--out",
        "out",
        "--until",
        "customers",
        "a.csv",
        in: folder
      )
      #expect(run.status == 0, "\(run.errorText)")
      return try json(folder.child("out/summary.json"), "rows", "kept") as? Int
        ?? json(folder.child("out/summary.json"), "rows", "kept", "rows") as? Int
    }
  }

  @Test func `a decimal comma does not hide the semicolons`() throws {
    let ledger = """
      customer_id;order_id;order_date;amount
      1;o1;2020-01-01;1,50
      2;o2;2020-01-02;1.002,5

      """
    let text = try proposal(ledger)
    #expect(text.contains("delimiter: semicolon"))
    #expect(text.contains("decimal_mark: comma"))
    #expect(text.contains("thousands_mark: ."))
    #expect(text.contains("decimals: 2"))
    #expect(try kept(ledger) == 2)
  }

  @Test func `decimals and words are those of all records`() throws {
    let usual = String(repeating: "1,o1,2020-01-01,1.50\n", count: 3000)
    let ledger = "customer_id,order_id,date,amount\n\(usual)nan,o2,2020-01-02,0.001\n"
    let text = try proposal(ledger)
    #expect(text.contains("from all of its 3001 records"))
    #expect(text.contains("decimals: 3"))
    #expect(text.contains("missing: ['nan']}  # 1 row"))
    #expect(try kept(ledger) == 3000)
  }

  @Test(.enabled(if: isOptimised))
  func `online retail runs as proposed`() throws {
    let data = Locations.packageRoot.child("../shared/data/online_retail.csv.gz")
    guard FileManager.default.fileExists(atPath: data.path) else { return }
    try withTemporaryDirectory { folder in
      try folder.write(try tranche("inspect", data.path, in: folder).output, to: "a.yaml")
      #expect(try folder.child("a.yaml").text().contains("decimals: 3"))
      let run = try tranche(
        "run",
        "--config",
        "a.yaml",
        "--out",
        "out",
        "--until",
        "customers",
        data.path,
        in: folder
      )
      #expect(run.status == 0, "\(run.errorText)")
    }
  }

  @Test func `a file without a header is offered by number`() throws {
    let text = try proposal(
      " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 00021 0002 19970101  3  63.34\n"
    )
    #expect(text.contains("delimiter: blanks"))
    #expect(text.contains("header: false"))
    #expect(
      text.contains("there are columns 1 to 5, such as 00004, 0001, 19970101, 2, 29.33")
    )
    #expect(text.contains("time:\n  column: 3\n  format: '%Y%m%d'"))
    #expect(text.contains("decimals: 2  # as in column 5"))
  }

  @Test(
    arguments: [
      (["2020-01-31T10:00:00.123Z", "2020-02-01T10:00:00Z"], "iso8601"),
      (["2020-01-31T10:00:00+01:00", "2020-02-01T10:00:00.5-05:00"], "iso8601"),
      (["2020-01-31 10:00", "2020-02-01"], "iso8601"),
      (["31-Jan-2020", "1-Feb-2020"], "%d-%b-%Y"),
      (["31 January 2020 10:30", "1 May 2020 9:15"], "%d %b %Y %H:%M"),
      (["Jan 31 2020"], "%b %d %Y"),
      (["Fri 31 Jan 2020"], nil),
      (["1/31/2020 8:26", "12/1/2020 18:26"], "%m/%d/%Y %H:%M"),
      (["20200131"], "%Y%m%d"),
      (["31.01.2020 10:00:00,5"], "%d.%m.%Y %H:%M:%S,%f"),
    ] as [([String], String?)]
  )
  func `times are recognised, and are read as proposed`(times: [String], format: String?) throws {
    let rows = times.map { "1;o1;\($0);1.50\n" }.joined()
    let ledger = "customer_id;order_id;order_date;amount\n" + rows
    let text = try proposal(ledger)
    guard let format else { return #expect(text.contains("no known pattern fits")) }
    #expect(text.contains("format: '\(format)'"), "\(text)")
    #expect(try kept(ledger) == times.count)
  }

  @Test func `signs, accounting negatives and words among amounts are proposed`() throws {
    let ledger = """
      customer_id,order_id,date,amount
      7.0,o1,2020-01-01,$12.50
      7.0,o2,2020-01-01,"$1,234.50"
      8.0,o3,2020-01-02,($2.00)
      NULL,o4,2020-01-03,NULL

      """
    let text = try proposal(ledger)
    #expect(text.contains("currency_signs: ['$']"))
    #expect(text.contains("accounting_negatives: true"))
    #expect(text.contains("zero_words: ['NULL']"))
    #expect(text.contains("thousands_mark: comma"))
    #expect(text.contains("strip_suffix: '.0'"))
    #expect(text.contains("missing: ['NULL']"))
    #expect(try kept(ledger) == 2)
  }

  @Test func `comments, two currencies and repeated names are pointed out`() throws {
    let ledger = """
      # exported on Monday
      customer_id,order_id,date,amount,currency,date
      7,o1,2020-01-01,12.50,EUR,2020-01-01
      8,o2,2020-01-02,2.00,GBP,2020-01-02

      """
    let text = try proposal(ledger)
    #expect(text.contains("comment: '#'"))
    #expect(text.contains("time:\n  column: 3  # several are called date\n"))
    #expect(text.contains("'EUR' and in 'GBP'"))
    try withTemporaryDirectory { folder in
      try folder.write(text, to: "a.yaml")
      let check = try tranche("check", "--config", "a.yaml", in: folder)
      #expect(check.status == 0, "\(check.errorText)")
      let uncommented = text.replacing("# filters:", with: "filters:")
        .replacing("  # - {", with: "  - {")
      try folder.write(uncommented, to: "b.yaml")
      let filtered = try tranche("check", "--config", "b.yaml", in: folder)
      #expect(filtered.status == 0, "\(filtered.errorText)")
    }
  }

  @Test func `bytes that are not UTF-8 in a header alone are seen`() throws {
    let bytes =
      Array("customer_id;order_id;date;amount;St".utf8) + [0xFC]
      + Array("ck\n1;o1;2020-01-01;$1.50;2\n1;o1;2020-01-01;EUR 1.50;2\n2;o2;2020-01-01;;2\n".utf8)
    let text = try inspect(bytes).outputText
    #expect(text.contains("encoding: iso-8859-1"))
    #expect(text.contains("currency_signs: ['$', 'EUR']  # added up as if they were one"))
    #expect(text.contains("# empty numbers: 1; add '' to zero_words"))
  }

  @Test func `a header alone and an open quote are said`() throws {
    let header = "customer_id,order_id,date,amount\n"
    #expect(try proposal(header).contains("# No row was seen"))
    let open = try proposal(header + "1,o1,2020-01-01,2.50\n2,\"o2,2020-01-01,2.50\n")
    #expect(open.contains("# Warning: a quote that opens in the record at line 3 is never closed"))
    #expect(open.contains("decimals: 2"))
  }

  @Test func `what is no text ends with 3 and proposes nothing`() throws {
    var generator = SeededGenerator(seed: 1)
    let noise = (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let wide = "customer_id,date\n1,2020-01-01\n".utf8.flatMap { byte -> [UInt8] in [byte, 0] }
    let binary = Array("ELF".utf8) + [UInt8](repeating: 0, count: 500)
    let quote = Array("\"customer_id,date\n".utf8)
    let blank = Array("\n\n".utf8)
    let inputs: [[UInt8]] = [noise, wide, binary, quote, [], blank]
    for bytes in inputs {
      let outcome = try inspect(bytes)
      #expect(outcome.status == 3, "\(bytes.prefix(8))")
      #expect(outcome.outputText == "")
      #expect(!outcome.errorText.isEmpty)
    }
    #expect(try inspect(wide).errorText.contains("UTF-16"))
  }
}
