/// Where the cut points of one axis fell, and how many customers each bin took.
public struct AxisModel: Hashable, Sendable {
  /// What the cut points are compared with.
  public enum Scale: String, Hashable, Sendable {
    /// The axis' own values: days, counts, or whole currency.
    case values
    /// Ranks from 1, lowest value first.
    case ranks
  }

  /// How the axis was scored.
  public var rule: ScoreRule
  /// What `cuts` are compared with.
  public var scale: Scale
  /// Ascending cut points, one fewer than bins; none without customers.
  ///
  /// A bin holds what is above the cut before it and not above its own, so equal cut points leave
  /// the bins between them empty.
  public var cuts: [Double]
  /// The bins, in ascending order of score.
  public var bins: [ScoreBin]
}

/// One score of an axis, and who has it.
public struct ScoreBin: Hashable, Sendable {
  /// The score, from 1; higher is better.
  public var score: Int
  /// How many customers have it.
  public var customers: Int
  /// Their lowest value; nil in an empty bin.
  public var lowest: Double?
  /// Their highest value; nil in an empty bin.
  public var highest: Double?
}

/// Everything needed to say how scores and tiers came about.
public struct ScoreModel: Hashable, Sendable {
  /// Recency; its cut points are in days, and few days score high.
  public var recency: AxisModel
  /// Frequency.
  public var frequency: AxisModel
  /// Monetary, in whole currency.
  public var monetary: AxisModel
  /// Ascending amounts that part the tiers, in whole currency; an amount at a cut is in the lower tier.
  public var tierCuts: [Double]
}
