/// A cluster of a model that was fitted or applied.
public struct ModelClusterReport: Hashable, Sendable {
  /// Its id in paths and columns.
  public var id: String
  /// Its name for people.
  public var label: String
  /// Rows in it.
  public var rows: Int
  /// Of all rows, 0 to 1.
  public var share: Double
  /// Means of its rows, one a column of ``ModelReport/meanNames``; nil in an empty cluster.
  public var means: [Double]?
  /// Mean squared distance of its rows to its centroid; nil in an empty cluster.
  public var meanSquaredDistance: Double?
  /// Squared distance to the centroid of the previous model that has its id; nil without one.
  public var matchingCost: Double?
}

/// What `fit` and `assign` found and used.
public struct ModelReport: Sendable {
  /// What the rows are: `customers` or `rows`.
  public var rowKind = "rows"
  /// Rows.
  public var rowCount = 0
  /// Names of what the clusters' means are of.
  public var meanNames: [String] = []
  /// Clusters by rank.
  public var clusters: [ModelClusterReport] = []
  /// Sum of the squared distances of the rows to their centroids.
  public var inertia = 0.0
  /// Whether a fit was matched with a previous model.
  public var isMatched = false
  /// The sum of all matches' squared distances.
  public var totalMatchingCost = 0.0
  /// Ids that continue none of the previous model.
  public var newIDs: [String] = []
  /// Ids of the previous model that are no more.
  public var goneIDs: [String] = []
  /// The published folder.
  public var output = ""
  /// Files in it that the manifest lists.
  public var fileCount = 0
  /// Bytes of those files.
  public var byteCount: UInt64 = 0
  /// Things a user should know.
  public var warnings: [String] = []
}
