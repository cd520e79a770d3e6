internal import Clusters
internal import Features
internal import Kernels
internal import Tables
internal import Writers

/// A model as it came out of a clustering.
struct FittedModel: Sendable {
  /// The model, with the ids of the previous one where there is one.
  let model: ClusterModel
  /// Every number of clusters that was tried.
  let sweep: SweepResult
  /// How the ids continue those of the previous model; nil without one.
  let matching: ModelMatching?

  init(
    _ subject: ModelSubject,
    plan: ModelPlan,
    previous: PreviousModel?,
    workers: Workers
  ) throws(RunError) {
    let method = plan.clusters.method
    try running(.clusters) { () throws(ModelError) in
      guard method.isByCentroids else { throw .methodNotFitted(method: method.rawValue) }
    }
    let startRows = try Self.startRows(subject, plan.clusters.startCustomers)
    let result = try running(.clusters) { () throws(ClusterError) in
      try KMeans.fit(
        subject.matrix,
        options: plan.clusters,
        startRows: startRows,
        workers: workers
      )
    }
    sweep = result
    var model = Self.ranked(result, subject)
    matching = try previous?.matching(model)
    if let matching {
      model.names = zip(model.names, matching.ids).map { name, id in
        GroupName(id: id, label: subject.customers == nil ? Self.label(ofID: id) : name.label)
      }
      model.lastNumber = matching.lastNumber
    }
    self.model = model
  }

  /// Customers by value, with the names of tiers; other rows by the clusters' sizes, the largest first.
  private static func ranked(_ result: SweepResult, _ subject: ModelSubject) -> ClusterModel {
    if let customers = subject.customers, let features = subject.features,
      let definition = subject.definition
    {
      let ranked = RankedClusters(result, rfm: customers.rfm)
      return ranked.model(features, definition: definition)
    }
    let (clustering, columns) = (result.best, result.best.columnCount)
    var counts = [Int](repeating: 0, count: clustering.clusterCount)
    for label in clustering.labels { counts[Int(label)] += 1 }
    let order = counts.indices.sorted {
      counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1]
    }
    let ids = counts.indices.map { "cluster_\($0 + 1)" }
    return ClusterModel(
      columns: subject.matrix.names,
      names: ids.map { GroupName(id: $0, label: label(ofID: $0)) },
      centroids: order.flatMap { clustering.centroids[$0 * columns..<($0 + 1) * columns] }
    )
  }

  /// `Cluster 3` for `cluster_3`.
  private static func label(ofID id: String) -> String {
    ClusterModel.number(ofID: id).map { "Cluster \($0)" } ?? id
  }

  private static func startRows(
    _ subject: ModelSubject,
    _ keys: [String]
  ) throws(RunError) -> [Int] {
    var rows: [Int] = []
    for key in keys {
      let row = subject.customers?.table.row(of: Array(key.utf8)) ?? subject.ids.firstIndex(of: key)
      guard let row else {
        throw RunError(stage: .clusters, cause: UnknownStartCustomer(key: key))
      }
      rows.append(row)
    }
    return rows
  }
}

/// `model.json` of a fit.
struct FitDocument {
  let outcome: ModelOutcome
  let fitted: FittedModel

  var json: JSONValue {
    let model = fitted.model
    var members: [(String, JSONValue)] = [
      ("format", .string(ClusterModel.format)), ("tranche", .string(Release.version)),
    ]
    if let definition = model.definition { members.append(("rfm", definition.json)) }
    members.append(("columns", .array(model.columns.map { .string($0) })))
    if let features = model.features { members.append(("features", features.json)) }
    members.append(("clusters", .array(model.names.indices.map { cluster($0) })))
    members.append(("method", .string(outcome.plan.clusters.method.rawValue)))
    members.append(("last_number", .int(model.lastNumber)))
    if let matching = fitted.matching { members.append(("matching", matching.json)) }
    members.append(("inertia", .double(fitted.sweep.best.inertia)))
    members.append(("sweep", fitted.sweep.json))
    members.append(("seed", .count(outcome.plan.clusters.seed)))
    return .members(members)
  }

  /// What made the model, for the manifest.
  var definitions: JSONValue {
    let subject = outcome.subject
    var members: [(String, JSONValue)] = []
    if let definition = subject.definition { members.append(("rfm", definition.json)) }
    if let rfm = subject.customers?.rfm { members.append(("as_of", .string("\(rfm.asOf)"))) }
    let rank =
      subject.customers == nil ? "rows" : "mean money, then mean frequency, then mean recency"
    members.append(("clusters", outcome.plan.clusters.json(rank: rank)))
    return .members(members)
  }

  private func cluster(_ rank: Int) -> JSONValue {
    let (model, columns) = (fitted.model, fitted.model.columns.count)
    let centroid = Array(model.centroids[rank * columns..<(rank + 1) * columns])
    var members: [(String, JSONValue)] = [
      ("id", .string(model.names[rank].id)), ("label", .string(model.names[rank].label)),
      ("rank", .int(rank + 1)), (outcome.rowKind, .int(outcome.figures.counts[rank])),
      ("centroid", .numbers(centroid)),
    ]
    if let features = model.features {
      let names = features.axes.map { "centroid_\($0.axis.rawValue)" }
      members += zip(names, features.invert(centroid)).map { ($0, .double($1)) }
    }
    return .members(members)
  }
}
