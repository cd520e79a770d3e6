/// A moment on the ledger's own clock: microseconds since 1970-01-01T00:00:00 in the ledger's zone.
///
/// Text without a zone is never converted, so the clock is the one that the ledger was written by.
public struct Instant: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00 of the ledger's clock; negative before it.
  public var microseconds: Int64

  /// A day of exactly 24 hours, in microseconds.
  public static let microsecondsPerDay: Int64 = 86_400_000_000

  /// Wraps a count of microseconds.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// The calendar day that holds this moment.
  public var day: Day {
    let (quotient, remainder) = microseconds.quotientAndRemainder(
      dividingBy: Self.microsecondsPerDay
    )
    return Day(number: Int32(truncatingIfNeeded: remainder < 0 ? quotient - 1 : quotient))
  }

  /// Orders moments by time.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.microseconds < right.microseconds
  }
}

extension Instant: CustomStringConvertible {
  /// ISO 8601 without a zone, `2011-12-09T12:50:00`, with microseconds only where there are any.
  public var description: String {
    // Wrapping: midnight of the first day that 64 bits reach into is out of their range.
    let sinceMidnight = microseconds &- Int64(day.number) &* Self.microsecondsPerDay
    let (seconds, fraction) = sinceMidnight.quotientAndRemainder(dividingBy: 1_000_000)
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60]
      .map { $0 < 10 ? "0\($0)" : "\($0)" }
      .joined(separator: ":")
    guard fraction != 0 else { return "\(day)T\(clock)" }
    let digits = String(fraction)
    return "\(day)T\(clock).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
  }
}
