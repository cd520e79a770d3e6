public import Tables

/// A rule that gives each triple of scores a name.
public struct SegmentMap: Hashable, Sendable {
  /// One name and the score triples that it claims.
  public struct Segment: Hashable, Sendable {
    /// Its id and label.
    public var name: GroupName
    /// The triples that it claims: any listed code, each three scores (R, F, M).
    public var codes: [ScoreCode]

    /// Pairs a name with its codes.
    public init(name: GroupName, codes: [ScoreCode]) {
      self.name = name
      self.codes = codes
    }
  }

  /// The map's id, such as `rf_grid_10`.
  public var id: String
  /// Bins of each axis that the map is written for.
  public var bins: Int
  /// The segments in declared order; where two claim a triple, the first has it.
  public var segments: [Segment]
  /// The name of triples that none claims.
  public var otherwise: GroupName

  /// A map from its segments.
  public init(id: String, bins: Int, segments: [Segment], otherwise: GroupName) {
    self.id = id
    self.bins = bins
    self.segments = segments
    self.otherwise = otherwise
  }
}

/// A triple of scores, each from 1.
public struct ScoreCode: Hashable, Sendable {
  /// Recency, frequency and monetary score.
  public var r: UInt8
  /// Frequency score.
  public var f: UInt8
  /// Monetary score.
  public var m: UInt8

  /// Names a triple.
  public init(r: UInt8, f: UInt8, m: UInt8) {
    self.r = r
    self.f = f
    self.m = m
  }
}
