import Kernels
import Tables

/// The filters of a ledger, ready for the kernels.
struct FilterProgram: Sendable {
  /// A text that is looked at.
  enum Text: Hashable, Sendable {
    case customer
    case order
    /// A declared column, by its place among dimensions and attributes.
    case named(Int)
  }

  /// When a row is taken out.
  enum Step: Sendable {
    case text(Text, TextTest, TextWords)
    case number(FilterRule.Quantity, NumberComparison, Int64)
    case instant(NumberComparison, Int64)
  }

  /// Rules at most, so that verdicts fit a byte beside those of ``Verdict``.
  static let mostRules = 240

  /// Names of the rules, the verdict `index + 1` each.
  let names: [String]
  /// The declared rules and the one for the as-of moment, with their verdicts.
  let steps: [(verdict: UInt8, step: Step)]
  /// The verdict of repeated rows, or nil where they are kept.
  let repeatedVerdict: UInt8?
  /// Declared columns that some rule looks at.
  let namedTexts: [Int]

  /// Compiles the filters of a ledger.
  ///
  /// - Throws: `badConstant` or `unknownFilterColumn`.
  init(_ format: LedgerFormat, asOf: Instant?) throws(ReadError) {
    precondition(format.filters.count <= Self.mostRules, "verdicts fit a byte")
    var names: [String] = []
    var steps: [(verdict: UInt8, step: Step)] = []
    if format.repeatedRows == .remove { names.append("repeated_rows") }
    repeatedVerdict = format.repeatedRows == .remove ? 1 : nil
    for rule in format.filters {
      names.append(rule.name)
      steps.append((UInt8(names.count), try Self.step(rule, format)))
    }
    if let asOf {
      names.append("after_as_of")
      steps.append((UInt8(names.count), .instant(.above, asOf.microseconds)))
    }
    self.names = names
    self.steps = steps
    namedTexts = Set(
      steps.compactMap { step -> Int? in
        if case .text(.named(let index), _, _) = step.step { index } else { nil }
      }
    ).sorted()
  }

  private static func step(_ rule: FilterRule, _ format: LedgerFormat) throws(ReadError) -> Step {
    switch rule.condition {
    case .missing(let text, let words):
      .text(
        try column(text, rule, format),
        .isOneOf,
        TextWords([[]] + words.map { Array($0.utf8) })
      )
    case .prefix(let text, let words):
      .text(try column(text, rule, format), .hasPrefix, TextWords(words.map { Array($0.utf8) }))
    case .isOneOf(let text, let words):
      .text(try column(text, rule, format), .isOneOf, TextWords(words.map { Array($0.utf8) }))
    case .isNoneOf(let text, let words):
      .text(try column(text, rule, format), .isNoneOf, TextWords(words.map { Array($0.utf8) }))
    case .number(let quantity, let comparison, let constant):
      .number(quantity, comparison.kernel, try value(constant, of: quantity, rule, format))
    case .before(let instant): .instant(.below, instant.microseconds)
    case .after(let instant): .instant(.above, instant.microseconds)
    }
  }

  private static func column(
    _ text: FilterRule.Text,
    _ rule: FilterRule,
    _ format: LedgerFormat
  ) throws(ReadError) -> Text {
    switch text {
    case .customer: return .customer
    case .order:
      guard case .column = format.order else {
        throw .unknownFilterColumn(rule: rule.name, column: "order")
      }
      return .order
    case .column(let name):
      let named = format.dimensions + format.attributes
      guard let index = named.firstIndex(where: { $0.name == name }) else {
        throw .unknownFilterColumn(rule: rule.name, column: name)
      }
      return .named(index)
    }
  }

  private static func value(
    _ constant: String,
    of quantity: FilterRule.Quantity,
    _ rule: FilterRule,
    _ format: LedgerFormat
  ) throws(ReadError) -> Int64 {
    let decimals =
      switch quantity {
      case .quantity: format.quantityFormat.decimals
      case .price: format.moneyFormat.decimals
      case .amount: format.moneyScale
      }
    if quantity != .amount, case .amount = format.amount {
      throw .unknownFilterColumn(rule: rule.name, column: quantity.rawValue)
    }
    var plain = NumberFormat()
    plain.decimals = decimals
    guard let value = plain.syntax.value(of: constant) else {
      throw .badConstant(rule: rule.name, constant: constant)
    }
    return value
  }
}

/// Verdicts that no rule has: why a row was rejected.
enum Verdict {
  /// The amount cannot be read.
  static let unreadableAmount: UInt8 = 255
  /// Something else cannot be read.
  static let unreadable: UInt8 = 254
  /// No customer id.
  static let customerMissing: UInt8 = 253
  /// No order id.
  static let orderMissing: UInt8 = 252
  /// The lowest verdict that rejects.
  static let lowestReject: UInt8 = 252
}

extension FilterRule.Comparison {
  fileprivate var kernel: NumberComparison {
    switch self {
    case .atMost: .atMost
    case .below: .below
    case .atLeast: .atLeast
    case .above: .above
    case .equal: .equal
    }
  }
}

extension NumberFormat {
  /// The format in the kernels' terms.
  var syntax: NumberSyntax {
    NumberSyntax(
      decimals: decimals,
      decimalMark: decimalMark,
      thousandsMark: thousandsMark,
      accountingNegatives: accountingNegatives,
      signs: currencySigns,
      zeroWords: zeroWords
    )
  }
}
