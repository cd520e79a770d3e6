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
  /// Whether it came to rest before the limits on rounds and time.
  public var converged: Bool
  /// Whether time ran out before it came to rest; results may then differ from run to run.
  public var isOutOfTime = false
}

/// One assign–update round of a run, for its record.
public struct ClusterRound: Hashable, Sendable {
  /// Counted from 1.
  public var round: Int
  /// Wall seconds of the pass, which all starts that are still moving share.
  public var seconds: Double
  /// Sum of squared distances to the centroids that the round began with, in squared feature units.
  ///
  /// The same for every engine, for it follows from the sums by label and the rows' total sum of
  /// squares: what cancels there leaves an error of up to 10⁻⁵ (float32) or 10⁻¹³ (float64) of that
  /// total.
  public var inertia: Double
  /// Pairs of row and centroid whose distance was computed, each counted once.
  public var distancesComputed: Int
  /// Pairs of row and centroid that were decided without: bounds, or an equal row.
  public var distancesSkipped: Int
  /// Sum over the centroids of their squared shifts, in squared feature units.
  public var squaredShift: Double
}

/// A clustering, and what it was chosen from.
public struct SweepResult: Sendable {
  /// The clustering that was chosen.
  public var best: Clustering
  /// Figures for each number of clusters tried, ascending.
  public var quality: [ClusterQuality]
  /// The best run for each number of clusters tried, ascending.
  public var tried: [TriedClustering]
  /// For each number of clusters tried the rounds of the best run on all rows.
  public var histories: [[ClusterRound]]
  /// The share of rows whose distances were saved because another row is equal; nil without collapse.
  public var collapsedShare: Double?
  /// What the method says of the clustering that was chosen; nil for k-means.
  public var method: MethodReport?
  /// What else was found out about the numbers of clusters, and what settled it.
  public var choice: ClusterChoice
  /// The largest number of clusters asked for.
  public var requestedCount: Int
  /// Distinct rows found, counted no further than `requestedCount`.
  public var distinctRows: Int

  /// Whether there were too few distinct rows for the clusters asked for.
  public var isReduced: Bool { distinctRows < requestedCount }
}
