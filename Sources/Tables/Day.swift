/// A day of the proleptic Gregorian calendar, counted from 1970-01-01.
public struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01; negative before it.
  public var number: Int32

  /// Wraps a count of days.
  public init(number: Int32) {
    self.number = number
  }

  /// The day with these calendar fields, or nil where the calendar has none such.
  ///
  /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
  public init?(year: Int, month: Int, dayOfMonth: Int) {
    guard (1...12).contains(month), dayOfMonth >= 1,
      dayOfMonth <= Self.length(ofMonth: month, year: year)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dayOfMonth - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  /// Midnight at the beginning of this day.
  public var start: Instant {
    Instant(microseconds: Int64(number) * Instant.microsecondsPerDay)
  }

  /// Year, month 1 to 12 and day of month 1 to 31.
  ///
  /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
  public var civil: (year: Int, month: Int, dayOfMonth: Int) {
    let shifted = Int(number) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// Orders days by time.
  public static func < (left: Day, right: Day) -> Bool {
    left.number < right.number
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}

extension Day: CustomStringConvertible {
  /// ISO 8601, `2011-12-09`.
  public var description: String {
    let (year, month, dayOfMonth) = civil
    let digits = String(year.magnitude)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let date = [month, dayOfMonth].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
    return "\(year < 0 ? "-" : "")\(padded)-\(date)"
  }
}
