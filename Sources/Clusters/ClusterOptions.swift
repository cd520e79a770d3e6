/// What finds the nearest centroid of each row.
///
/// All engines give the same bits.
public enum ClusterEngine: String, Hashable, Sendable, CaseIterable {
  /// The rule on (n, d, k) in `EngineRule.swift`.
  case auto
  /// Tiles of a matrix product on centred data; for many columns.
  case blas
  /// Distance, nearest and update in one pass, SIMD over rows; for few columns.
  case fused
  /// Tiles of a product of our own, selected from while they are in registers; for many columns.
  case tile
}

/// The precision that distances are computed in.
public enum ClusterPrecision: String, Hashable, Sendable, CaseIterable {
  /// 32 bits: half the time and memory.
  case float32
  /// 64 bits.
  case float64
}

/// How many clusters there are.
public enum ClusterCount: Hashable, Sendable {
  /// So many.
  case fixed(Int)
  /// The best of a range by simplified silhouette; all are reported.
  case sweep(ClosedRange<Int>)
}

/// How customers are clustered.
public struct ClusterOptions: Hashable, Sendable {
  /// How many clusters; at least 1 each.
  public var count: ClusterCount = .sweep(2...8)
  /// Independent starts, of which the lowest inertia wins, ties to the first; at least 1.
  public var starts = 10
  /// The most assign–update rounds of each start; at least 1.
  public var maxRounds = 300
  /// Rest is a squared centroid shift of at most this × mean variance of the columns; at least 0.
  public var tolerance = 1e-4
  /// Every random choice comes from this.
  public var seed: UInt64 = 0
  /// What finds the nearest centroids.
  public var engine: ClusterEngine = .auto
  /// The precision of distances.
  public var precision: ClusterPrecision = .float64
  /// Customer keys whose rows are the starting centroids, in the order of the labels.
  ///
  /// They replace the seeding, the starts and the sweep. Empty for seeding.
  public var startCustomers: [String] = []

  /// The defaults.
  public init() {}
}
