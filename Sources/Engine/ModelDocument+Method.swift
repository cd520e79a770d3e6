internal import Clusters
internal import Tables
internal import Writers

extension ModelDocument {
  /// How the clusters were made, and what the method says of them besides centroids.
  func method(_ clusters: RankedClusters) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("method", .string(plan.clusters.method.rawValue))]
    guard let report = clusters.sweep.method else { return members }
    members.append(("objective", .double(report.objective)))
    if report.method == .trimmed {
      let ids = findings.ledger.customers.ids(ofRows: report.trimmedRows)
      members.append(("trimmed_customers", .array(ids.map { .string($0) })))
    }
    if let mixture = report.mixture?.reordered(clusters.order) {
      members.append(("mixture", Self.mixture(mixture, clusters.grouping)))
    }
    return members
  }

  /// Components in the order of the clusters; covariances are d × d, row by row.
  private static func mixture(_ model: MixtureModel, _ grouping: Grouping) -> JSONValue {
    let area = model.covariances.count / max(1, model.weights.count)
    return .members([
      ("log_likelihood", .double(model.logLikelihood)), ("bic", .double(model.bic)),
      (
        "components",
        .array(
          model.weights.indices.map { index in
            let covariance = model.covariances[index * area..<(index + 1) * area]
            return .members([
              ("id", .string(grouping.names[index].id)), ("weight", .double(model.weights[index])),
              ("covariance", .numbers(Array(covariance))),
            ])
          }
        )
      ),
    ])
  }
}

extension CustomerBatches {
  /// The ids of some customers, given by ascending rows.
  fileprivate func ids(ofRows rows: [Int]) -> [String] {
    var ids: [String] = []
    var batch: (index: Int, keys: KeyColumn)?
    for row in rows {
      let (index, offset) = row.quotientAndRemainder(dividingBy: batchRows)
      if batch?.index != index { batch = (index, self.batch(at: index).keys) }
      guard let keys = batch?.keys else { continue }
      ids.append(String(decoding: keys[offset], as: UTF8.self))
    }
    return ids
  }
}
