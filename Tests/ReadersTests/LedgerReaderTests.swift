import Foundation
import Kernels
import Readers
import Tables
import TestKit
import Testing

@Suite struct LedgerReaderTests {
  @Test func `every row is kept, filtered, rejected or blank`() throws {
    // Line 2 is kept; 3 has no customer; 4 is cancelled; 5 is blank; 6 has too many decimals;
    // 7 has a field too few; 8 is a day that the calendar does not have.
    let text = """
      customer,order,time,amount
      a,1,2020-01-01,1.50
      ,2,2020-01-01,2.00
      a,C3,2020-01-02,-1.50

      b,4,2020-01-02,0.125
      b,5,2020-01-02
      b,6,2020-02-30,7.00

      """
    var format = simpleFormat()
    format.filters = [
      FilterRule(name: "customer_missing", condition: .missing(.customer, nullWords: [])),
      FilterRule(name: "cancelled", condition: .prefix(.order, ["C"])),
    ]
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "ledger.csv")
      for splitBytes in [1, 10, 64, 1 << 20] {
        let reading = try read([file], format, workers: 2) {
          $0.splitBytes = splitBytes
          $0.rejectLimit = .count(3)
        }
        let summary = reading.summary
        #expect(summary.rowsRead == 7)
        #expect(summary.kept.rows == 1 && summary.kept.money == Money(units: 150))
        #expect(summary.filtered.map(\.rule) == ["customer_missing", "cancelled"])
        #expect(summary.filtered.map(\.tally.money.units) == [200, -150])
        #expect(summary.blank == 1)
        // The day that does not exist has a readable amount; the other two rejects have none.
        #expect(summary.rejected.rows == 3 && summary.rejected.unreadableAmounts == 2)
        #expect(summary.rejected.money == Money(units: 700))
        #expect(reading.rejects.map(\.line) == [6, 7, 8])
        #expect(reading.rejects.map(\.reason) == [.decimals, .fieldCount, .time])
        #expect(reading.rejects.map(\.column) == ["amount", "", "time"])
        #expect(reading.rejects[0].byteOffset == 89)
        #expect(reading.rejects[0].raw == Array("b,4,2020-01-02,0.125".utf8))
      }
    }
  }

  @Test(arguments: ["%Y-%m-%d %H:%M %p", "%Y-%m-%d %I:%M", "%Y-%m-%d %p"])
  func `half of a day demands an hour of twelve, and the other way round`(pattern: String) throws {
    var format = TimeFormat()
    format.pattern = .pattern(pattern)
    #expect(throws: ReadError.self) { try format.validate() }
    format.pattern = .pattern("%Y-%m-%d %I:%M %p")
    try format.validate()
  }

  @Test func `names in the header are in the declared encoding too`() throws {
    let text = "customer,order,time,gr\u{F6}\u{DF}e\na,1,2020-01-01,1.50\n"
    var format = simpleFormat()
    format.amount = .amount(.name("gr\u{F6}\u{DF}e"))
    try withTemporaryDirectory { directory in
      let latin = text.unicodeScalars.map { UInt8($0.value) }
      let file = try directory.write(latin, to: "ledger.csv")
      for encoding in [Dialect.Encoding.latin1, .windows1252] {
        format.dialect.encoding = encoding
        #expect(try read([file], format).rows.map(\.amount) == [150])
        let input = try InputDiscovery.find(paths: [file.path], glob: false)[0]
        let reader = RecordReader(dialect: format.dialect, options: ReadOptions())
        #expect(try reader.header(of: input).last == Array("gr\u{F6}\u{DF}e".utf8))
      }
    }
  }

  @Test func `numbers that could be read in two ways are refused before reading`() throws {
    let changes: [(NumberFormat.Part, (inout NumberFormat) -> Void)] = [
      (.decimalMark, { $0.decimalMark = UInt8(ascii: "-") }),
      (.decimalMark, { $0.decimalMark = UInt8(ascii: "5") }),
      (.thousandsMark, { $0.thousandsMark = UInt8(ascii: ".") }),
      (.currencySigns, { $0.currencySigns = ["1"] }), (.zeroWords, { $0.zeroWords = ["9999"] }),
    ]
    try withTemporaryDirectory { directory in
      let file = try directory.write("customer,order,time,amount\n", to: "ledger.csv")
      for (part, change) in changes {
        var format = simpleFormat()
        change(&format.moneyFormat)
        let error = #expect(throws: ReadError.self) { try read([file], format) }
        guard case .badNumberFormat(part, _)? = error else {
          Issue.record("\(part): \(String(describing: error))")
          continue
        }
      }
    }
  }

  @Test func `rejects over the limit end the reading after they were delivered in order`() throws {
    let rows = (0..<100).map { "a,\($0),2020-01-01,\($0 % 10 == 9 ? "x" : "1")\n" }.joined()
    try withTemporaryDirectory { directory in
      let file = try directory.write("customer,order,time,amount\n" + rows, to: "ledger.csv")
      let expected = ReadError.tooManyRejects(count: 3, limit: .count(2), last: "\(file.path):31")
      #expect(throws: expected) {
        try read([file], simpleFormat(), workers: 3) {
          $0.splitBytes = 16
          $0.rejectLimit = .count(2)
        }
      }
      let lenient = try read([file], simpleFormat()) { $0.rejectLimit = .percent(10) }
      #expect(lenient.rejects.count == 10 && lenient.summary.kept.rows == 90)
      #expect(throws: ReadError.self) {
        try read([file], simpleFormat()) { $0.rejectLimit = .percent(9.9) }
      }
    }
  }

  @Test(arguments: [1, 3], [16, 1 << 20])
  func `a quote that swallows lines fails whatever the limit, one in the last line is a reject`(
    workers: Int,
    splitBytes: Int
  ) throws {
    let text = "customer,order,time,amount\r\n" + "a,1,2020-01-01,1\r\n" + "b,\"2,2020-01-01,1\r\n"
    let lenient = { (options: inout ReadOptions) in
      options.splitBytes = splitBytes
      options.rejectLimit = .percent(100)
    }
    try withTemporaryDirectory { directory in
      for end in ["", "\n", "\r\n"] {
        let last = try directory.write(String(text.dropLast(1)) + end, to: "last.csv")
        let reading = try read([last], simpleFormat(), workers: workers, lenient)
        #expect(reading.rejects.map(\.reason) == [.openQuote])
        #expect(reading.summary.kept.rows == 1)
      }
      let file = try directory.write(text + "c,3,2020-01-01,1\r\n\r\n", to: "swallowed.csv")
      let expected = ReadError.openQuote(path: file.path, line: 3, byteOffset: 46, lines: 2)
      #expect(throws: expected) { try read([file], simpleFormat(), workers: workers, lenient) }
    }
  }

  @Test func `splits, workers and levels change nothing`() throws {
    var generator = SeededGenerator(seed: 5)
    var text = "customer,order,time,amount,note\r\n"
    for row in 0..<400 {
      let note = ["plain", "\"a, b\"", "\"line\r\nbreak\"", "5\" wide", "\"x\"\"y\""].randomElement(
        using: &generator
      )
      text += "c\(row % 17),\"o\(row / 3)\",2021-03-0\(1 + row % 9) 10:00:00,"
      text += "\(Int.random(in: -9999...9999, using: &generator)).25,\(note ?? "")\r\n"
    }
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "ledger.csv")
      let expected = try read([file], simpleFormat())
      #expect(expected.rows.count == 400)
      for level in InstructionSet.available {
        level.force()
        for (workers, splitBytes) in [(1, 7), (2, 100), (3, 1), (8, 1000), (2, 5000)] {
          let reading = try read([file], simpleFormat(), workers: workers) {
            $0.splitBytes = splitBytes
          }
          #expect(reading.rows == expected.rows)
          #expect(reading.summary.inputs == expected.summary.inputs)
        }
      }
      InstructionSet.available.last?.force()
    }
  }

  @Test func `customers with quotes inside are read whatever their length`() throws {
    for lineEnd in ["\n", "\r\n"] {
      for length in 1...300 {
        let name = String(repeating: "x", count: length)
        let text = "customer,order,time,amount\(lineEnd)\"\(name)\"\"y\",1,2020-01-01,5\(lineEnd)"
        try withTemporaryDirectory { directory in
          let file = try directory.write(text, to: "ledger.csv")
          #expect(try read([file], simpleFormat()).rows.map(\.customer) == ["\(name)\"y"])
        }
      }
    }
  }

  @Test func `repeated rows go under a rule of their own, however they are quoted`() throws {
    let text = """
      customer,order,time,amount
      a,1,2020-01-01,1.00
      "a","1",2020-01-01,"1.00"
      a,1,2020-01-01,1.0
      a,1,2020-01-01,1.00

      """
    var format = simpleFormat()
    format.repeatedRows = .remove
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "ledger.csv")
      for splitBytes in [1, 30, 1 << 20] {
        let reading = try read([file], format, workers: 2) { $0.splitBytes = splitBytes }
        #expect(reading.rows.map(\.place.byteOffset) == [27, 73])
        #expect(reading.summary.filtered.map(\.rule) == ["repeated_rows"])
        #expect(reading.summary.filtered[0].tally.rows == 2)
      }
    }
  }

  @Test func `many files are one ledger, and a file may name its columns in another order`() throws
  {
    try withTemporaryDirectory { directory in
      let first = try directory.write(
        "customer,order,time,amount\na,1,2020-01-01,1\n",
        to: "1.csv"
      )
      let second = try directory.write(
        "amount,time,order,customer\n2.5,2020-01-02,2,b\n",
        to: "2.csv"
      )
      let reading = try read([second, first], simpleFormat(), workers: 2)
      #expect(reading.rows.map(\.customer) == ["a", "b"])
      #expect(reading.rows.map(\.amount) == [100, 250])
      #expect(reading.rows.map(\.place.fileOrdinal) == [0, 1])
    }
  }

  @Test func `the same file twice is refused, also by another name`() throws {
    try withTemporaryDirectory { directory in
      let file = try directory.write("customer,order,time,amount\n", to: "a.csv")
      let other = directory.child("b.csv")
      try FileManager.default.linkItem(at: file, to: other)
      #expect(throws: ReadError.sameInput(path: other.path, as: file.path)) {
        try read([file, other], simpleFormat())
      }
    }
  }

  @Test func `quantity times price less discount is exact`() throws {
    var format = simpleFormat()
    format.amount = .product(
      quantity: .name("quantity"),
      price: .name("price"),
      discount: .name("off")
    )
    format.quantityFormat.decimals = 1
    let text = "customer,order,time,quantity,price,off\na,1,2020-01-01,2.5,3.33,0.10\n"
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "ledger.csv")
      // 2.5 × 3.33 = 8.325, less 0.10 is 8.225, in units of a thousandth.
      #expect(try read([file], format).rows.map(\.amount) == [8225])
      #expect(format.moneyScale == 3)
    }
  }

  @Test func `one-byte encodings reach customers as UTF-8, and invalid UTF-8 is rejected`() throws {
    let row: [UInt8] = Array("M".utf8) + [0xFC] + Array("ller,1,2020-01-01,1\n".utf8)
    try withTemporaryDirectory { directory in
      let header = Array("customer,order,time,amount\n".utf8)
      let file = try directory.write(header + row, to: "ledger.csv")
      var format = simpleFormat()
      format.dialect.encoding = .latin1
      #expect(try read([file], format).rows.map(\.customer) == ["Müller"])
      let strict = try read([file], simpleFormat()) { $0.rejectLimit = .count(1) }
      #expect(strict.rejects.map(\.reason) == [.encoding])
    }
  }

  @Test func `a suffix is taken off customers, and attributes are carried`() throws {
    var format = simpleFormat()
    format.customerSuffix = ".0"
    format.attributes = [NamedColumn(name: "region", column: .number(5))]
    let text = "customer,order,time,amount,region\n17850.0,1,2020-01-01,1,\"No\"\"rth\"\n"
    try withTemporaryDirectory { directory in
      let reading = try read([try directory.write(text, to: "l.csv")], format)
      #expect(reading.rows.map(\.customer) == ["17850"])
      #expect(reading.attributes == [["No\"rth"]])
    }
  }

  @Test func `kept rows of two currencies are refused with both places`() throws {
    var format = simpleFormat()
    format.currency = .name("currency")
    let text = """
      customer,order,time,amount,currency
      a,1,2020-01-01,1,EUR
      a,2,2020-01-01,1,USD

      """
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "l.csv")
      let expected = ReadError.mixedCurrencies(
        first: "EUR",
        firstPlace: "\(file.path):2",
        second: "USD",
        secondPlace: "\(file.path):3"
      )
      #expect(throws: expected) { try read([file], format) }
      format.dimensions = [NamedColumn(name: "currency", column: .name("currency"))]
      format.filters = [
        FilterRule(name: "foreign", condition: .isNoneOf(.column("currency"), ["EUR"]))
      ]
      #expect(try read([file], format).summary.kept.rows == 1)
    }
  }

  @Test func `a day far ahead of all others is warned about with its place`() throws {
    let text = """
      customer,order,time,amount
      a,1,2020-01-01,1
      a,2,2099-01-01,1
      a,3,2020-01-05,1

      """
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "l.csv")
      let summary = try read([file], simpleFormat(), workers: 2) { $0.splitBytes = 8 }.summary
      #expect(summary.warnings.count == 1)
      #expect(
        summary.warnings.first?.hasPrefix("\(file.path):3: the newest day 2099-01-01") == true
      )
    }
  }

  @Test(arguments: [false, true])
  func `a copy of another input is warned about by name`(isSecure: Bool) throws {
    let header = "customer,order,time,amount\n"
    try withTemporaryDirectory { directory in
      let files = try [
        ("a", header), ("b", header + "a,1,2020-01-01,1\n"), ("c", header + "a,1,2020-01-01,2\n"),
        ("d", header + "a,1,2020-01-01,1\n"), ("e", header),
      ].map { try directory.write($0.1, to: "\($0.0).csv") }
      var format = simpleFormat()
      let summary = try read(files, format) { $0.secureIdentity = isSecure }.summary
      #expect(summary.kept.rows == 3)
      #expect(summary.warnings.count == 1)
      let message = "\(files[3].path): the same bytes as \(files[1].path), and its rows"
      #expect(summary.warnings.first?.hasPrefix(message) == true)
      format.repeatedRows = .remove
      #expect(try read(files, format).summary.warnings == [])
    }
  }

  @Test func `rows after the as-of moment are filtered last`() throws {
    let text = "customer,order,time,amount\na,1,2020-01-01,1\na,2,2020-01-03,1\n"
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "l.csv")
      let summary = try read([file], simpleFormat()) {
        $0.asOf = Day(year: 2020, month: 1, dayOfMonth: 2)?.start
      }.summary
      #expect(summary.filtered.map(\.rule) == ["after_as_of"])
      #expect(summary.kept.rows == 1 && summary.filtered[0].tally.rows == 1)
    }
  }

  @Test func `missing columns and empty files are named`() throws {
    try withTemporaryDirectory { directory in
      let other = try directory.write("customer,order,when,amount\n", to: "a.csv")
      let header = ["customer", "order", "when", "amount"]
      #expect(
        throws: ReadError.missingColumn(
          role: "time",
          column: "time",
          path: other.path,
          header: header
        )
      ) { try read([other], simpleFormat()) }
      let empty = try directory.write("", to: "b.csv")
      #expect(throws: ReadError.noHeader(path: empty.path)) { try read([empty], simpleFormat()) }
      let open = try directory.write("customer,\"order\n", to: "c.csv")
      #expect(throws: ReadError.openHeader(path: open.path)) { try read([open], simpleFormat()) }
    }
  }

  @Test(.needsData("online_retail.csv.gz"))
  func `the published figures of Online Retail come out, the last cent included`() throws {
    var format = LedgerFormat(
      customer: .name("CustomerID"),
      order: .column(.name("InvoiceNo")),
      time: .name("InvoiceDate"),
      amount: .product(quantity: .name("Quantity"), price: .name("UnitPrice"), discount: nil)
    )
    format.moneyFormat.decimals = 3
    format.filters = [
      FilterRule(name: "customer_missing", condition: .missing(.customer, nullWords: [])),
      FilterRule(name: "quantity", condition: .number(.quantity, .atMost, "0")),
      FilterRule(name: "price", condition: .number(.price, .atMost, "0")),
    ]
    let file = Locations.sharedData.appendingPathComponent("online_retail.csv.gz")
    let summary = try read([file], format, workers: 2).summary
    #expect(summary.rowsRead == 541_909 && summary.kept.rows == 397_884)
    #expect(summary.kept.money == Money(units: 8_911_407_904))
    format.repeatedRows = .remove
    let distinct = try read([file], format, workers: 2).summary
    #expect(distinct.kept.rows == 392_692 && distinct.rowsRead == 541_909)
    #expect(distinct.kept.money == Money(units: 8_887_208_894))
  }
}
