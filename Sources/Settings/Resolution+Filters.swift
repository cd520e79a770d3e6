internal import Readers
internal import Tables

/// The section `filters`: a list of rules, each a name, a column and one condition.
extension Resolution {
  private static let conditions = [
    "missing", "prefix", "one_of", "none_of", "at_most", "below", "at_least", "above", "equal",
    "before", "after",
  ]

  /// The readers note in a byte which rule took a row out.
  private static let mostRules = 240

  /// The rules in declared order.
  mutating func filters(_ format: LedgerFormat) -> [FilterRule] {
    guard case .list(let items) = node("filters").value else {
      fail("filters", "expected a list of rules, each with name, column and a condition")
      return []
    }
    if items.count > Self.mostRules { fail("filters", "more than \(Self.mostRules) rules") }
    var names: Set<String> = ["repeated_rows", "after_as_of"]
    return items.enumerated().compactMap { index, item in
      let path = "filters[\(index + 1)]"
      guard let rule = filter(item, at: path, format) else { return nil }
      if Names.outputColumns.contains(rule.name) {
        fail(path, "a column of the output is called '\(rule.name)'; choose another", at: item)
      }
      if names.insert(rule.name).inserted { return rule }
      fail(path, "a second rule with the name '\(rule.name)'", at: item)
      return nil
    }
  }

  private mutating func filter(
    _ item: SettingNode,
    at path: String,
    _ format: LedgerFormat
  ) -> FilterRule? {
    guard let entries = item.entries else {
      fail(path, "expected name, column and a condition", at: item)
      return nil
    }
    for (key, node) in entries where !(["name", "column"] + Self.conditions).contains(key) {
      let near = NearMiss.suggestion(for: key, among: ["name", "column"] + Self.conditions)
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      fail("\(path).\(key)", "unknown key\(hint)", at: node)
    }
    let name = item[["name"]]?.text ?? ""
    if !Names.isSnakeCase(name) { fail(path, "needs a name in snake_case", at: item) }
    let given = entries.filter { Self.conditions.contains($0.key) }
    guard given.count == 1, let condition = given.first else {
      fail(path, "needs one condition of \(Self.conditions.joined(separator: ", "))", at: item)
      return nil
    }
    let column = item[["column"]]?.text ?? ""
    return self.condition(condition.key, condition.node, on: column, at: path, format)
      .map { FilterRule(name: name, condition: $0) }
  }

  private mutating func condition(
    _ key: String,
    _ node: SettingNode,
    on column: String,
    at path: String,
    _ format: LedgerFormat
  ) -> FilterRule.Condition? {
    if let comparison = FilterRule.Comparison(rawValue: key) {
      return number(comparison, node, on: column, at: path, format)
    }
    if key == "before" || key == "after" {
      return moment(key, node, on: column, at: path)
    }
    guard let text = textColumn(column, at: path, node, format) else { return nil }
    switch key {
    case "missing":
      let words = texts(of: node, at: "\(path).missing")
      return .missing(text, nullWords: words == ["true"] ? [] : words)
    case "prefix": return .prefix(text, texts(of: node, at: "\(path).prefix"))
    case "one_of": return .isOneOf(text, texts(of: node, at: "\(path).one_of"))
    default: return .isNoneOf(text, texts(of: node, at: "\(path).none_of"))
    }
  }

  private mutating func number(
    _ comparison: FilterRule.Comparison,
    _ node: SettingNode,
    on column: String,
    at path: String,
    _ format: LedgerFormat
  ) -> FilterRule.Condition? {
    guard let quantity = FilterRule.Quantity(rawValue: column) else {
      fail(path, "\(comparison.rawValue) looks at quantity, price or amount", at: node)
      return nil
    }
    if case .amount = format.amount, quantity != .amount {
      fail(path, "the ledger has no \(column): amount.column is given", at: node)
    }
    let typed = node.text ?? ""
    guard Double(typed)?.isFinite == true, !typed.contains(where: { "eExXpP".contains($0) }) else {
      fail("\(path).\(comparison.rawValue)", "expected a decimal number, not '\(typed)'", at: node)
      return nil
    }
    return .number(quantity, comparison, typed)
  }

  private mutating func moment(
    _ key: String,
    _ node: SettingNode,
    on column: String,
    at path: String
  ) -> FilterRule.Condition? {
    if column != "time" { fail(path, "\(key) looks at the column time", at: node) }
    guard let instant = Instant(text: node.text ?? "") else {
      fail("\(path).\(key)", "expected a date such as 2011-12-10 or a time behind it", at: node)
      return nil
    }
    return key == "before" ? .before(instant) : .after(instant)
  }

  private mutating func textColumn(
    _ column: String,
    at path: String,
    _ node: SettingNode,
    _ format: LedgerFormat
  ) -> FilterRule.Text? {
    let declared = (format.dimensions + format.attributes).map(\.name)
    switch column {
    case "customer": return .customer
    case "order":
      if case .column = format.order { return .order }
      fail(path, "there are no order ids: order.by is not column", at: node)
    case _ where declared.contains(column): return .column(column)
    default:
      let known = (["customer", "order"] + declared).joined(separator: ", ")
      fail(path, "'\(column)' is none of \(known); declare it under `dimensions`", at: node)
    }
    return nil
  }
}
