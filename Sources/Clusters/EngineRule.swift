internal import Kernels

extension ClusterEngine {
  /// Up to so many columns the direct kernel wins whatever the number of clusters.
  static let fewColumns = 16

  /// The engine that does the work: the one asked for, or for `auto` the faster by measurement.
  ///
  /// The rule knows sizes alone, never the clock, and both engines give the same bits.
  func resolved(rows: Int, columns: Int, clusters: Int) -> ClusterEngine {
    guard self == .auto else { return self }
    return columns <= Self.fewColumns ? .fused : .blas
  }
}
