internal import Kernels
public import Tables

/// Scores customers, names them by maps, and splits them into tiers of value.
public enum Segmentation {
  /// Assigns scores, segments and tiers.
  ///
  /// A bin holds the values above the cut point before it and not above its own. Quantiles that
  /// coincide leave the bins between them empty, so equal values always have a defined score: with
  /// the policy `value`, customers that are all alike score 1, and on recency the highest.
  ///
  /// - Parameters:
  ///   - rfm: One row a customer.
  ///   - places: Where each customer first appears; may be empty unless an axis breaks ties by it.
  ///   - options: Scores, maps and tiers.
  /// - Returns: The table, rows as in `rfm`, and the model with cut points and occupancy.
  /// - Throws: What ``SegmentOptions/validate()`` does; ``SegmentError/placesMissing(axis:)``;
  ///   ``SegmentError/notFinite(axis:row:)``.
  /// - Complexity: O(n), and O(n log n) for ties by appearance; allocates 8 bytes a customer and axis.
  public static func assign(
    _ rfm: RFMTable,
    places: [RowPlace],
    options: SegmentOptions
  ) throws(SegmentError) -> (table: SegmentTable, model: ScoreModel) {
    try options.validate()
    if let row = rfm.monetary.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(axis: "monetary", row: row)
    }
    let rules = options.scores
    let recency = try AxisScorer(axis: "recency", rule: rules.recency, isReversed: true)
      .score(OrderedKeys(rfm.recencyDays), places: places)
    let frequency = try AxisScorer(axis: "frequency", rule: rules.frequency, isReversed: false)
      .score(OrderedKeys(rfm.frequency), places: places)
    let money = OrderedKeys(rfm.monetary)
    let monetary = try AxisScorer(axis: "monetary", rule: rules.monetary, isReversed: false)
      .score(money, places: places)

    let groupings = options.maps.map { map in
      (
        name: map.id,
        grouping: map.group(
          recency: recency.scores,
          frequency: frequency.scores,
          monetary: monetary.scores
        )
      )
    }
    guard let main = groupings.first else { throw .noMap }
    let tiers = options.tiers.assign(money)
    let table = SegmentTable(
      recencyScores: recency.scores,
      frequencyScores: frequency.scores,
      monetaryScores: monetary.scores,
      segments: main.grouping,
      furtherMaps: Array(groupings.dropFirst()),
      tiers: tiers.grouping
    )
    let model = ScoreModel(
      recency: recency.model,
      frequency: frequency.model,
      monetary: monetary.model,
      tierCuts: tiers.cuts
    )
    return (table, model)
  }
}

extension SegmentOptions {
  /// Checks that the options agree with each other.
  ///
  /// - Throws: The first ``SegmentError`` found, in the order axes, maps, tiers.
  public func validate() throws(SegmentError) {
    for (axis, rule) in scores.axes { try rule.validate(axis: axis) }
    guard !maps.isEmpty else { throw .noMap }
    var ids: Set<String> = []
    for map in maps {
      guard ids.insert(map.id).inserted else { throw .repeatedID(map.id) }
      try map.validate(scores: scores)
    }
    try tiers.validate()
  }
}

extension ScoreOptions {
  /// The axes in the order R, F, M, with their names in settings and errors.
  var axes: [(axis: String, rule: ScoreRule)] {
    [("recency", recency), ("frequency", frequency), ("monetary", monetary)]
  }
}

extension ScoreRule {
  /// The most bins that an axis may have: a map works out every triple, so time and memory go with
  /// the cube.
  public static let maxBins = 99

  /// How many scores there are.
  public var binCount: Int {
    switch self {
    case .quantiles(let bins, _): bins
    case .cuts(let cuts): cuts.count + 1
    }
  }

  /// Checks the number of bins and the order of declared cut points.
  func validate(axis: String) throws(SegmentError) {
    guard (2...Self.maxBins).contains(binCount) else {
      throw .binCount(axis: axis, bins: binCount)
    }
    guard case .cuts(let cuts) = self else { return }
    let isAscending = zip(cuts, cuts.dropFirst()).allSatisfy { $0 < $1 }
    guard isAscending, cuts.allSatisfy(\.isFinite) else { throw .unsortedCuts(axis: axis) }
  }
}
