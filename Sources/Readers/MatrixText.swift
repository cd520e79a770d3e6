// A matrix as CSV. The first line is a header when none of its cells is a number, and a row when all
// of them are; anything between would be guesswork, and is refused. Where a column is asked for by
// name, the first line is a header whatever it holds.

internal import Tables

/// Reads a matrix from CSV, record by record.
struct MatrixText {
  let columns: MatrixColumns
  let path: String

  func read(_ file: InputFile, _ dialect: Dialect) throws(ReadError) -> MatrixTable {
    var body: MatrixBody?
    var problem: MatrixProblem?
    let reader = RecordReader(dialect: dialect, options: ReadOptions())
    try reader.read(file) { item, line in
      do throws(MatrixProblem) {
        guard case .record(let cells) = item else { throw .openQuote(line: line()) }
        if body == nil {
          body = try MatrixBody(first: cells, columns: columns)
        } else {
          try body?.append(cells, line: line)
        }
        return true
      } catch {
        problem = error
        return false
      }
    }
    if let problem { throw .badMatrix(path: path, problem) }
    guard let body, body.rowCount > 0, !body.values.isEmpty else {
      throw .badMatrix(
        path: path,
        .empty(rows: body?.rowCount ?? 0, columns: body?.values.count ?? 0)
      )
    }
    return body.table
  }
}

extension MatrixProblem: Error {}

/// The rows so far.
private struct MatrixBody {
  private let names: [String]
  private let id: Int?
  private let label: Int?
  /// For each column of numbers its place in a record.
  private let places: [Int]
  private(set) var values: [[Double]]
  private(set) var rowCount = 0
  private var ids: [String] = []
  private var labels: [String] = []

  init(first cells: [[UInt8]], columns: MatrixColumns) throws(MatrixProblem) {
    let texts = cells.map { String(decoding: $0, as: UTF8.self) }
    let (id, label) = (
      try Self.place(of: columns.id, in: texts), try Self.place(of: columns.label, in: texts)
    )
    let places = texts.indices.filter { $0 != id && $0 != label }
    let hasHeader = try Self.isHeader(texts, places: places, columns: columns)
    self.id = id
    self.label = label
    self.places = places
    names = texts.indices.map { hasHeader && !texts[$0].isEmpty ? texts[$0] : "x\($0 + 1)" }
    values = places.map { _ in [] }
    if !hasHeader { try append(cells) { 1 } }
  }

  mutating func append(_ cells: [[UInt8]], line: () -> Int) throws(MatrixProblem) {
    guard cells.count == names.count else {
      throw .ragged(line: line(), found: cells.count, expected: names.count)
    }
    for (index, place) in places.enumerated() {
      values[index].append(try number(cells[place], column: names[place], line: line))
    }
    if let id { ids.append(String(decoding: cells[id], as: UTF8.self)) }
    if let label { labels.append(String(decoding: cells[label], as: UTF8.self)) }
    rowCount += 1
  }

  var table: MatrixTable {
    MatrixTable(
      matrix: FeatureMatrix(names: places.map { names[$0] }, columns: values),
      ids: ids,
      labels: labels
    )
  }

  private func number(
    _ cell: [UInt8],
    column: String,
    line: () -> Int
  ) throws(MatrixProblem) -> Double {
    let text = String(decoding: cell, as: UTF8.self)
    guard let value = Self.value(text) else {
      throw .notNumber(line: line(), column: column, text: text)
    }
    guard value.isFinite else { throw .notFinite(line: line(), column: column, text: text) }
    return value
  }

  /// Decimal numbers as programs write them, blanks around them passed over, and NaN for the words
  /// for what is no finite number; nil for all else.
  private static func value(_ text: String) -> Double? {
    let trimmed = text.drop { $0 == " " || $0 == "\t" }
    let end = trimmed.lastIndex { $0 != " " && $0 != "\t" }
    let word = end.map { trimmed[...$0] } ?? ""
    if word.utf8.allSatisfy(isOfNumbers) { return Double(word) }
    let unsigned = word.lowercased().drop { $0 == "+" || $0 == "-" }
    return ["nan", "inf", "infinity"].contains(String(unsigned)) ? .nan : nil
  }

  private static func isOfNumbers(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private static func isHeader(
    _ texts: [String],
    places: [Int],
    columns: MatrixColumns
  ) throws(MatrixProblem) -> Bool {
    let isNamed = [columns.id, columns.label].contains { $0.map { Int($0) == nil } ?? false }
    let numbers = places.filter { value(texts[$0]) != nil }
    guard !isNamed, !numbers.isEmpty else { return true }
    guard let text = places.first(where: { value(texts[$0]) == nil }) else { return false }
    throw .mixedHeader(column: "\(text + 1)", text: texts[text])
  }

  /// The index of a column by its number from 1 on, or else by its name.
  private static func place(
    of column: String?,
    in header: [String]
  ) throws(MatrixProblem) -> Int? {
    guard let column else { return nil }
    if let number = Int(column), header.indices.contains(number - 1) { return number - 1 }
    let named = header.indices.filter { header[$0] == column }
    guard let place = named.first else { throw .noColumn(column, header: header) }
    guard named.count == 1 else { throw .ambiguousColumn(column) }
    return place
  }
}
