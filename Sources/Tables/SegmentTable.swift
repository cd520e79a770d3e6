/// A name for a group of customers: an id for paths and columns, and a label for people.
public struct GroupName: Hashable, Sendable {
  /// snake_case, unique within its table.
  public var id: String
  /// For people, such as `Can't Lose Them`.
  public var label: String

  /// Pairs an id with a label.
  public init(id: String, label: String) {
    self.id = id
    self.label = label
  }
}

/// A partition of the customers into named groups: one index a customer into a list of names.
public struct Grouping: Sendable {
  /// The groups, in the order in which they are shown; some may be empty.
  public var names: [GroupName]
  /// For each customer an index into `names`.
  public var indices: [UInt16]

  /// Pairs names with indices into them.
  public init(names: [GroupName], indices: [UInt16]) {
    self.names = names
    self.indices = indices
  }
}

/// Scores, segments and tiers of every customer, in the order of ``CustomerBatches``.
public struct SegmentTable: Sendable {
  /// Recency scores, 1 to the number of bins; higher is better (more recent).
  public var recencyScores: [UInt8]
  /// Frequency scores; higher is better.
  public var frequencyScores: [UInt8]
  /// Monetary scores; higher is better.
  public var monetaryScores: [UInt8]
  /// The main segment map.
  public var segments: Grouping
  /// Further maps, each under its own name.
  public var furtherMaps: [(name: String, grouping: Grouping)]
  /// Value tiers.
  public var tiers: Grouping

  /// Names the columns; all have one entry a customer.
  public init(
    recencyScores: [UInt8],
    frequencyScores: [UInt8],
    monetaryScores: [UInt8],
    segments: Grouping,
    furtherMaps: [(name: String, grouping: Grouping)],
    tiers: Grouping
  ) {
    self.recencyScores = recencyScores
    self.frequencyScores = frequencyScores
    self.monetaryScores = monetaryScores
    self.segments = segments
    self.furtherMaps = furtherMaps
    self.tiers = tiers
  }
}
