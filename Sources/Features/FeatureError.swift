/// Why features could not be made.
public enum FeatureError: Error, Equatable, Sendable {
  /// A value is NaN, infinite, or becomes so by the transform.
  case notFinite(row: Int, column: String)
  /// An option has a value that makes no sense.
  case badOption(key: String, value: String, allowed: String)
  /// OpenBLAS was built without threads and gives wrong products when workers call it at once.
  case serialBLAS
  /// LAPACK found no principal components.
  case noPrincipalComponents
}

extension FeatureError: CustomStringConvertible {
  /// Where, what, and which setting mends it.
  public var description: String {
    switch self {
    case .notFinite(let row, let column):
      "row \(row), column '\(column)': not a finite number after the transform; "
        + "change `features.\(column).transform`"
    case .badOption(let key, let value, let allowed):
      "`\(key)`: \(value) is not allowed; give \(allowed)"
    case .serialBLAS:
      "OpenBLAS was built without threads; install libopenblas0-pthread or leave "
        + "`features.principal_components` out"
    case .noPrincipalComponents:
      "the covariance matrix has no principal components; leave "
        + "`features.principal_components` out"
    }
  }
}
