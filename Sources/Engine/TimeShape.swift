internal import Kernels

/// The runs of digits of a time and what stands between them; a month's name counts as its digits.
struct TimeShape: Equatable {
  private var digitCounts: [Int] = []
  private var values: [Int] = []
  private var separators: [String] = []
  private var suffix = ""
  /// Which run of digits is a month's name; nil where there is none.
  private var namedMonth: Int?

  init?(_ written: String) {
    let (text, monthBegin) = Self.withMonthInDigits(written)
    var separator = ""
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        if digits.isEmpty { separators.append(separator) }
        digits.append(character)
        separator = ""
      } else {
        if !digits.isEmpty { append(digits) }
        digits = ""
        separator.append(character)
      }
    }
    if !digits.isEmpty { append(digits) }
    suffix = separator
    guard separators.first == "" else { return nil }
    if let monthBegin {
      let before = text.prefix(monthBegin)
      namedMonth = before.split { !($0.isASCII && $0.isNumber) }.count
    }
  }

  /// The text with two digits for its first English month name, and where they stand.
  private static func withMonthInDigits(_ text: String) -> (text: String, begin: Int?) {
    let words = text.split { !($0.isASCII && $0.isLetter) }
    for word in words where word.count >= 3 {
      let name = word.lowercased()
      guard let month = months.firstIndex(where: { $0 == name || $0.prefix(3) == name }) else {
        continue
      }
      let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
      let before = text[..<word.startIndex]
      return (before + number + text[word.endIndex...], before.count)
    }
    return (text, nil)
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  private mutating func append(_ digits: String) {
    digitCounts.append(digits.count)
    values.append(Int(digits) ?? Int.max)
  }

  /// What fits every text.
  static func guess(_ texts: [String]) -> Inspection.TimeGuess? {
    guard let example = texts.first else { return nil }
    if texts.allSatisfy({ iso.microseconds(of: $0.utf8) != nil }) { return .format("iso8601") }
    let shapes = texts.compactMap(TimeShape.init)
    guard let first = shapes.first, shapes.count == texts.count,
      shapes.allSatisfy({ $0.separators == first.separators && $0.isLike(first) })
    else { return .unknown(example) }
    return first.guess(shapes) ?? .unknown(example)
  }

  private static let iso = TimeSyntax(steps: [.field(.iso)], zoneOffsetSeconds: 0)

  private func isLike(_ other: TimeShape) -> Bool {
    digitCounts.count == other.digitCounts.count && suffix.isEmpty == other.suffix.isEmpty
      && namedMonth == other.namedMonth
      && (digitCounts[0] > 2) == (other.digitCounts[0] > 2)
  }

  private func guess(_ shapes: [TimeShape]) -> Inspection.TimeGuess? {
    guard let digits = digitCounts.first else { return nil }
    switch (digitCounts.count, digits) {
    case (1, 8): return shapes.allSatisfy(\.isWholeDay) ? .format("%Y%m%d") : nil
    case (1, 9...10): return .format("epoch_seconds")
    case (1, 12...13): return .format("epoch_milliseconds")
    case (3..., 4): return yearFirst(shapes)
    case (3..., 1...2): return yearLast(shapes)
    default: return nil
    }
  }

  /// Whether eight digits are a day such as 20101231.
  private var isWholeDay: Bool {
    digitCounts == [8] && suffix.isEmpty && (1900...2199).contains(values[0] / 10_000)
      && (1...12).contains(values[0] / 100 % 100) && (1...31).contains(values[0] % 100)
  }

  private func yearFirst(_ shapes: [TimeShape]) -> Inspection.TimeGuess? {
    let month = namedMonth == nil ? "%m" : "%b"
    guard namedMonth ?? 1 == 1 else { return nil }
    return clock.map { .format("%Y\(separators[1])\(month)\(separators[2])%d\($0)") }
  }

  private func yearLast(_ shapes: [TimeShape]) -> Inspection.TimeGuess? {
    guard let clock else { return nil }
    let year = digitCounts[2] == 4 ? "%Y" : "%y"
    if let namedMonth {
      guard namedMonth < 2 else { return nil }
      let day = namedMonth == 1 ? ["%d", "%b"] : ["%b", "%d"]
      return .format("\(day[0])\(separators[1])\(day[1])\(separators[2])\(year)\(clock)")
    }
    let dayFirst = "%d\(separators[1])%m\(separators[2])\(year)\(clock)"
    let monthFirst = "%m\(separators[1])%d\(separators[2])\(year)\(clock)"
    let firstIsDay = shapes.contains { $0.values[0] > 12 }
    let secondIsDay = shapes.contains { $0.values[1] > 12 }
    switch (firstIsDay, secondIsDay) {
    case (true, false): return .format(dayFirst)
    case (false, true): return .format(monthFirst)
    case (false, false): return .ambiguous(dayFirst: dayFirst, monthFirst: monthFirst)
    case (true, true): return nil
    }
  }

  /// The pattern behind the date; nil where the rest is no time of day.
  private var clock: String? {
    let isHalfDay = suffix.lowercased().hasSuffix("m")
    let steps = [isHalfDay ? "%I" : "%H", "%M", "%S", "%f"]
    guard separators.count <= 3 + steps.count, separators.count != 4 else { return nil }
    let marks = Array(separators.dropFirst(3))
    guard marks.first.map({ !$0.contains("+") && $0 != "-" }) ?? true,
      marks.dropFirst().allSatisfy({ [":", ".", ","].contains($0) })
    else { return nil }
    let parts = zip(marks, steps).map { $0 + $1 }
    guard suffix.isEmpty || isHalfDay else { return nil }
    return parts.joined() + (isHalfDay ? (suffix.hasPrefix(" ") ? " %p" : "%p") : "")
  }
}
