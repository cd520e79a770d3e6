/// Something about a choice of clusters that a user should know.
public enum ChoiceWarning: Hashable, Sendable {
  /// One column makes up nearly all of the separation between clusters.
  case oneAxisDecides(column: String, share: Double)
  /// The rows have no more structure than references without any.
  case noStructure(StructureVerdict)
  /// Clusters that did not come back from other samples, by label, with their Jaccard similarity.
  case unstable(clusters: [Int], lowest: Double)
  /// The number settled on is the highest that was tried, and more might do better.
  case atUpperEnd(clusterCount: Int)

  /// Above this share of the separation one axis is said to decide everything.
  public static let decidingShare = 0.95
  /// Below this Jaccard similarity a cluster is said not to be stable.
  ///
  /// Source: C. Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics &
  /// Data Analysis 52(1), 2007, with the marks of his `clusterboot`: 0.75 is a valid, stable cluster,
  /// below 0.6 one should not be trusted.
  public static let stableJaccard = 0.75
}
