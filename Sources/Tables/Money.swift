/// An exact amount: a count of the ledger's smallest unit.
///
/// The unit is a power of ten that belongs to the ledger, not to the amount: with a scale of 3 the
/// amount 2.550 is 2550 units. Sums of 2^63 rows of the largest readable amount still fit.
public struct Money: Hashable, Comparable, Sendable {
  /// The amount in units of 10^-scale.
  public var units: Int128

  /// Nothing.
  public static let zero = Money(units: 0)

  /// Wraps a count of units.
  public init(units: Int128) {
    self.units = units
  }

  /// Orders amounts by value.
  public static func < (left: Money, right: Money) -> Bool { left.units < right.units }

  /// The exact sum.
  public static func + (left: Money, right: Money) -> Money {
    Money(units: left.units + right.units)
  }

  /// The exact difference.
  public static func - (left: Money, right: Money) -> Money {
    Money(units: left.units - right.units)
  }

  /// Adds in place, exactly.
  public static func += (left: inout Money, right: Money) { left.units += right.units }

  /// The amount as a decimal number with exactly `scale` decimals, such as `-12.50`.
  public func decimalString(scale: Int) -> String {
    let digits = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    let sign = units < 0 ? "-" : ""
    guard scale > 0 else { return sign + padded }
    return "\(sign)\(padded.dropLast(scale)).\(padded.suffix(scale))"
  }

  /// The nearest double to the amount in whole currency, correctly rounded up to 2^53 units.
  public func doubleValue(scale: Int) -> Double {
    var divisor = 1.0
    for _ in 0..<scale { divisor *= 10 }
    return Double(units) / divisor
  }
}
