/// What the numbers of some columns have in common, field by field and without keeping any.
struct NumberShape {
  private static let mostWords = 8
  private static let comma = UInt8(ascii: ",")
  private static let dot = UInt8(ascii: ".")

  /// Fields of nothing but blanks.
  private(set) var emptyCount = 0
  /// Fields without a digit that mean that there is no value, such as NULL.
  private(set) var words: [String] = []
  /// What stands before or behind numbers.
  private(set) var signs: [String] = []
  /// Whether some are in parentheses or have a minus behind them.
  private(set) var hasAccounting = false
  /// Most digits behind the last comma, or behind the last dot.
  private var commaDecimals = 0
  private var dotDecimals = 0
  private var hasComma = false
  private var hasDot = false
  /// Fields in which the mark can stand before decimals only.
  private var commaIsDecimal = false
  private var dotIsDecimal = false
  /// Fields in which the mark can stand between thousands only.
  private var commaIsThousands = false
  private var dotIsThousands = false

  /// Looks at one field.
  mutating func absorb(_ field: [UInt8]) {
    let core = field.drop(while: Self.isBlank)
    guard let begin = core.firstIndex(where: Self.isDigit),
      let end = core.lastIndex(where: Self.isDigit)
    else { return absorbWord(core) }
    // `.50` begins with its mark.
    let hasLeadingMark = begin > core.startIndex && Self.isMark(core[begin - 1])
    let number = core[(hasLeadingMark ? begin - 1 : begin)...end]
    absorbMarks(number)
    if number.startIndex > core.startIndex { absorbAffix(core[..<number.startIndex]) }
    if end + 1 < core.endIndex {
      let behind = core[(end + 1)...]
      hasAccounting = hasAccounting || behind.contains { [0x29, 0x2D].contains($0) }
      absorbAffix(behind)
    }
  }

  private mutating func absorbWord(_ core: ArraySlice<UInt8>) {
    guard !core.isEmpty else { return emptyCount += 1 }
    let word = String(decoding: core, as: UTF8.self)
    guard NullWords.contains(word), !words.contains(word), words.count < Self.mostWords else {
      return
    }
    words.append(word)
  }

  private mutating func absorbAffix(_ affix: ArraySlice<UInt8>) {
    let bytes = affix.filter { !Self.isBlank($0) && !Self.isSignOrParenthesis($0) }
    guard !bytes.isEmpty, bytes.count <= 4, signs.count < Self.mostWords,
      let sign = String(validating: bytes, as: UTF8.self), !signs.contains(sign),
      sign.allSatisfy({ $0.isCurrencySymbol || $0.isLetter })
    else { return }
    signs.append(sign)
  }

  private mutating func absorbMarks(_ number: ArraySlice<UInt8>) {
    let lastComma = number.lastIndex(of: Self.comma)
    let lastDot = number.lastIndex(of: Self.dot)
    hasComma = hasComma || lastComma != nil
    hasDot = hasDot || lastDot != nil
    if let lastComma { commaDecimals = max(commaDecimals, number.endIndex - lastComma - 1) }
    if let lastDot { dotDecimals = max(dotDecimals, number.endIndex - lastDot - 1) }
    switch (lastComma, lastDot) {
    case (let comma?, let dot?):
      commaIsDecimal = commaIsDecimal || comma > dot
      dotIsDecimal = dotIsDecimal || dot > comma
    case (let comma?, nil):
      let isRepeated = number.firstIndex(of: Self.comma) != comma
      commaIsThousands = commaIsThousands || isRepeated
      commaIsDecimal = commaIsDecimal || (!isRepeated && !Self.mayGroup(number, comma))
    case (nil, let dot?):
      let isRepeated = number.firstIndex(of: Self.dot) != dot
      dotIsThousands = dotIsThousands || isRepeated
      dotIsDecimal = dotIsDecimal || (!isRepeated && !Self.mayGroup(number, dot))
    case (nil, nil): break
    }
  }

  /// Whether a mark stands behind one to three digits, not 0 alone, and before three.
  private static func mayGroup(_ number: ArraySlice<UInt8>, _ mark: Int) -> Bool {
    let before = mark - number.startIndex
    return number.endIndex - mark - 1 == 3 && (1...3).contains(before)
      && number[number.startIndex] != UInt8(ascii: "0")
  }

  // MARK: - what follows

  /// Whether the decimals stand behind a comma.
  ///
  /// `isCommaSeparated` says whether fields are too: then `1,234` was quoted, as thousands are.
  func usesComma(isCommaSeparated: Bool) -> Bool {
    if commaIsDecimal || dotIsThousands { return !dotIsDecimal }
    return hasComma && !hasDot && !commaIsThousands && !isCommaSeparated
  }

  /// Decimals behind the mark.
  func decimals(usesComma: Bool) -> Int {
    usesComma ? (commaIsThousands && !commaIsDecimal ? 0 : commaDecimals) : dotDecimals
  }

  /// Whether the mark that is not before decimals occurs.
  func hasThousands(usesComma: Bool) -> Bool { usesComma ? hasDot : hasComma }

  /// Adds what other columns have.
  func joined(_ other: NumberShape) -> NumberShape {
    var both = self
    both.emptyCount += other.emptyCount
    both.words += other.words.filter { !words.contains($0) }
    both.signs += other.signs.filter { !signs.contains($0) }
    both.hasAccounting = hasAccounting || other.hasAccounting
    both.commaDecimals = max(commaDecimals, other.commaDecimals)
    both.dotDecimals = max(dotDecimals, other.dotDecimals)
    both.hasComma = hasComma || other.hasComma
    both.hasDot = hasDot || other.hasDot
    both.commaIsDecimal = commaIsDecimal || other.commaIsDecimal
    both.dotIsDecimal = dotIsDecimal || other.dotIsDecimal
    both.commaIsThousands = commaIsThousands || other.commaIsThousands
    both.dotIsThousands = dotIsThousands || other.dotIsThousands
    return both
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  private static func isMark(_ byte: UInt8) -> Bool { byte == comma || byte == dot }
  private static func isSignOrParenthesis(_ byte: UInt8) -> Bool {
    [0x28, 0x29, 0x2B, 0x2D].contains(byte)
  }
}

/// Words that stand for no value in exports.
enum NullWords {
  private static let known: Set<String> = [
    "null", "nan", "na", "n/a", "none", "nil", "<na>", "#n/a", "\\n", "-",
  ]

  /// Whether a field means that there is no value.
  static func contains(_ text: String) -> Bool { known.contains(text.lowercased()) }
}
