internal import Clusters
internal import Tables

extension ChoiceReport {
  init(_ clusters: RankedClusters, columnNames: [String]) {
    let choice = clusters.sweep.choice
    rule = choice.rule.rawValue
    recommendation = choice.recommendation.map(\.sentence) ?? ""
    separation = zip(columnNames, choice.chosen?.separation ?? []).map {
      AxisShare(column: $0, share: $1)
    }
  }
}

extension Recommendation {
  /// What is recommended, why, and who is against it.
  fileprivate var sentence: String {
    let against = dissenting.map { "\($0.criterion.rawValue) \($0.clusterCount)" }
    let dissent = against.isEmpty ? "" : "; against it: \(against.joined(separator: ", "))"
    let support = "\(agreeing.count) of \(votes.count) criteria prefer \(mostVoted)"
    switch reason {
    case .mostVotes: return "\(clusterCount) recommended: \(support)\(dissent)"
    case .tie(let criterion):
      return "\(clusterCount) recommended: \(support), as many another number, and "
        + "\(criterion.rawValue) settles it\(dissent)"
    case .noStructure: return "none recommended: there is no structure; \(support)\(dissent)"
    }
  }
}

extension CriteriaReport {
  init(_ figures: ChoiceFigures, choice: ClusterChoice) {
    bic = figures.bic
    silhouette = figures.silhouette.map { EstimateReport(value: $0.mean, error: $0.standardError) }
    gap = figures.gap.map { EstimateReport(value: $0.gap, error: $0.standardError) }
    lowestJaccard = figures.stability?.lowestJaccard
    resampledRand = figures.stability?.adjustedRand
    preferredBy = (choice.recommendation?.votes ?? [])
      .filter { $0.clusterCount == figures.clusterCount }.map(\.criterion.rawValue)
  }
}

extension RankedClusters {
  /// What a user should know about the number of clusters and about the clusters themselves.
  var choiceWarnings: [String] {
    sweep.choice.warnings.map { warning in
      switch warning {
      case .noStructure(let verdict):
        "the customers have no more structure than a cloud without clusters (simplified silhouette "
          + "\(rounded(verdict.silhouette)) at \(verdict.clusterCount) clusters, where such clouds "
          + "reach \(rounded(verdict.threshold))): the clusters part what is continuous"
      case .oneAxisDecides(let column, let share):
        "\(column) alone makes up \(rounded(share * 100)) % of the separation between the clusters, "
          + "which are bands of it; change its weight or transform under `features`"
      case .unstable(let labels, let lowest):
        "\(ids(labels)) did not come back from other samples of the customers (Jaccard similarity "
          + "\(rounded(lowest))); use fewer clusters, or do not build on these"
      case .atUpperEnd(let count):
        "\(count) clusters are the most that were tried, and more might do better; raise "
          + "clusters.count"
      }
    }
  }

  private func ids(_ labels: [Int]) -> String {
    let ranks = order.indices.filter { labels.contains(order[$0]) }
    return ranks.map { grouping.names[$0].id }.joined(separator: ", ")
  }

  /// Three decimals at most.
  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
