internal import Tables

/// The figures of every number of clusters, ascending, as the criteria see them.
struct ChoiceEvidence: Sendable {
  let quality: [ClusterQuality]
  let figures: [ChoiceFigures]
  let gaps: [Int: GapFigures]

  /// What each criterion prefers, in the order of the criteria; one that is nowhere defined has no vote.
  func votes(_ criteria: Set<ChoiceCriterion>) -> [CriterionVote] {
    ChoiceCriterion.allCases.compactMap { criterion in
      guard criteria.contains(criterion), let count = preferred(by: criterion) else { return nil }
      return CriterionVote(criterion: criterion, clusterCount: count)
    }
  }

  private func preferred(by criterion: ChoiceCriterion) -> Int? {
    switch criterion {
    case .silhouette: highest(figures.map { $0.silhouette?.mean ?? .nan })
    case .simplifiedSilhouette: highest(quality.map(\.simplifiedSilhouette))
    case .daviesBouldin: highest(quality.map { -$0.daviesBouldin })
    case .calinskiHarabasz: highest(quality.map(\.calinskiHarabasz))
    case .gap: gaps.preferredCount
    case .bic: highest(figures.map(\.bic))
    case .stability: mostStable
    }
  }

  /// The number of clusters with the highest value, the lowest of equals; nil where all are NaN.
  private func highest(_ values: [Double]) -> Int? {
    var best: Int?
    for index in values.indices where !values[index].isNaN {
      if best.map({ values[index] > values[$0] }) ?? true { best = index }
    }
    return best.map { quality[$0].clusterCount }
  }

  /// Similarities that lie no further apart are taken for equal.
  private static let equalJaccard = 0.01

  /// The number whose least stable cluster is the most stable, the highest of equals: clusters that
  /// come back when neighbours are merged to fewer are no reason for fewer.
  private var mostStable: Int? {
    let lowest = figures.map { $0.stability?.lowestJaccard ?? .nan }
    guard let best = lowest.filter({ !$0.isNaN }).max() else { return nil }
    let stable = lowest.indices.last { lowest[$0] >= best - Self.equalJaccard }
    return stable.map { figures[$0].clusterCount }
  }

  /// The verdict at the number of clusters with the best simplified silhouette.
  var structure: StructureVerdict? {
    guard let best = highest(quality.map(\.simplifiedSilhouette)), let gap = gaps[best],
      gap.referenceSilhouette.isFinite
    else { return nil }
    return StructureVerdict(
      clusterCount: best,
      silhouette: gap.silhouette,
      threshold: gap.referenceSilhouette + 2 * gap.referenceDeviation
    )
  }
}

extension Recommendation {
  /// Counts the votes; nil where there are none.
  init?(_ votes: [CriterionVote], structure: StructureVerdict?) {
    let supporters = Dictionary(grouping: votes, by: \.clusterCount)
    guard let most = supporters.values.map(\.count).max() else { return nil }
    let tied = Set(supporters.filter { $0.value.count == most }.keys)
    guard let first = votes.first(where: { tied.contains($0.clusterCount) }) else { return nil }
    let hasStructure = structure?.hasStructure ?? true
    self.votes = votes
    mostVoted = first.clusterCount
    clusterCount = hasStructure ? first.clusterCount : 1
    reason =
      !hasStructure
      ? .noStructure : tied.count > 1 ? .tie(settledBy: first.criterion) : .mostVotes
  }
}
