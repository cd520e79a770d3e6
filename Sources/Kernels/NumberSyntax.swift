internal import CBridge

/// How numbers are written, as the kernels see it.
public struct NumberSyntax: Hashable, Sendable {
  /// Decimals of the result's unit, at most 18.
  public var decimals: Int
  /// The byte before the decimals.
  public var decimalMark: UInt8
  /// A byte that may stand between groups of three digits, or nil.
  public var thousandsMark: UInt8?
  /// Whether `(1)` and `1-` are negative.
  public var accountingNegatives: Bool
  /// Currency signs, each behind a byte with its length.
  let signs: [UInt8]
  /// Fields that mean zero, each behind a byte with its length.
  let zeroWords: [UInt8]

  /// Names the marks; signs and words longer than 255 bytes are cut off.
  public init(
    decimals: Int,
    decimalMark: UInt8,
    thousandsMark: UInt8?,
    accountingNegatives: Bool,
    signs: [String],
    zeroWords: [String]
  ) {
    precondition((0...18).contains(decimals), "18 decimals fit 64 bits")
    self.decimals = decimals
    self.decimalMark = decimalMark
    self.thousandsMark = thousandsMark
    self.accountingNegatives = accountingNegatives
    self.signs = Self.packed(signs)
    self.zeroWords = Self.packed(zeroWords)
  }

  private static func packed(_ words: [String]) -> [UInt8] {
    words.flatMap { word in
      let bytes = Array(word.utf8.prefix(255))
      return [UInt8(bytes.count)] + bytes
    }
  }

  /// Calls `body` with the format in the C core's terms.
  func withBridged<Result>(_ body: (inout cb_number_format) -> Result) -> Result {
    // SAFETY: the pointers are used within the call alone.
    unsafe signs.withUnsafeBufferPointer { signs in
      unsafe zeroWords.withUnsafeBufferPointer { words in
        var format = unsafe cb_number_format(
          decimals: UInt8(decimals),
          decimal_mark: decimalMark,
          thousands_mark: thousandsMark ?? 0,
          accounting: accountingNegatives,
          signs: signs.baseAddress,
          signs_size: signs.count,
          zero_words: words.baseAddress,
          zero_words_size: words.count
        )
        return unsafe body(&format)
      }
    }
  }

  /// Reads one number in units of 10^-decimals, or nil where it is none.
  public func value(of text: String) -> Int64? {
    var value: Int64 = 0
    let bytes = Array(text.utf8)
    let fault = unsafe withBridged { format in
      // SAFETY: the text outlives the call.
      unsafe bytes.withUnsafeBufferPointer {
        unsafe cb_parse_number($0.baseAddress, $0.count, &format, &value)
      }
    }
    return fault == CB_FAULT_NONE ? value : nil
  }
}

/// `left × right − less × lessFactor` a row; returns how many rows have a new fault.
public func multiply(
  _ left: borrowing [Int64],
  _ right: borrowing [Int64],
  less: borrowing [Int64]?,
  lessFactor: Int64,
  count: Int,
  values: inout [Int64],
  faults: inout [UInt8]
) -> Int {
  precondition(left.count >= count && right.count >= count && faults.count >= count, "too short")
  values.grow(to: count)
  guard let less = copy less else {
    // SAFETY: all lists hold `count` entries.
    return unsafe cb_multiply(left, right, nil, 0, count, &values, &faults)
  }
  precondition(less.count >= count, "too short")
  // SAFETY: all lists hold `count` entries.
  return unsafe cb_multiply(left, right, less, lessFactor, count, &values, &faults)
}
