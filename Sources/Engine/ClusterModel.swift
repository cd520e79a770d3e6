internal import Clusters
public import Features
internal import Kernels
internal import Readers
public import Tables
internal import Writers

/// Clusters that can be applied to rows which they were not fitted on: what `model.json` holds.
public struct ClusterModel: Equatable, Sendable {
  /// What the file says it is.
  static let format = "tranche.model/1"

  /// Names of the matrix's columns, which the centroids have, too.
  public var columns: [String]
  /// What recency, frequency and money mean; nil for a model of a matrix.
  public var definition: RFMDefinition?
  /// How the columns are made of them; nil for a model of a matrix.
  public var features: FeatureModel?
  /// The clusters' ids and labels, by rank.
  public var names: [GroupName]
  /// `names.count` × `columns.count` centroids, row-major, in the space of the matrix.
  public var centroids: [Double]
  /// The largest number that a cluster's id has ever had, so that none stands for two clusters.
  public var lastNumber: Int

  /// Names the parts of a model.
  public init(
    columns: [String],
    definition: RFMDefinition? = nil,
    features: FeatureModel? = nil,
    names: [GroupName],
    centroids: [Double],
    lastNumber: Int? = nil
  ) {
    precondition(centroids.count == names.count * columns.count, "centroids are not k × d")
    self.columns = columns
    self.definition = definition
    self.features = features
    self.names = names
    self.centroids = centroids
    let known = names.map { Self.number(ofID: $0.id) ?? 0 }.max() ?? 0
    self.lastNumber = max(lastNumber ?? 0, known)
  }

  /// Reads a model.
  ///
  /// - Parameter path: A `model.json`, or the folder of a run or a fit that holds one.
  /// - Returns: Everything that gives rows their clusters.
  /// - Throws: ``RunError`` with a ``ModelError`` or with what the system refuses.
  public static func read(_ path: String) throws(RunError) -> ClusterModel {
    try ModelFile(path).model()
  }

  /// The number in an id such as `cluster_3`; nil for other ids.
  static func number(ofID id: String) -> Int? {
    guard id.hasPrefix("cluster_") else { return nil }
    return Int(id.dropFirst("cluster_".count))
  }
}

/// What a model says of some rows.
struct ModelAssignment: Sendable {
  /// For each row the rank of its cluster.
  let labels: [UInt16]
  /// For each row the squared distance to its centroid, in the space of the matrix.
  let squaredDistances: [Double]
  /// The clusters, and who is in them.
  let grouping: Grouping

  /// Sum of the squared distances, over blocks that the rows' places fix.
  func inertia(workers: Workers) -> Double {
    ColumnFigures(squaredDistances, workers: workers).sum()
  }
}

extension ClusterModel {
  /// Labels rows by their nearest centroids; each by itself, so that other rows change nothing.
  func assign(_ matrix: FeatureMatrix, workers: Workers) -> ModelAssignment {
    let nearest = NearestCentroids(centroids, columnCount: columns.count)
    let (labels, squaredDistances) = nearest.assign(matrix, workers: workers)
    return ModelAssignment(
      labels: labels,
      squaredDistances: squaredDistances,
      grouping: Grouping(names: names, indices: labels)
    )
  }
}
