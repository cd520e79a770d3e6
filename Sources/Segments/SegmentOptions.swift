/// How an axis is scored.
public enum ScoreRule: Hashable, Sendable {
  /// Right-closed bins at linearly interpolated quantiles of the values.
  case quantiles(bins: Int, ties: TiePolicy)
  /// Bins between declared ascending cut points, right-closed: scores 1 to `cuts.count + 1`.
  case cuts([Double])
}

/// Which customers share a score when values are equal.
public enum TiePolicy: String, Hashable, Sendable, CaseIterable {
  /// Equal values, equal scores: cut points are quantiles of the values.
  case value
  /// Ranks 1 to n, ties in ascending byte order of the customer key.
  case ordinalByKey = "ordinal_by_key"
  /// Ranks 1 to n, ties in the order in which customers first appear in the input.
  case ordinalByAppearance = "ordinal_by_appearance"
  /// Equal values take the mean of their ranks.
  case mid
}

/// How the three axes are scored.
public struct ScoreOptions: Hashable, Sendable {
  /// Recency; few days score high.
  public var recency: ScoreRule = .quantiles(bins: 5, ties: .value)
  /// Frequency; many score high.
  public var frequency: ScoreRule = .quantiles(bins: 5, ties: .ordinalByKey)
  /// Monetary; much scores high.
  public var monetary: ScoreRule = .quantiles(bins: 5, ties: .value)

  /// Quintiles.
  public init() {}
}

/// How customers are split into tiers of value.
public struct TierOptions: Hashable, Sendable {
  /// Ascending cut points in quantiles of money, each in 0..<1; one fewer than `names`.
  public var quantiles: [Double] = [0.5, 0.8]
  /// Ids of the tiers, lowest first, each snake_case.
  public var ids: [String] = ["low_value", "mid_value", "high_value"]
  /// Labels of the tiers, lowest first.
  public var labels: [String] = ["Low value", "Mid value", "High value"]

  /// Half of the customers low, the next three tenths mid, the top fifth high.
  public init() {}
}

/// Everything about scores, maps and tiers.
public struct SegmentOptions: Hashable, Sendable {
  /// How the axes are scored.
  public var scores = ScoreOptions()
  /// The maps that name segments; the first is the main one.
  public var maps: [SegmentMap]
  /// How tiers are cut.
  public var tiers = TierOptions()

  /// Quintiles, these maps, three tiers.
  public init(maps: [SegmentMap]) {
    self.maps = maps
  }
}
