import Foundation
import Readers
import Tables
import TestKit
import Testing

/// Reads a matrix with commas between its cells.
func readMatrix(_ place: URL, id: String? = nil, label: String? = nil) throws -> MatrixTable {
  try MatrixReader(columns: MatrixColumns(id: id, label: label)).read(place.path) {
    (_: InputFile) throws(ReadError) in Dialect()
  }
}

/// Reads a matrix from the text of a CSV.
func readMatrix(_ text: String, id: String? = nil, label: String? = nil) throws -> MatrixTable {
  try withTemporaryDirectory { folder in
    try readMatrix(folder.write(text, to: "m.csv"), id: id, label: label)
  }
}

/// What is wrong with a matrix; nil where nothing is.
func problem(_ body: () throws -> MatrixTable) throws -> MatrixProblem? {
  do {
    _ = try body()
    return nil
  } catch ReadError.badMatrix(_, let problem) {
    return problem
  }
}

@Suite struct MatrixTextTests {
  @Test func `names and numbers, column by column`() throws {
    let table = try readMatrix("a,b\n1,-2.5\n3e2, +4 \n")
    #expect(table.matrix.names == ["a", "b"])
    #expect(table.matrix.rowCount == 2)
    #expect(table.matrix.values == [1, 300, -2.5, 4])
    #expect(table.ids.isEmpty && table.labels.isEmpty)
  }

  @Test func `a first line of numbers is a row`() throws {
    let table = try readMatrix("1,2\r\n3,4")
    #expect(table.matrix.names == ["x1", "x2"])
    #expect(table.matrix.values == [1, 3, 2, 4])
  }

  @Test func `ids and labels are no features, by name or by number`() throws {
    for (id, label) in [("who", "kind"), ("1", "3"), ("who", "3")] {
      let table = try readMatrix("who,x,kind\n007,1.5,a\n8,2,\"b,c\"\n", id: id, label: label)
      #expect(table.matrix.names == ["x"])
      #expect(table.matrix.values == [1.5, 2])
      #expect(table.ids == ["007", "8"])
      #expect(table.labels == ["a", "b,c"])
    }
  }

  @Test func `ids by number need no header`() throws {
    let table = try readMatrix("a,1\nb,2\n", id: "1")
    #expect(table.matrix.rowCount == 2)
    #expect(table.ids == ["a", "b"])
  }

  @Test func `doubles come back bit for bit`() throws {
    var random = SeededGenerator(seed: 11)
    let values = (0..<2000).map { _ in Double(bitPattern: random.next()) }.filter(\.isFinite)
    let text = values.map { "\($0)\n" }.joined()
    #expect(try readMatrix(text).matrix.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func `what is no matrix is refused with its place`() throws {
    let cases: [(String, MatrixProblem)] = [
      ("", .empty(rows: 0, columns: 0)),
      ("a,b\n", .empty(rows: 0, columns: 2)),
      ("a,b\n1,2\n3\n", .ragged(line: 3, found: 1, expected: 2)),
      ("1,2\n\n3,4,5\n", .ragged(line: 3, found: 3, expected: 2)),
      ("a,b\n1,2\n3,x\n", .notNumber(line: 3, column: "b", text: "x")),
      ("a,b\n1,\n", .notNumber(line: 2, column: "b", text: "")),
      ("a\n0x10\n", .notNumber(line: 2, column: "a", text: "0x10")),
      ("1\n1e\n", .notNumber(line: 2, column: "x1", text: "1e")),
      ("a,b\n1,NaN\n", .notFinite(line: 2, column: "b", text: "NaN")),
      ("a\n1\n-inf\n", .notFinite(line: 3, column: "a", text: "-inf")),
      ("a\n1e999\n", .notFinite(line: 2, column: "a", text: "1e999")),
      ("a,2\n3,4\n", .mixedHeader(column: "1", text: "a")),
      ("a,b\n\n1,2\n\"3,4\n", .openQuote(line: 4)),
    ]
    for (text, expected) in cases {
      #expect(try problem { try readMatrix(text) } == expected, "\(text)")
    }
  }

  @Test func `a column that is not there is refused by name`() throws {
    let text = "a,b,b\n1,2,3\n"
    #expect(
      try problem { try readMatrix(text, id: "c") }
        == .noColumn("c", header: ["a", "b", "b"])
    )
    #expect(
      try problem { try readMatrix(text, id: "4") }
        == .noColumn("4", header: ["a", "b", "b"])
    )
    #expect(try problem { try readMatrix(text, label: "b") } == .ambiguousColumn("b"))
  }

  @Test func `a line is found behind the first split, too`() throws {
    let rows = String(repeating: "0.123456789,0.987654321\n", count: 30_000)
    let found = try problem { try readMatrix("a,b\n" + rows + "1\n") }
    #expect(found == .ragged(line: 30_002, found: 1, expected: 2))
  }

  @Test func `a gzip file reads as what is in it`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("a,b\n1,2\n3,4\n", to: "m.csv")
      let zipped = try Command.shell("gzip -k m.csv", directory: folder).run()
      try #require(zipped.status == 0)
      #expect(try readMatrix(folder.child("m.csv.gz")).matrix.values == [1, 3, 2, 4])
    }
  }
}
