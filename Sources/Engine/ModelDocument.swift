internal import Clusters
internal import Features
internal import Segments
internal import Tables
internal import Writers

/// `model.json`: everything that gives a customer's scores, tier and cluster again.
struct ModelDocument {
  let plan: Plan
  let findings: Findings
  let profiles: Profiles

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("format", .string(ClusterModel.format)), ("tranche", .string(Release.version)),
    ]
    if let features = findings.features {
      members.append(("rfm", plan.definition.json))
      members.append(("columns", .array(features.model.columnNames.map { .string($0) })))
      members.append(("features", features.model.json))
    }
    if let model = findings.segmentation?.model { members.append(("scores", scores(model))) }
    if let clusters = findings.clusters, let features = findings.features {
      members.append(("clusters", self.clusters(clusters, features.model)))
      members += method(clusters)
      members.append(("last_number", .int(clusters.lastNumber)))
      if let matching = clusters.matching { members.append(("matching", matching.json)) }
      members.append(("inertia", .double(clusters.clustering.inertia)))
      members.append(("seed", .count(plan.clusters.seed)))
    }
    return .members(members)
  }

  private func scores(_ model: ScoreModel) -> JSONValue {
    .members([
      ("recency", model.recency.occupancy), ("frequency", model.frequency.occupancy),
      ("monetary", model.monetary.occupancy), ("tier_cuts", .numbers(model.tierCuts)),
    ])
  }

  /// Means of the members, and the centroid mapped back: with a logarithm these differ.
  private func clusters(_ clusters: RankedClusters, _ model: FeatureModel) -> JSONValue {
    let columns = clusters.clustering.columnCount
    let centres = model.invert(clusters.clustering.centroids)
    // A direction has no recency of its own.
    let isDirection = plan.clusters.method == .spherical
    let names = model.axes.map { "centroid_\($0.axis.rawValue)" }
    return .array(
      profiles.clusters.indices.map { index in
        let profile = profiles.clusters[index]
        let centroid = clusters.clustering.centroids[index * columns..<(index + 1) * columns]
        let centre = centres[index * names.count..<(index + 1) * names.count]
        return .members(
          [
            ("id", .string(profile.name.id)), ("label", .string(profile.name.label)),
            ("customers", .int(profile.customers)), ("centroid", .numbers(Array(centroid))),
          ]
            + zip(names, centre).map { ($0, isDirection ? .null : .double($1)) } + [
              ("mean_recency_days", .optional(profile.meanRecencyDays)),
              ("mean_frequency", .optional(profile.meanFrequency)),
              ("mean_monetary", .optional(profile.meanMonetary)),
            ]
        )
      }
    )
  }
}

extension FeatureModel {
  /// The parameters of every axis, and of the components that replaced them.
  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("columns", .array(columnNames.map { .string($0) })),
      (
        "axes",
        .array(
          axes.map { axis in
            .members([
              ("axis", .string(axis.axis.rawValue)),
              ("transform", .string(axis.transform.rawValue)),
              ("scaling", .string(axis.scaling.rawValue)), ("centre", .double(axis.centre)),
              ("scale", .double(axis.scale)), ("weight", .double(axis.weight)),
            ])
          }
        )
      ),
    ]
    if let components = principalComponents {
      members.append(
        (
          "principal_components",
          .members([
            ("means", .numbers(components.means)), ("variances", .numbers(components.variances)),
            ("total_variance", .double(components.totalVariance)),
            ("vectors", .numbers(components.vectors)),
          ])
        )
      )
    }
    return .members(members)
  }
}

extension RFMDefinition {
  /// What the three mean, by the names that settings have for it.
  var json: JSONValue {
    .members([
      ("recency", .string(recency.rawValue)), ("frequency", .string(frequency.rawValue)),
      ("monetary", .string(monetary.rawValue)),
    ])
  }
}

extension Segments.AxisModel {
  /// How the axis was cut, for the definitions.
  var definition: JSONValue {
    switch rule {
    case .quantiles(let bins, let ties):
      .members([
        ("rule", "quantiles"), ("bins", .int(bins)), ("ties", .string(ties.rawValue)),
        ("cuts_of", .string(scale.rawValue)), ("cuts", .numbers(cuts)),
      ])
    case .cuts(let cuts): .members([("rule", "cuts"), ("cuts", .numbers(cuts))])
    }
  }

  /// The cut points and who has which score.
  var occupancy: JSONValue {
    .members([
      ("cuts_of", .string(scale.rawValue)), ("cuts", .numbers(cuts)),
      (
        "bins",
        .array(
          bins.map { bin in
            .members([
              ("score", .int(bin.score)), ("customers", .int(bin.customers)),
              ("lowest", .optional(bin.lowest)), ("highest", .optional(bin.highest)),
            ])
          }
        )
      ),
    ])
  }
}
