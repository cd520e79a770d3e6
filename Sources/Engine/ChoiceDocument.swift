internal import Clusters
internal import Tables
internal import Writers

/// The part of `summary.json` that says how the number of clusters came about.
struct ChoiceDocument {
  let clusters: RankedClusters
  let columnNames: [String]

  var json: JSONValue {
    let choice = clusters.sweep.choice
    var members: [(String, JSONValue)] = [
      ("chosen_by", .string(choice.rule.rawValue)), ("clusters", .int(choice.clusterCount)),
    ]
    if let recommendation = choice.recommendation {
      members.append(("recommendation", recommendation.json))
    }
    if let structure = choice.structure { members.append(("structure", structure.json)) }
    if let chosen = choice.chosen { members += figures(chosen) }
    let warnings = clusters.choiceWarnings
    members.append(("warnings", .array(warnings.map { .string($0) })))
    return .members(members)
  }

  /// Figures of the clusters that were chosen, by rank and by axis.
  private func figures(_ chosen: ChoiceFigures) -> [(String, JSONValue)] {
    let ids = clusters.grouping.names.map(\.id)
    func ranked(_ values: [Double]) -> JSONValue {
      .members(zip(ids, clusters.order).map { ($0, .double(values[$1])) })
    }
    let shares = zip(columnNames, chosen.separation).map { ($0, JSONValue.double($1)) }
    var members: [(String, JSONValue)] = [("separation", .members(shares))]
    if let silhouette = chosen.silhouette {
      members.append(("silhouettes", ranked(silhouette.byCluster)))
    }
    if let stability = chosen.stability { members.append(("jaccard", ranked(stability.jaccard))) }
    return members
  }
}

extension Recommendation {
  fileprivate var json: JSONValue {
    .members([
      ("clusters", .int(clusterCount)), ("reason", .string(reason.text)),
      ("most_voted", .int(mostVoted)),
      ("agreeing", .array(agreeing.map { .string($0.rawValue) })),
      (
        "dissenting",
        .array(
          dissenting.map { vote in
            .members([
              ("criterion", .string(vote.criterion.rawValue)),
              ("clusters", .int(vote.clusterCount)),
            ])
          }
        )
      ),
    ])
  }
}

extension ChoiceReason {
  fileprivate var text: String {
    switch self {
    case .mostVotes: "most votes"
    case .tie(let criterion): "a tie that \(criterion.rawValue) settles"
    case .noStructure: "no structure"
    }
  }
}

extension StructureVerdict {
  fileprivate var json: JSONValue {
    .members([
      ("found", .bool(hasStructure)), ("clusters", .int(clusterCount)),
      ("simplified_silhouette", .double(silhouette)), ("threshold", .double(threshold)),
    ])
  }
}

extension ChoiceFigures {
  /// What was computed beside the figures of the sweep, as members of its entry.
  var json: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("bic", .double(bic))]
    if let silhouette {
      members += [
        ("silhouette", .double(silhouette.mean)),
        ("silhouette_standard_error", .double(silhouette.standardError)),
        ("silhouette_rows", .int(silhouette.rows)),
      ]
    }
    if let gap {
      members += [("gap", .double(gap.gap)), ("gap_standard_error", .double(gap.standardError))]
    }
    if let stability {
      members += [
        ("lowest_jaccard", .double(stability.lowestJaccard)),
        ("resampled_adjusted_rand", .double(stability.adjustedRand)),
      ]
    }
    return members
  }
}
