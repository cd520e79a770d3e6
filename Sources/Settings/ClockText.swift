internal import Tables

/// Moments and zones as people type them in settings.
enum ClockText {
  /// Seconds east of UTC of `UTC`, `Z`, `+01:00`, `-0530` or `+2`; nil for everything else.
  static func zoneOffsetSeconds(_ text: String) -> Int? {
    if ["UTC", "Z", "utc"].contains(text) { return 0 }
    guard let sign = text.first, "+-".contains(sign) else { return nil }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits) else {
      return nil
    }
    let (hours, minutes) = digits.count <= 2 ? (number, 0) : (number / 100, number % 100)
    guard digits.count <= 4, hours <= 14, minutes < 60 else { return nil }
    return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  /// The moment of `2011-12-10`, `2011-12-10 08:26`, `2011-12-10T08:26:00` or with a fraction.
  static func instant(_ text: String) -> Instant? {
    let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 == "T" || $0 == " "
    }
    guard let date = halves.first, let day = day(date) else { return nil }
    guard halves.count == 2 else { return day.start }
    return microseconds(halves[1]).map {
      Instant(microseconds: day.start.microseconds + $0)
    }
  }

  private static func day(_ text: Substring) -> Day? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4,
      let year = digits(parts[0]), let month = digits(parts[1]), let dayOfMonth = digits(parts[2])
    else { return nil }
    return Day(year: year, month: month, dayOfMonth: dayOfMonth)
  }

  private static func microseconds(_ clock: Substring) -> Int64? {
    let halves = clock.split(separator: ".", omittingEmptySubsequences: false)
    let fields = halves[0].split(separator: ":", omittingEmptySubsequences: false)
    let parts = fields.compactMap { digits($0) }
    guard parts.count == fields.count, (2...3).contains(parts.count) else { return nil }
    guard parts[0] < 24, parts.allSatisfy({ $0 < 60 }) else { return nil }
    let seconds = parts[0] * 3600 + parts[1] * 60 + (parts.count == 3 ? parts[2] : 0)
    guard halves.count == 2 else { return halves.count == 1 ? Int64(seconds) * 1_000_000 : nil }
    let padded = halves[1] + String(repeating: "0", count: max(0, 6 - halves[1].count))
    guard padded.count == 6, let fraction = digits(padded) else { return nil }
    return Int64(seconds) * 1_000_000 + Int64(fraction)
  }

  private static func digits(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}
