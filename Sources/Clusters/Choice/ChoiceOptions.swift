/// A criterion that prefers one number of clusters over another.
///
/// The cases stand in the order in which ties between numbers of clusters are settled: those that did
/// best over 1,080 data sets come first.
///
/// Source: O. Arbelaitz, I. Gurrutxaga, J. Muguerza, J. Pérez and I. Perona, "An extensive comparative
/// study of cluster validity indices", Pattern Recognition 46(1), 2013.
public enum ChoiceCriterion: String, Hashable, Sendable, CaseIterable {
  /// The silhouette with distances to all rows, of a sample of rows; the highest.
  case silhouette
  /// The silhouette with distances to the centroids, of all rows; the highest.
  case simplifiedSilhouette = "simplified_silhouette"
  /// The Davies-Bouldin index; the lowest.
  case daviesBouldin = "davies_bouldin"
  /// The Caliński-Harabasz index; the highest.
  case calinskiHarabasz = "calinski_harabasz"
  /// The gap statistic; the lowest k within one standard error of the highest.
  case gap
  /// The Bayesian information criterion of spherical Gaussians; the highest.
  case bic
  /// Whether clusters come back from other samples; the k whose least stable cluster does best.
  case stability

  /// Whether it costs more than the sweep itself has found out already; such a criterion is not defined
  /// for weighted rows, and neither `maxRounds` nor `maxSeconds` bound its samples.
  public var needsFurtherWork: Bool { [.silhouette, .gap, .stability].contains(self) }
}

/// What settles the number of clusters of a sweep.
public enum ChoiceRule: String, Hashable, Sendable, CaseIterable {
  /// ``ChoiceCriterion/silhouette``.
  case silhouette
  /// ``ChoiceCriterion/simplifiedSilhouette``.
  case simplifiedSilhouette = "simplified_silhouette"
  /// ``ChoiceCriterion/daviesBouldin``.
  case daviesBouldin = "davies_bouldin"
  /// ``ChoiceCriterion/calinskiHarabasz``.
  case calinskiHarabasz = "calinski_harabasz"
  /// ``ChoiceCriterion/gap``.
  case gap
  /// ``ChoiceCriterion/bic``.
  case bic
  /// ``ChoiceCriterion/stability``.
  case stability
  /// What most of the criteria asked for agree on; see ``Recommendation``.
  case agreement

  /// The criterion; nil for the agreement.
  public var criterion: ChoiceCriterion? { ChoiceCriterion(rawValue: rawValue) }
}

/// What the reference sets of the gap statistic are drawn from.
public enum ReferenceShape: String, Hashable, Sendable, CaseIterable {
  /// Of the other two the one of lower volume, which has less room for what the rows do not fill.
  case tightest
  /// The box along the principal axes of the rows that holds them all.
  case principalAxes = "principal_axes"
  /// The box along the columns that holds all rows.
  case box
}

/// How the number of clusters is judged.
public struct ChoiceOptions: Hashable, Sendable {
  /// What settles the number of clusters of a sweep; among `criteria`, or the agreement.
  public var rule: ChoiceRule = .simplifiedSilhouette
  /// The criteria that are computed and have a vote; one at least.
  ///
  /// The simplified silhouette, Caliński-Harabasz and Davies-Bouldin are computed in any case.
  public var criteria: Set<ChoiceCriterion> = [
    .simplifiedSilhouette, .daviesBouldin, .calinskiHarabasz, .bic,
  ]
  /// Rows whose silhouette is taken, shared out over the clusters; at least 2.
  public var silhouetteRows = 2000
  /// Reference sets of the gap statistic and of the verdict on structure; at least 2.
  public var references = 20
  /// Rows of the sample that they are compared with, and of each of them; at least 2.
  public var referenceRows = 4096
  /// What they are drawn from.
  public var referenceShape: ReferenceShape = .tightest
  /// Samples that stability is judged by; at least 2.
  public var resamples = 20
  /// Rows of each, half of all where that is less; at least 2.
  public var resampleRows = 4096

  /// The defaults.
  public init() {}

  /// - Throws: ``ClusterError/badOption(key:value:allowed:)`` for the first option out of range.
  func validate() throws(ClusterError) {
    guard !criteria.isEmpty else {
      throw .badOption(key: "clusters.choice.criteria", value: "[]", allowed: "one criterion")
    }
    if let criterion = rule.criterion, !criteria.contains(criterion) {
      throw .badOption(
        key: "clusters.choose_by",
        value: rule.rawValue,
        allowed: "one of `clusters.choice.criteria`, or add it there"
      )
    }
    let counts = [
      ("silhouette_rows", silhouetteRows), ("references", references),
      ("reference_rows", referenceRows), ("resamples", resamples),
      ("resample_rows", resampleRows),
    ]
    for (key, value) in counts where value < 2 {
      throw .badOption(key: "clusters.choice.\(key)", value: "\(value)", allowed: "at least 2")
    }
  }
}
