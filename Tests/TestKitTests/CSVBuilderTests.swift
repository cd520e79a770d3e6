internal import TestKit
internal import Testing

@Suite struct CSVBuilderTests {
  @Test func `fields are quoted where they must be`() {
    var builder = CSVBuilder(lineEnd: "\r\n")
    builder.row(["a", "b,c", "d\"e", "f\ng", ""])
    #expect(String(decoding: builder.bytes, as: UTF8.self) == "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n")
  }

  @Test(arguments: [["LF"], ["CR", "LF"], ["CR"]])
  func `what was built is what is parsed`(lineEndNames: [String]) {
    let lineEnd = lineEndNames.map { $0 == "CR" ? "\r" : "\n" }.joined()
    for seed in UInt64(1)...50 {
      var generator = SeededGenerator(seed: seed)
      var builder = CSVBuilder(lineEnd: lineEnd, quotesAll: seed % 2 == 0)
      let rows = (0..<20).map { _ in
        (0..<3).map { _ in generator.bytes(count: Int(generator.next() % 6), from: nasty) }
      }
      for row in rows { builder.row(row) }
      #expect(parseCSV(builder.bytes) == rows, "seed \(seed)")
    }
  }

  @Test func `blank lines are no records and a last line needs no end`() {
    let records = parseCSV(Array("a\n\n\nb,\n\"\"\nc".utf8))
    #expect(
      records.map { $0.map { String(decoding: $0, as: UTF8.self) } } == [
        ["a"], ["b", ""], [""], ["c"],
      ]
    )
  }

  private let nasty = Array("ab,\"\r\n".utf8)
}
