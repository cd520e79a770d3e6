/// Customers assigned to clusters, and how that came about.
public struct Clustering: Sendable {
  /// For each row the index of its cluster in `0..<clusterCount`.
  public var labels: [UInt16]
  /// `clusterCount` × `columnCount` centroids, row-major, in the space of the feature matrix.
  public var centroids: [Double]
  /// Clusters.
  public var clusterCount: Int
  /// Features.
  public var columnCount: Int
  /// Sum of squared distances of the rows to their centroids, in squared feature units.
  public var inertia: Double
  /// Assign–update rounds done.
  public var rounds: Int
  /// Whether it came to rest before the limit on rounds.
  public var converged: Bool
  /// Which engine did it, such as `fused`.
  public var engine: String

  /// Names the result of a clustering.
  public init(
    labels: [UInt16],
    centroids: [Double],
    clusterCount: Int,
    columnCount: Int,
    inertia: Double,
    rounds: Int,
    converged: Bool,
    engine: String
  ) {
    precondition(centroids.count == clusterCount * columnCount, "centroids are not k × d")
    self.labels = labels
    self.centroids = centroids
    self.clusterCount = clusterCount
    self.columnCount = columnCount
    self.inertia = inertia
    self.rounds = rounds
    self.converged = converged
    self.engine = engine
  }
}

/// Quality of one clustering; each is defined for two clusters or more and NaN otherwise.
public struct ClusterQuality: Hashable, Sendable {
  /// Clusters.
  public var clusterCount: Int
  /// Sum of squared distances to the centroids; lower is tighter.
  public var inertia: Double
  /// Between- over within-cluster dispersion; higher is better (Caliński and Harabasz, 1974).
  public var calinskiHarabasz: Double
  /// Mean over clusters of the worst similarity to another; lower is better (Davies and Bouldin, 1979).
  public var daviesBouldin: Double
  /// Mean over rows of (b − a) / max(a, b), distances taken to centroids; higher is better.
  public var simplifiedSilhouette: Double

  /// Names the figures of one clustering.
  public init(
    clusterCount: Int,
    inertia: Double,
    calinskiHarabasz: Double,
    daviesBouldin: Double,
    simplifiedSilhouette: Double
  ) {
    self.clusterCount = clusterCount
    self.inertia = inertia
    self.calinskiHarabasz = calinskiHarabasz
    self.daviesBouldin = daviesBouldin
    self.simplifiedSilhouette = simplifiedSilhouette
  }
}
