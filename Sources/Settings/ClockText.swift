/// Zones as people type them in settings.
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
}
