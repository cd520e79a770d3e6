internal import Readers

/// Reads values out of the merged settings, and gathers what is wrong with them.
///
/// Every reading gives some value, so that one problem does not hide the next; the plan counts only
/// when there are no problems.
struct Resolution {
  /// All layers, one over the other, defaults at the bottom.
  let root: SettingNode
  /// What was wrong so far.
  var problems: [SettingProblem] = []

  /// The value at a key path.
  func node(_ path: String) -> SettingNode {
    root[path.split(separator: ".")[...]]
      ?? SettingNode(value: .scalar("", isQuoted: false), origin: .standard)
  }

  /// Notes what is wrong at a key path.
  mutating func fail(_ path: String, _ message: String, at node: SettingNode? = nil) {
    let origin = node?.origin ?? self.node(path).origin
    problems.append(SettingProblem(keyPath: path, message: message, origin: origin))
  }

  /// Text; nil for nothing, null and the word `none`.
  mutating func optionalText(_ path: String) -> String? {
    let node = node(path)
    guard let text = node.text else {
      fail(path, "expected one value")
      return nil
    }
    if node.isNull || isNone(node) { return nil }
    return text
  }

  /// Text, empty where nothing was typed.
  mutating func text(_ path: String) -> String {
    optionalText(path) ?? ""
  }

  /// A whole number.
  mutating func integer(_ path: String, in range: ClosedRange<Int>) -> Int {
    let typed = text(path)
    if let value = Int(typed), range.contains(value) { return value }
    let bounds =
      range.upperBound == .max
      ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    fail(path, "expected a whole number \(bounds), not '\(typed)'")
    return range.lowerBound
  }

  /// A finite number for which `isAllowed` holds.
  mutating func number(_ path: String, _ expected: String, _ isAllowed: (Double) -> Bool) -> Double
  {
    let typed = text(path)
    if let value = Double(typed), value.isFinite, isAllowed(value) { return value }
    fail(path, "expected \(expected), not '\(typed)'")
    return 1
  }

  /// Ascending or free numbers; nil where there is none.
  mutating func numbers(_ path: String) -> [Double] {
    texts(path).compactMap { typed in
      if let value = Double(typed), value.isFinite { return value }
      fail(path, "expected numbers, not '\(typed)'")
      return nil
    }
  }

  /// `true` or `false`.
  mutating func flag(_ path: String) -> Bool {
    switch text(path) {
    case "true", "yes": return true
    case "false", "no": return false
    default:
      fail(path, "expected true or false, not '\(text(path))'")
      return false
    }
  }

  /// One of the names of an option type.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ path: String,
    or fallback: Choice,
    notYet: [String: String] = [:]
  ) -> Choice {
    let typed = node(path).text ?? ""
    if let value = Choice(rawValue: typed) { return value }
    if let reason = notYet[typed] {
      fail(path, reason)
    } else {
      fail(path, "'\(typed)' is none of \(names(of: Choice.self))")
    }
    return fallback
  }

  /// Bytes, such as `262144`, `256 KiB` or `1 MB`.
  mutating func byteCount(_ path: String, in range: ClosedRange<Int>) -> Int {
    let typed = text(path)
    if let count = ByteCount.parse(typed), range.contains(count) { return count }
    let bounds =
      range.upperBound == .max
      ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    fail(path, "expected bytes, such as 65536 or 256 KiB, \(bounds), not '\(typed)'")
    return range.lowerBound
  }

  /// One ASCII character, by itself or by its name; nil for `none`.
  mutating func byte(_ path: String) -> UInt8? {
    guard let typed = optionalText(path) else { return nil }
    if let named = CharacterNames.bytes[typed] { return named }
    let bytes = Array(typed.utf8)
    if bytes.count == 1, bytes[0] < 0x80, bytes[0] != 0x0A, bytes[0] != 0x0D { return bytes[0] }
    fail(path, "expected one ASCII character or none, not '\(typed)'")
    return nil
  }

  /// Texts in order; a single value is a list of one.
  mutating func texts(_ path: String) -> [String] {
    texts(of: node(path), at: path)
  }

  /// Texts of a value that stands within a list.
  mutating func texts(of node: SettingNode, at path: String) -> [String] {
    switch node.value {
    case .scalar(let text, _): return node.isNull || isNone(node) ? [] : [text]
    case .list(let items):
      let texts = items.compactMap(\.text)
      if texts.count != items.count { fail(path, "expected a list of plain values", at: node) }
      return texts
    case .map:
      fail(path, "expected a list", at: node)
      return []
    }
  }

  /// A column by its name, or by its number from 1; nil for `none`.
  mutating func column(_ path: String) -> ColumnReference? {
    column(of: node(path), at: path)
  }

  /// A column that stands within a map.
  mutating func column(of node: SettingNode, at path: String) -> ColumnReference? {
    guard case .scalar(let text, let isQuoted) = node.value else {
      fail(path, "expected a column's name or number", at: node)
      return nil
    }
    if !isQuoted, node.isNull || text == "none" { return nil }
    guard !isQuoted, let number = Int(text) else { return .name(text) }
    if number >= 1 { return .number(number) }
    fail(path, "columns are numbered from 1", at: node)
    return nil
  }

  /// A column without which there is no ledger.
  mutating func requiredColumn(_ path: String, _ role: String) -> ColumnReference {
    let before = problems.count
    if let column = column(path) { return column }
    if problems.count == before { fail(path, "name the column that holds \(role)") }
    return .number(1)
  }

  private func isNone(_ node: SettingNode) -> Bool {
    guard case .scalar("none", false) = node.value else { return false }
    return true
  }

  private func names<Choice: RawRepresentable<String> & CaseIterable>(
    of type: Choice.Type
  ) -> String {
    type.allCases.map(\.rawValue).joined(separator: ", ")
  }
}

/// Sizes as people type them.
enum ByteCount {
  private static let units: [(suffix: String, bytes: Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1),
  ]

  /// Bytes, or nil where `text` is no size or too large.
  static func parse(_ text: String) -> Int? {
    for (suffix, bytes) in units where text.hasSuffix(suffix) {
      let digits = text.dropLast(suffix.count).filter { $0 != " " }
      let (product, overflow) = (Int(digits) ?? -1).multipliedReportingOverflow(by: bytes)
      return overflow || product < 0 ? nil : product
    }
    return Int(text)
  }
}

/// Characters that are hard to type in YAML or in a shell.
enum CharacterNames {
  /// Bytes by name.
  static let bytes: [String: UInt8] = [
    "comma": 0x2C, "semicolon": 0x3B, "tab": 0x09, "\\t": 0x09, "pipe": 0x7C, "space": 0x20,
    "colon": 0x3A, "dot": 0x2E, "apostrophe": 0x27, "double_quote": 0x22,
  ]
}
