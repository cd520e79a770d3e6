/// What makes clusters of the rows.
public enum ClusterMethod: String, Hashable, Sendable, CaseIterable {
  /// k-means: least sum of squared distances to means, exactly.
  case kMeans = "kmeans"
  /// k-means on small random batches, for very many rows; labels are exact.
  case miniBatch = "minibatch"
  /// The cluster of largest inertia is split in two until there are k.
  case bisecting
  /// k-means of directions: rows of length 1, cosine.
  case spherical
  /// Least sum of absolute differences to medians.
  case kMedians = "kmedians"
  /// k-means that leaves a share of the farthest rows out.
  case trimmed
  /// Gaussian mixture with full covariances, by EM.
  case mixture

  /// Whether a row belongs to the nearest centroid, which is then all that a model needs to hold.
  public var isByCentroids: Bool {
    switch self {
    case .kMeans, .miniBatch, .trimmed: true
    case .bisecting, .spherical, .kMedians, .mixture: false
    }
  }
}

/// What the methods other than k-means take besides ``ClusterOptions``.
public struct FamilyOptions: Hashable, Sendable {
  /// `minibatch`: rows of a batch; at least 1.
  public var batchRows = 1024
  /// `minibatch`: stops after so many batches without a better smoothed inertia; at least 1.
  public var patience = 10
  /// `minibatch`: centroids with fewer rows than this share of the largest's are drawn anew; 0..<1.
  public var reassignShare = 0.01
  /// `trimmed`: the share of rows that are left out; 0..<1.
  public var trimShare = 0.05
  /// `mixture`: added to the diagonals of the covariances, in squared units of the matrix; at least 0.
  public var regularization = 1e-6

  /// The defaults.
  public init() {}

  /// - Throws: ``ClusterError/badOption(key:value:allowed:)`` for the first option out of range.
  func validate() throws(ClusterError) {
    func require(
      _ isGood: Bool,
      _ key: String,
      _ value: some CustomStringConvertible,
      _ allowed: String
    ) throws(ClusterError) {
      guard isGood else {
        throw .badOption(key: "clusters.\(key)", value: "\(value)", allowed: allowed)
      }
    }
    let share = "a share from 0 to below 1"
    try require(batchRows >= 1, "batch_rows", batchRows, "at least 1")
    try require(patience >= 1, "patience", patience, "at least 1")
    try require((0..<1).contains(reassignShare), "reassign_share", reassignShare, share)
    try require((0..<1).contains(trimShare), "trim_share", trimShare, share)
    try require(
      regularization >= 0 && regularization.isFinite,
      "regularization",
      regularization,
      "a finite number, at least 0"
    )
  }
}
