internal import CBridge

/// How a number is compared with a constant.
///
/// Raw values are those of `cb_comparison`.
public enum NumberComparison: UInt32, Hashable, Sendable {
  /// Less than or equal.
  case atMost = 0
  /// Less than.
  case below = 1
  /// Greater than or equal.
  case atLeast = 2
  /// Greater than.
  case above = 3
  /// Equal.
  case equal = 4
}

/// How a text is compared with words.
///
/// Raw values are those of `cb_text_test`.
public enum TextTest: UInt32, Hashable, Sendable {
  /// Equal to one of them.
  case isOneOf = 0
  /// Equal to none of them.
  case isNoneOf = 1
  /// Begins with one of them.
  case hasPrefix = 2
}

/// Words that texts are compared with.
public struct TextWords: Hashable, Sendable {
  /// Each behind four bytes with its length.
  let packed: [UInt8]

  /// Packs the words.
  public init(_ words: [[UInt8]]) {
    packed = words.flatMap { word in
      let length = UInt32(word.count)
      return [UInt8](truncatingIfNeeded: length) + word
    }
  }
}

extension [UInt8] {
  fileprivate init(truncatingIfNeeded length: UInt32) {
    self = (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
  }
}

/// What became of the rows of one verdict.
public struct VerdictTally: Hashable, Sendable {
  /// Rows.
  public var rows: Int
  /// The sum of their amounts.
  public var money: Int128
}

/// Verdicts on the rows of a batch: 0 keeps a row, anything else is the number of what took it out.
public enum RowFilters {
  /// Gives `rule` to the undecided rows whose number compares so.
  public static func apply(
    _ comparison: NumberComparison,
    to values: borrowing [Int64],
    constant: Int64,
    count: Int,
    rule: UInt8,
    verdicts: inout [UInt8]
  ) {
    precondition(values.count >= count && verdicts.count >= count, "too short")
    // SAFETY: both lists hold `count` entries.
    unsafe cb_filter_numbers(
      values,
      count,
      cb_comparison(rawValue: comparison.rawValue),
      constant,
      rule,
      &verdicts
    )
  }

  /// Gives `rule` to the undecided rows whose text passes the test.
  public static func apply(
    _ test: TextTest,
    words: TextWords,
    bytes: borrowing [UInt8],
    begins: borrowing [UInt32],
    lengths: borrowing [UInt32],
    count: Int,
    rule: UInt8,
    verdicts: inout [UInt8]
  ) {
    precondition(
      begins.count >= count && lengths.count >= count && verdicts.count >= count,
      "too short"
    )
    // SAFETY: the lists hold `count` entries each, and every text lies within `bytes`.
    unsafe cb_filter_texts(
      bytes,
      begins,
      lengths,
      count,
      cb_text_test(rawValue: test.rawValue),
      words.packed,
      words.packed.count,
      rule,
      &verdicts
    )
  }
}

/// The tallies of all verdicts, and the newest moment that was kept.
public struct RowTallies: Sendable {
  private var tallies = [cb_tally](repeating: cb_tally(), count: 256)
  private var newest = cb_newest(
    latest: .min,
    day_begin: .min,
    runner_up: .min,
    row: 0,
    advanced: false
  )

  /// Microseconds of the newest kept row; nil when none was kept.
  public var newestInstant: Int64? { newest.latest == .min ? nil : newest.latest }

  /// Microseconds of the newest kept row of a day before that of ``newestInstant``; nil without any.
  public var runnerUpInstant: Int64? { newest.runner_up == .min ? nil : newest.runner_up }

  /// The row of the batch selected last that brought a later day than any before, or nil.
  public var advancingRow: Int? { newest.advanced ? newest.row : nil }

  /// Nothing counted.
  public init() {}

  /// Counts the rows of a batch and lists those with verdict 0.
  public mutating func select(
    verdicts: borrowing [UInt8],
    amounts: borrowing [Int64],
    instants: borrowing [Int64],
    count: Int
  ) -> [UInt32] {
    precondition(
      verdicts.count >= count && amounts.count >= count && instants.count >= count,
      "too short"
    )
    let verdicts = copy verdicts
    let amounts = copy amounts
    let instants = copy instants
    return unsafe [UInt32](unsafeUninitializedCapacity: count + 1) { kept, keptCount in
      // SAFETY: the columns hold `count` entries, `kept` one more, and there is a tally a verdict.
      keptCount = unsafe cb_select(
        verdicts,
        amounts,
        instants,
        count,
        &tallies,
        &newest,
        kept.baseAddress
      )
    }
  }

  /// What became of the rows with this verdict.
  public subscript(verdict: UInt8) -> VerdictTally {
    let tally = tallies[Int(verdict)]
    let money = Int128(tally.money_high) << 64 | Int128(tally.money_low)
    return VerdictTally(rows: Int(tally.rows), money: money)
  }
}
