import Kernels

extension NumberFormat {
  /// A part that could be taken for another one.
  public enum Part: String, Hashable, Sendable {
    /// ``NumberFormat/decimalMark``.
    case decimalMark = "decimal_mark"
    /// ``NumberFormat/thousandsMark``.
    case thousandsMark = "thousands_mark"
    /// ``NumberFormat/currencySigns``.
    case currencySigns = "currency_signs"
    /// ``NumberFormat/zeroWords``.
    case zeroWords = "zero_words"
  }

  /// Checks that a number can be read in one way only.
  ///
  /// The marks are different printable ASCII characters that are no digits, quotes, signs or
  /// parentheses; thousands may be marked by a space or an apostrophe as well. Currency signs hold no
  /// digit, blank, sign, parenthesis or mark. No word for zero is another number.
  ///
  /// - Throws: `badNumberFormat`.
  public func validate() throws(ReadError) {
    guard Self.isMark(decimalMark) else {
      throw .badNumberFormat(.decimalMark, reason: "numbers may hold this character already")
    }
    if let thousandsMark {
      guard Self.isMark(thousandsMark) || " '".utf8.contains(thousandsMark) else {
        throw .badNumberFormat(.thousandsMark, reason: "numbers may hold this character already")
      }
      guard thousandsMark != decimalMark else {
        let reason = "is the decimal mark too; set amount.decimal_mark as well"
        throw .badNumberFormat(.thousandsMark, reason: reason)
      }
    }
    for sign in currencySigns where sign.utf8.contains(where: isPartOfNumber) {
      let reason = "'\(sign)' has a digit, a blank, a sign, a parenthesis or one of the marks"
      throw .badNumberFormat(.currencySigns, reason: reason)
    }
    var plain = self
    plain.zeroWords = []
    let syntax = plain.syntax
    for word in zeroWords where (syntax.value(of: word) ?? 0) != 0 {
      throw .badNumberFormat(.zeroWords, reason: "'\(word)' is a number of its own")
    }
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && !"0123456789+-()\"'".utf8.contains(byte)
  }

  private func isPartOfNumber(_ byte: UInt8) -> Bool {
    "0123456789+-() \t".utf8.contains(byte) || byte == decimalMark || byte == thousandsMark
  }
}
