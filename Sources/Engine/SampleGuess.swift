internal import Readers

/// What the first records of a file suggest: its columns and what they are to a ledger.
struct SampleGuess {
  private(set) var records: [[[UInt8]]]
  private(set) var inspection = Inspection()

  init(records: [[[UInt8]]], dialect: Dialect) {
    self.records = records
    inspection.delimiter = Self.name(of: dialect.separator)
    inspection.comment = dialect.comment == nil ? nil : "#"
    guessHeader()
    guessRoles()
    guessTimeColumn()
    guessNumberColumns()
  }

  private mutating func guessHeader() {
    guard let first = records.first else { return }
    let names = first.map { text($0) }
    let known = names.filter { name in ColumnRole.allCases.contains { $0.rank(of: name) != nil } }
    let hasNumber = names.contains { Double($0) != nil || $0.first?.isNumber == true }
    inspection.hasHeader = !known.isEmpty || !hasNumber
    inspection.columns = names
    if inspection.hasHeader { records.removeFirst() }
  }

  private mutating func guessRoles() {
    guard inspection.hasHeader else { return }
    for role in ColumnRole.allCases {
      let ranked = inspection.columns.indices.compactMap { column in
        role.rank(of: inspection.columns[column]).map { (rank: $0, column: column) }
      }
      if let best = ranked.min(by: { $0.rank < $1.rank }) { inspection.roles[role] = best.column }
    }
    let isProduct = inspection.roles[.quantity] != nil && inspection.roles[.price] != nil
    if isProduct { inspection.roles[.amount] = nil }
  }

  /// Where no name tells, the only column of dates is the time.
  private mutating func guessTimeColumn() {
    guard inspection.roles[.time] == nil else { return }
    let columns = unnamedColumns.filter { column in
      switch TimeShape.guess(texts(column)) {
      case .format(let format): format.hasPrefix("%") || format == "iso8601"
      case .ambiguous: true
      case .unknown, nil: false
      }
    }
    if columns.count == 1 { inspection.roles[.time] = columns[0] }
  }

  /// Where no name tells, columns of numbers with decimals may be prices or amounts.
  private mutating func guessNumberColumns() {
    guard inspection.roles[.price] == nil, inspection.roles[.amount] == nil else { return }
    inspection.numberColumns = unnamedColumns.filter { column in
      let fields = texts(column)
      let isNumber = fields.allSatisfy { field in
        field.utf8.contains { (0x30...0x39).contains($0) }
          && field.utf8.allSatisfy { (0x30...0x39).contains($0) || " .,-+()".utf8.contains($0) }
      }
      return isNumber && fields.contains { $0.contains(".") || $0.contains(",") }
    }
  }

  private var unnamedColumns: [Int] {
    inspection.columns.indices.filter { !inspection.roles.values.contains($0) }
  }

  /// The texts of a column that are not empty.
  private func texts(_ column: Int) -> [String] {
    records.compactMap { record in
      column < record.count && !record[column].isEmpty ? text(record[column]) : nil
    }
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func name(of separator: Dialect.Separator) -> String {
    switch separator {
    case .blanks: "blanks"
    case .byte(UInt8(ascii: ";")): "semicolon"
    case .byte(UInt8(ascii: "\t")): "tab"
    case .byte(UInt8(ascii: "|")): "pipe"
    case .byte: "comma"
    }
  }
}

extension ColumnRole {
  /// How sure a column's name is for this role, 0 the surest; nil where it is not known.
  fileprivate func rank(of name: String) -> Int? {
    let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    return knownNames.firstIndex(of: plain)
  }
}
