internal import Kernels

extension ClusterEngine {
  /// Up to so many columns the direct kernel wins, above it the matrix product.
  ///
  /// Nanoseconds a row, fused and blas, on Zen 5 with AVX-512:
  ///
  /// | columns × clusters | float32 | float64 |
  /// |---|---|---|
  /// | 3 × 8 | 0.6, 2.3 | 1.2, 5.6 |
  /// | 8 × 32 | 6.9, 9.3 | 18, 23 |
  /// | 16 × 16 | 7.4, 7.3 | 21, 21 |
  /// | 16 × 128 | 36, 37 | 67, 64 |
  /// | 24 × 32 | 21, 20 | 44, 42 |
  /// | 64 × 16 | 35, 24 | 100, 62 |
  /// | 64 × 256 | 322, 296 | 621, 519 |
  /// | 128 × 64 | 227, 213 | 706, 355 |
  private static let fewColumns = 16

  /// The engine that does the work: the one asked for, or for `auto` the faster by measurement.
  ///
  /// The number of clusters hardly moves the border, nor does that of the rows.
  func resolved(columnCount: Int) -> NearestEngine {
    switch self {
    case .fused: .fused
    case .blas: .blas
    case .auto: columnCount <= Self.fewColumns ? .fused : .blas
    }
  }
}
