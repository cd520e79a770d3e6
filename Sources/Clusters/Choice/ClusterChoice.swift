/// A mean silhouette that was estimated from a sample of rows.
public struct SilhouetteEstimate: Hashable, Sendable {
  /// The estimate, from −1 to 1.
  public var mean: Double
  /// Its standard error; 0 where every row was taken.
  public var standardError: Double
  /// Rows whose silhouette was taken.
  public var rows: Int
  /// For each cluster the mean of its rows; NaN without any.
  public var byCluster: [Double]
}

/// The gap statistic at one number of clusters, and what its references gave.
public struct GapFigures: Hashable, Sendable {
  /// Mean logarithm of the references' inertia less that of the sample; higher is better.
  public var gap: Double
  /// Its standard error, with the references' own spread and their number.
  public var standardError: Double
  /// The simplified silhouette of the sample; NaN for one cluster.
  public var silhouette: Double
  /// Mean of the references' simplified silhouettes; NaN for one cluster.
  public var referenceSilhouette: Double
  /// Their standard deviation.
  public var referenceDeviation: Double
}

/// How well clusters came back from other samples.
public struct StabilityFigures: Hashable, Sendable {
  /// For each cluster the mean over samples of its Jaccard similarity to the most similar cluster.
  ///
  /// NaN for a cluster without rows among those compared.
  public var jaccard: [Double]
  /// Mean adjusted Rand index between the clusterings of two samples, over all pairs.
  public var adjustedRand: Double
  /// Samples that had enough distinct rows.
  public var resamples: Int

  /// The similarity of the least stable cluster.
  public var lowestJaccard: Double { jaccard.filter { !$0.isNaN }.min() ?? .nan }
}

/// What was computed to judge one number of clusters, beside ``ClusterQuality``.
public struct ChoiceFigures: Sendable {
  /// Clusters.
  public var clusterCount: Int
  /// Bayesian information criterion; ∞ where every row sits on its centroid.
  public var bic: Double
  /// For each column its share of the between-cluster sum of squares; they add up to 1, or are all 0.
  public var separation: [Double]
  /// Nil where it was not asked for, or is not defined, as the others.
  public var silhouette: SilhouetteEstimate?
  /// The gap statistic and its references.
  public var gap: GapFigures?
  /// Stability under resampling.
  public var stability: StabilityFigures?
}

/// The number of clusters that one criterion prefers.
public struct CriterionVote: Hashable, Sendable {
  /// Which criterion.
  public var criterion: ChoiceCriterion
  /// What it prefers; the gap statistic alone can prefer 1.
  public var clusterCount: Int
}

/// What settled a recommendation.
public enum ChoiceReason: Hashable, Sendable {
  /// More criteria prefer this number than any other.
  case mostVotes
  /// As many prefer another number; this criterion stands first among those of the tied ones.
  case tie(settledBy: ChoiceCriterion)
  /// The rows have no more structure than references without any.
  case noStructure
}

/// The number of clusters to use, who is for it and who against.
///
/// Each criterion has one vote for the number that it prefers. The number with most votes is
/// recommended; among tied numbers, that which is preferred by the first of
/// ``ChoiceCriterion`` in their order. Where the verdict is that there is no structure, the
/// recommendation is 1. Inertia has no vote: it falls with every cluster, and its elbow is not to be
/// trusted (E. Schubert, "Stop using the elbow criterion for k-means", SIGKDD Explorations 25(1), 2023).
public struct Recommendation: Hashable, Sendable {
  /// The number of clusters recommended; 1 for none.
  public var clusterCount: Int
  /// The number with most votes, whatever the verdict on structure.
  public var mostVoted: Int
  /// What settled it.
  public var reason: ChoiceReason
  /// Every criterion's vote, in the order of the criteria.
  public var votes: [CriterionVote]

  /// Criteria that prefer `mostVoted`.
  public var agreeing: [ChoiceCriterion] {
    votes.filter { $0.clusterCount == mostVoted }.map(\.criterion)
  }

  /// Criteria that prefer another number, with that number.
  public var dissenting: [CriterionVote] {
    votes.filter { $0.clusterCount != mostVoted }
  }
}

/// Whether the rows have more structure than references without any.
public struct StructureVerdict: Hashable, Sendable {
  /// The number of clusters with the best simplified silhouette, which is compared.
  public var clusterCount: Int
  /// The simplified silhouette of the sample.
  public var silhouette: Double
  /// What has to be exceeded: mean and two standard deviations of the references.
  public var threshold: Double

  /// Whether it is exceeded.
  public var hasStructure: Bool { silhouette > threshold }
}

/// What is known about the number of clusters after a sweep.
public struct ClusterChoice: Sendable {
  /// Figures for each number of clusters tried, ascending.
  public var figures: [ChoiceFigures] = []
  /// What settled the number of clusters.
  public var rule: ChoiceRule = .simplifiedSilhouette
  /// The number that it settled on.
  public var clusterCount = 0
  /// Nil where one number was tried alone, or no criterion is defined.
  public var recommendation: Recommendation?
  /// Nil without references; see ``ChoiceCriterion/gap``.
  public var structure: StructureVerdict?
  /// Things that a user should know.
  public var warnings: [ChoiceWarning] = []

  /// The figures of the number of clusters that was chosen.
  public var chosen: ChoiceFigures? { figures.first { $0.clusterCount == clusterCount } }
}
