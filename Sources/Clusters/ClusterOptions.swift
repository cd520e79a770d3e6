/// What finds the nearest centroid of each row.
///
/// All engines give the same bits.
public enum ClusterEngine: String, Hashable, Sendable, CaseIterable {
  /// The rule on (n, d, k) in `EngineRule.swift`.
  case auto
  /// Tiles of a matrix product on centred data; for many columns.
  case blas
  /// Distance, nearest and update in one pass, SIMD over rows; for few columns.
  case fused
  /// Tiles of a product of our own, selected from while they are in registers; for many columns.
  case tile
  /// A lower bound for each row and centroid: the fewest distances, n·k values of memory (Elkan, 2003).
  case elkan
  /// One lower bound a row (Hamerly, 2010).
  case hamerly
  /// The same with a search around the row's own centroid (Newling and Fleuret, 2016).
  case exponion
  /// A lower bound for each row and group of ten centroids or so (Ding et al., 2015).
  case yinyang
  /// The same without asking again for each centroid (Kwedlo, 2017).
  case simplifiedYinyang = "simplified-yinyang"
}

/// The precision that distances are computed in.
public enum ClusterPrecision: String, Hashable, Sendable, CaseIterable {
  /// 32 bits: half the time and memory.
  case float32
  /// 64 bits.
  case float64
}

/// How many clusters there are.
public enum ClusterCount: Hashable, Sendable {
  /// So many.
  case fixed(Int)
  /// The best of a range by the rule of ``ChoiceOptions``; all are reported.
  case sweep(ClosedRange<Int>)
}

/// How customers are clustered.
public struct ClusterOptions: Hashable, Sendable {
  /// What makes the clusters.
  public var method: ClusterMethod = .kMeans
  /// What the methods other than k-means take besides.
  public var families = FamilyOptions()
  /// How many clusters; at least 1 each.
  public var count: ClusterCount = .sweep(2...8)
  /// Independent starts, of which the lowest inertia wins, ties to the first; at least 1.
  public var starts = 10
  /// The most assign–update rounds of each start; at least 1.
  public var maxRounds = 300
  /// The rounds end after the one in which so many seconds since the call have passed; above 0, nil for
  /// no limit.
  ///
  /// Each start of each number of clusters does one round at least. The one setting whose results may
  /// differ from run to run.
  public var maxSeconds: Double?
  /// Rest is a squared centroid shift of at most this × mean variance of the columns; at least 0.
  public var tolerance = 1e-4
  /// Every random choice comes from this.
  public var seed: UInt64 = 0
  /// Where the starting centroids come from.
  public var seeding: ClusterSeeding = .sampled
  /// What finds the nearest centroids.
  public var engine: ClusterEngine = .auto
  /// Bytes that the engines with bounds may take for them; as many starts run at once as fit.
  public var boundsMemory = 4 << 30
  /// Whether the distances of equal rows are computed once; the results are the same bits.
  public var collapse = false
  /// The precision of distances.
  public var precision: ClusterPrecision = .float64
  /// Customer keys whose rows are the starting centroids, in the order of the labels.
  ///
  /// They replace the seeding, the starts and the sweep. Empty for seeding.
  public var startCustomers: [String] = []
  /// How the number of clusters is judged and chosen.
  public var choice = ChoiceOptions()

  /// The defaults.
  public init() {}
}
