public import Tables

/// The best run for one number of clusters.
public struct TriedClustering: Equatable, Sendable {
  /// Clusters.
  public var clusterCount: Int
  /// `clusterCount` × columns, row-major, in the space of the feature matrix.
  public var centroids: [Double]
  /// Sum of squared distances of the rows to their centroids.
  public var inertia: Double
  /// Assign–update rounds done.
  public var rounds: Int
  /// Whether it came to rest before the limit on rounds.
  public var converged: Bool
}

/// A clustering, and what it was chosen from.
public struct SweepResult: Sendable {
  /// The clustering that was chosen.
  public var best: Clustering
  /// Figures for each number of clusters tried, ascending.
  public var quality: [ClusterQuality]
  /// The best run for each number of clusters tried, ascending.
  public var tried: [TriedClustering]
  /// The largest number of clusters asked for.
  public var requestedCount: Int
  /// Distinct rows found, counted no further than `requestedCount`.
  public var distinctRows: Int

  /// Whether there were too few distinct rows for the clusters asked for.
  public var isReduced: Bool { distinctRows < requestedCount }
}
