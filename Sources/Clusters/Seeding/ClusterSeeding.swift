/// Where the starting centroids come from.
///
/// All but `sampled` look at all rows, once for each start.
public enum ClusterSeeding: String, Hashable, Sendable, CaseIterable {
  /// Greedy k-means++ on samples of the rows, refined by k-means there; the best sample starts.
  case sampled
  /// Rows drawn evenly, no two of them equal.
  case random
  /// Rows drawn by their squared distance to the centroids so far.
  case kMeansPlusPlus = "k-means++"
  /// The best of several rows drawn so, for each centroid.
  case greedyKMeansPlusPlus = "greedy-k-means++"
  /// A few rounds that draw many rows at once, of which weighted k-means++ keeps k.
  case kMeansParallel = "k-means||"
  /// k-means++ by Markov chains, with one pass over the rows in all.
  case afkMC2 = "afk-mc2"
}
