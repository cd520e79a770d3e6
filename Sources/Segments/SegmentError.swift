/// Why customers could not be scored or named.
public enum SegmentError: Error, Equatable, Sendable {
  /// An axis is to have fewer than 2 or more than ``ScoreRule/maxBins`` bins.
  case binCount(axis: String, bins: Int)
  /// Declared cut points are not finite and ascending.
  case unsortedCuts(axis: String)
  /// A value is NaN or infinite; `row` is the customer's position.
  case notFinite(axis: String, row: Int)
  /// Ties go by first appearance, but the places of first rows were not given.
  case placesMissing(axis: String)
  /// A map is written for another number of bins than an axis has.
  case mapBins(map: String, bins: Int, axis: String, axisBins: Int)
  /// A segment claims a triple with a score outside of 1 to the map's bins.
  case codeOutOfRange(map: String, segment: String, code: ScoreCode)
  /// Two maps, or two segments of one map, have this id.
  case repeatedID(String)
  /// There is no map.
  case noMap
  /// Tier ids, labels and cut points do not match in number.
  case tierCount(ids: Int, labels: Int, quantiles: Int)
  /// Tier cut points are not ascending within 0..<1.
  case unsortedTiers
}
