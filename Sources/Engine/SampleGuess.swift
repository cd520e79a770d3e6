internal import Readers

/// What the records of a sample suggest.
struct SampleGuess {
  private(set) var records: [[[UInt8]]]
  var inspection = Inspection()

  init(records: [[[UInt8]]], dialect: Dialect) {
    self.records = records
    inspection.delimiter = Self.name(of: dialect.separator)
    guessEncoding()
    guessHeader()
    guessRoles()
    guessCustomers()
    guessTime()
    guessNumbers()
    noteFindings()
  }

  // MARK: - columns

  private mutating func guessHeader() {
    guard let first = records.first else { return }
    let names = first.map { text($0) }
    let known = names.filter { name in ColumnRole.allCases.contains { $0.rank(of: name) != nil } }
    let hasNumber = names.contains { Double($0) != nil }
    inspection.hasHeader = !known.isEmpty || !hasNumber
    inspection.columns = names
    if inspection.hasHeader { records.removeFirst() }
    inspection.sampledRecords = records.count
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

  // MARK: - values

  /// The texts of a role's column that are not empty.
  private func texts(_ role: ColumnRole) -> [String] {
    guard let column = inspection.roles[role] else { return [] }
    return records.compactMap { record in
      column < record.count && !record[column].isEmpty ? text(record[column]) : nil
    }
  }

  private mutating func guessCustomers() {
    let ids = texts(.customer)
    let isFloat = !ids.isEmpty && ids.allSatisfy { $0.hasSuffix(".0") }
    inspection.customerSuffix = isFloat ? ".0" : ""
  }

  private mutating func guessTime() {
    guard inspection.roles[.time] != nil else { return }
    inspection.time = TimeShape.guess(texts(.time))
  }

  private mutating func guessNumbers() {
    let money = texts(.price) + texts(.amount)
    let usesComma =
      money.contains { $0.contains(",") }
      && !money.contains { text in
        text.contains(".")
          && text.lastIndex(of: ".") ?? text.startIndex > text.lastIndex(of: ",") ?? text.startIndex
      }
    inspection.decimalMark = usesComma ? "comma" : "."
    let mark: Character = usesComma ? "," : "."
    let thousands: Character = usesComma ? "." : ","
    if money.contains(where: { $0.contains(thousands) }) {
      inspection.thousandsMark = usesComma ? "." : "comma"
    }
    inspection.decimals = Self.decimals(money, mark)
    inspection.quantityDecimals = Self.decimals(texts(.quantity), mark)
  }

  private static func decimals(_ texts: [String], _ mark: Character) -> Int {
    texts.reduce(0) { most, text in
      guard let place = text.firstIndex(of: mark) else { return most }
      return max(most, text[place...].dropFirst().prefix { $0.isNumber }.count)
    }
  }

  /// What would be rejected, or count in a way that few people want.
  private mutating func noteFindings() {
    let rows = records.count
    let missing = inspection.roles[.customer] == nil ? 0 : rows - texts(.customer).count
    let cancelled = texts(.order).filter {
      $0.hasPrefix("C") && $0.dropFirst().allSatisfy(\.isNumber)
    }
    let findings = [
      ("customer_missing", missing), ("cancelled", cancelled.count),
      ("quantity_not_positive", notPositive(.quantity)),
      ("price_not_positive", notPositive(.price)),
      ("amount_not_positive", notPositive(.amount)),
    ]
    inspection.findings = findings.filter { $0.1 > 0 }.map { (rule: $0.0, rows: $0.1) }
  }

  private func notPositive(_ role: ColumnRole) -> Int {
    texts(role).count { text in
      text.hasPrefix("-") || text.utf8.allSatisfy { $0 == 0x30 || $0 == 0x2E || $0 == 0x2C }
    }
  }

  // MARK: - bytes

  private mutating func guessEncoding() {
    let odd = records.joined().filter { field in
      !field.allSatisfy { $0 < 0x80 } && String(validating: field, as: UTF8.self) == nil
    }
    guard !odd.isEmpty else { return }
    let isWindows = odd.joined().contains { (0x80..<0xA0).contains($0) }
    inspection.encoding = isWindows ? "windows-1252" : "iso-8859-1"
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
