internal import Glibc

/// sign(x) · log(1 + |x|): a logarithm that takes zero and negative amounts.
public func signedLog1p(_ value: Double) -> Double {
  value < 0 ? -log1p(-value) : log1p(value)
}

/// sign(x) · (e^|x| − 1), the inverse of ``signedLog1p(_:)``.
public func signedExpm1(_ value: Double) -> Double {
  value < 0 ? -expm1(-value) : expm1(value)
}
