internal import Kernels

/// The natural logarithm with the same bits on every machine, which the C library's need not have.
///
/// −∞ for 0, ∞ for ∞, NaN below 0.
func portableLog(_ value: Double) -> Double {
  guard value > 0 else { return value == 0 ? -.infinity : .nan }
  guard value < .infinity else { return value }
  // value = 2^exponent × significand, the significand in 1..<2.
  let significand = signedLog1p([value.significand - 1])[0]
  return Double(value.exponent) * 0.693147180559945309417 + significand
}
