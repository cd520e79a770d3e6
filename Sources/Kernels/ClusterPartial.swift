/// What a pass over some rows adds up for one set of centroids.
public struct ClusterPartial: Equatable, Sendable {
  /// k × d: the rows of each label added up, times their weights, row-major.
  public var sums: [Double]
  /// The rows of each label; where there are weights, those with a weight above 0.
  public var counts: [Int64]
  /// The weights of the rows of each label; empty where all weights are 1.
  public var masses: [Double]
  /// Squared distances to the nearest centroids, times the rows' weights.
  public var inertia = 0.0

  /// Nothing yet.
  public init(clusterCount: Int, columnCount: Int, isWeighted: Bool = false) {
    sums = Array(repeating: 0, count: clusterCount * columnCount)
    counts = Array(repeating: 0, count: clusterCount)
    masses = Array(repeating: 0, count: isWeighted ? clusterCount : 0)
  }

  /// The weight of all rows of one label.
  public func mass(_ cluster: Int) -> Double {
    masses.isEmpty ? Double(counts[cluster]) : masses[cluster]
  }

  /// Adds the figures of the rows that follow.
  public mutating func add(_ next: ClusterPartial) {
    for index in sums.indices { sums[index] += next.sums[index] }
    for index in counts.indices { counts[index] += next.counts[index] }
    for index in masses.indices { masses[index] += next.masses[index] }
    inertia += next.inertia
  }
}

/// What a quality pass over some rows adds up.
public struct QualityPartial: Equatable, Sendable {
  /// For each cluster the distances of its rows to its centroid.
  public var spreads: [Double]
  /// The simplified silhouettes of all rows.
  public var silhouette = 0.0

  /// Nothing yet.
  public init(clusterCount: Int) {
    spreads = Array(repeating: 0, count: clusterCount)
  }

  /// Adds the figures of the rows that follow.
  public mutating func add(_ next: QualityPartial) {
    for index in spreads.indices { spreads[index] += next.spreads[index] }
    silhouette += next.silhouette
  }
}
