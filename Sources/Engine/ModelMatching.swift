internal import Clusters
internal import Features
internal import Tables
internal import Writers

/// Which cluster continues which of a previous model, and what that costs.
struct ModelMatching: Sendable {
  /// For each rank the cluster's id.
  let ids: [String]
  /// For each rank the squared distance to the previous centroid; nil for a new cluster.
  let squaredDistances: [Double?]
  /// Ids of the previous model that no cluster has any more.
  let gone: [String]
  /// The largest number that an id has ever had.
  let lastNumber: Int
  /// The SHA-256 of the previous model.
  let digest: String

  /// Gives new clusters the ids of a previous model at the least total squared distance between their
  /// centroids, in the previous model's space.
  ///
  /// A cluster without a partner gets the next number that no cluster has ever had.
  ///
  /// - Throws: ``ModelError/unmatchable(previous:reason:)`` for models of different columns or meanings.
  init(
    _ model: ClusterModel,
    previous: ClusterModel,
    path: String,
    digest: String
  ) throws(ModelError) {
    let centroids = try Self.centroids(of: model, in: previous, path: path)
    let matching = CentroidMatching(
      new: centroids,
      old: previous.centroids,
      columnCount: previous.columns.count
    )
    let old = previous.names.map(\.id)
    var last = previous.lastNumber
    ids = matching.partners.map { partner in
      if let partner { return old[partner] }
      repeat { last += 1 } while old.contains("cluster_\(last)")
      return "cluster_\(last)"
    }
    squaredDistances = matching.squaredDistances
    gone = matching.gone.map { old[$0] }
    lastNumber = last
    self.digest = digest
  }

  /// A model's centroids in the space of another, by way of days, orders and money where they differ.
  static func centroids(
    of model: ClusterModel,
    in previous: ClusterModel,
    path: String
  ) throws(ModelError) -> [Double] {
    guard let features = model.features, let old = previous.features else {
      guard model.features == nil, previous.features == nil, model.columns == previous.columns
      else {
        throw .unmatchable(previous: path, reason: "it is of other columns")
      }
      return model.centroids
    }
    guard model.definition == previous.definition else {
      throw .unmatchable(
        previous: path,
        reason: "recency, frequency or money mean something else there"
      )
    }
    guard features != old else { return model.centroids }
    let axes = features.axes.map(\.axis)
    let order = old.axes.map { axes.firstIndex(of: $0.axis) }
    guard axes.count == order.count, order.allSatisfy({ $0 != nil }) else {
      throw .unmatchable(previous: path, reason: "it is of other axes")
    }
    let points = features.invert(model.centroids)
    let centroids = stride(from: 0, to: points.count, by: axes.count).flatMap { begin in
      old.features(ofPoints: order.compactMap(\.self).map { points[begin + $0] })
    }
    guard centroids.allSatisfy(\.isFinite) else {
      throw .unmatchable(previous: path, reason: "a centroid is beyond the doubles in its space")
    }
    return centroids
  }

  /// What the matches cost, each and together.
  var totalSquaredDistance: Double { squaredDistances.reduce(0) { $0 + ($1 ?? 0) } }

  /// Ids of clusters that continue none.
  var new: [String] { zip(ids, squaredDistances).filter { $1 == nil }.map(\.0) }

  var json: JSONValue {
    .members([
      ("previous_model_sha256", .string(digest)),
      ("space", "the previous model's features"),
      ("total_squared_distance", .double(totalSquaredDistance)),
      (
        "matches",
        .array(
          zip(ids, squaredDistances).compactMap { id, distance in
            distance.map {
              .members([("id", .string(id)), ("squared_distance", .double($0))])
            }
          }
        )
      ),
      ("new", .array(new.map { .string($0) })), ("gone", .array(gone.map { .string($0) })),
    ])
  }
}
