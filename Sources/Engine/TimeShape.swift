/// The runs of digits of a time and what stands between them.
struct TimeShape: Equatable {
  private var digitCounts: [Int] = []
  private var values: [Int] = []
  private var separators: [String] = []
  private var suffix = ""

  init?(_ text: String) {
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
  }

  private mutating func append(_ digits: String) {
    digitCounts.append(digits.count)
    values.append(Int(digits) ?? Int.max)
  }

  /// What fits every text.
  static func guess(_ texts: [String]) -> Inspection.TimeGuess? {
    guard let example = texts.first else { return nil }
    let shapes = texts.compactMap(TimeShape.init)
    guard let first = shapes.first, shapes.count == texts.count,
      shapes.allSatisfy({ $0.separators == first.separators && $0.isLike(first) })
    else { return .unknown(example) }
    return first.guess(shapes) ?? .unknown(example)
  }

  private func isLike(_ other: TimeShape) -> Bool {
    digitCounts.count == other.digitCounts.count && suffix.isEmpty == other.suffix.isEmpty
      && (digitCounts[0] > 2) == (other.digitCounts[0] > 2)
  }

  private func guess(_ shapes: [TimeShape]) -> Inspection.TimeGuess? {
    guard let digits = digitCounts.first else { return nil }
    switch (digitCounts.count, digits) {
    case (1, 8): return .format("%Y%m%d")
    case (1, 9...10): return .format("epoch_seconds")
    case (1, 12...13): return .format("epoch_milliseconds")
    case (3..., 4): return yearFirst(shapes)
    case (3..., 1...2): return yearLast(shapes)
    default: return nil
    }
  }

  private func yearFirst(_ shapes: [TimeShape]) -> Inspection.TimeGuess? {
    let isPadded = shapes.allSatisfy { $0.digitCounts.dropFirst().prefix(5).allSatisfy { $0 == 2 } }
    let isISO = separators.dropFirst().prefix(2).allSatisfy { $0 == "-" }
    if isISO, isPadded, ["", "Z"].contains(suffix) || separators.count > 6 {
      return .format("iso8601")
    }
    return clock.map { .format("%Y\(separators[1])%m\(separators[2])%d\($0)") }
  }

  private func yearLast(_ shapes: [TimeShape]) -> Inspection.TimeGuess? {
    guard let clock else { return nil }
    let year = digitCounts[2] == 4 ? "%Y" : "%y"
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
    let parts = zip(separators.dropFirst(3), steps).map { $0 + $1 }
    guard suffix.isEmpty || isHalfDay else { return nil }
    return parts.joined() + (isHalfDay ? (suffix.hasPrefix(" ") ? " %p" : "%p") : "")
  }
}
