extension Instant {
  /// The moment of `2011-12-10`, `2011-12-10 08:26`, `2011-12-10T08:26:00` or with a fraction.
  public init?(text: some StringProtocol) {
    let halves = Substring(text).split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 == "T" || $0 == " "
    }
    guard let date = halves.first, let day = Self.day(date) else { return nil }
    guard halves.count == 2 else {
      self = day.start
      return
    }
    guard let sinceMidnight = Self.microseconds(halves[1]) else { return nil }
    self.init(microseconds: day.start.microseconds + sinceMidnight)
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
