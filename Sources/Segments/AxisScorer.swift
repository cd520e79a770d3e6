// Every rule comes down to the same question, asked for each customer and cut point: does the customer
// stand above the cut? `value` and declared cuts compare values. The rank policies need no ranks: the
// cut at rank c lies among the customers whose value is the `pivot`, the one at rank floor(c) of the
// sorted column. Lower values are below the cut, higher ones above it; of the customers that equal the
// pivot, in order of the tie rule, the first `allowance` are below.

internal import Kernels
internal import Tables

/// Scores one axis.
struct AxisScorer {
  /// Name of the axis in errors.
  let axis: String
  /// How it is scored.
  let rule: ScoreRule
  /// Whether low values score high.
  let isReversed: Bool

  /// A score for each key, and the model that made it.
  ///
  /// - Throws: ``SegmentError/placesMissing(axis:)`` when ties go by appearance and `places` has not
  ///   one entry a customer.
  func score(
    _ column: OrderedKeys,
    places: [RowPlace]
  ) throws(SegmentError) -> (scores: [UInt8], model: AxisModel) {
    guard !column.keys.isEmpty else { return ([], model(column, scores: [], .values, cuts: [])) }
    switch rule {
    case .cuts(let cuts):
      return finish(column, positions(column, cuts: cuts), .values, cuts: cuts)
    case .quantiles(let bins, .value):
      let cuts = quantiles(of: column, bins: bins)
      return finish(column, positions(column, cuts: cuts), .values, cuts: cuts)
    case .quantiles(let bins, let ties):
      let cuts = RankCut.all(of: column, bins: bins, areMid: ties == .mid)
      let order: [RowPlace]? = ties == .ordinalByAppearance ? places : nil
      if let order, order.count != column.keys.count { throw .placesMissing(axis: axis) }
      let positions = positions(column, cuts: cuts, tieOrder: order)
      return finish(column, positions, .ranks, cuts: cuts.map(\.rank))
    }
  }

  /// How many cut values each key is above.
  private func positions(_ column: OrderedKeys, cuts: [Double]) -> [UInt8] {
    countAbove(column.keys, pivots: cuts.map { column.key(cut: $0) })
  }

  /// How many rank cuts each customer is above; ties by `tieOrder`, or by position where it is nil.
  private func positions(
    _ column: OrderedKeys,
    cuts: [RankCut],
    tieOrder: [RowPlace]?
  ) -> [UInt8] {
    var positions = countAbove(column.keys, pivots: cuts.map(\.pivot))
    var cut = 0
    while cut < cuts.count {
      let pivot = cuts[cut].pivot
      let shared = cuts[cut...].prefix { $0.pivot == pivot }
      cut += shared.count
      var equal = column.keys.indices.filter { column.keys[$0] == pivot }
      if let tieOrder { equal.sort { tieOrder[$0] < tieOrder[$1] } }
      for (index, row) in equal.enumerated() {
        for cut in shared where index >= cut.allowance { positions[row] += 1 }
      }
    }
    return positions
  }

  private func finish(
    _ column: OrderedKeys,
    _ positions: [UInt8],
    _ scale: AxisModel.Scale,
    cuts: [Double]
  ) -> (scores: [UInt8], model: AxisModel) {
    let best = UInt8(rule.binCount)
    let scores = positions.map { isReversed ? best - $0 : $0 + 1 }
    return (scores, model(column, scores: scores, scale, cuts: cuts))
  }

  private func model(
    _ column: OrderedKeys,
    scores: [UInt8],
    _ scale: AxisModel.Scale,
    cuts: [Double]
  ) -> AxisModel {
    var counts = [Int](repeating: 0, count: rule.binCount)
    var lowest = [UInt64](repeating: .max, count: rule.binCount)
    var highest = [UInt64](repeating: .min, count: rule.binCount)
    for row in scores.indices {
      let bin = Int(scores[row]) - 1
      let key = column.keys[row]
      counts[bin] += 1
      if key < lowest[bin] { lowest[bin] = key }
      if key > highest[bin] { highest[bin] = key }
    }
    let bins = counts.indices.map { bin in
      ScoreBin(
        score: bin + 1,
        customers: counts[bin],
        lowest: counts[bin] > 0 ? column.value(lowest[bin]) : nil,
        highest: counts[bin] > 0 ? column.value(highest[bin]) : nil
      )
    }
    return AxisModel(rule: rule, scale: scale, cuts: cuts, bins: bins)
  }
}

/// How many of the pivots each key is above.
private func countAbove(_ keys: [UInt64], pivots: [UInt64]) -> [UInt8] {
  var counts = [UInt8](repeating: 0, count: keys.count)
  for pivot in pivots {
    for row in keys.indices { counts[row] &+= keys[row] > pivot ? 1 : 0 }
  }
  return counts
}

/// A cut between ranks.
private struct RankCut {
  /// Its position on the scale of ranks from 1.
  let rank: Double
  /// The key of the customer at rank floor(rank).
  let pivot: UInt64
  /// How many of the customers at the pivot are below the cut.
  let allowance: Int

  /// The cuts that part ranks 1 to n at linearly interpolated quantiles: 1 + i·(n − 1)/bins.
  ///
  /// With `areMid`, customers at a pivot stay together, below the cut if the mean of their ranks is.
  static func all(of column: OrderedKeys, bins: Int, areMid: Bool) -> [RankCut] {
    let last = column.keys.count - 1
    let ranks = (1..<bins).map { $0 * last / bins }
    let pivots = orderStatistics(of: column.keys, at: ranks)
    var cuts: [RankCut] = []
    for (index, pivot) in pivots.enumerated() {
      let less = column.keys.count { $0 < pivot }
      let numerator = (index + 1) * last
      var allowance = ranks[index] + 1 - less
      if areMid {
        let equal = column.keys.count { $0 == pivot }
        let isAbove = (2 * less + equal - 1) * bins > 2 * numerator
        allowance = isAbove ? 0 : equal
      }
      let rank = 1 + Double(numerator) / Double(bins)
      cuts.append(RankCut(rank: rank, pivot: pivot, allowance: allowance))
    }
    return cuts
  }
}

/// The quantiles i/bins of a column, linearly interpolated between neighbours in sorted order.
///
/// The position i·(n − 1)/bins is split exactly, so that no rounding of i/bins moves a customer.
private func quantiles(of column: OrderedKeys, bins: Int) -> [Double] {
  let last = column.keys.count - 1
  let positions = (1..<bins).map { index in
    let (quotient, remainder) = (index * last).quotientAndRemainder(dividingBy: bins)
    return (quotient, Double(remainder) / Double(bins))
  }
  return interpolated(column, at: positions)
}

/// The quantiles of a column at fractions in 0..<1, linearly interpolated.
func quantiles(of column: OrderedKeys, at fractions: [Double]) -> [Double] {
  let last = column.keys.count - 1
  guard last >= 0 else { return [] }
  let positions = fractions.map { fraction in
    let position = fraction * Double(last)
    return (Int(position), position - position.rounded(.down))
  }
  return interpolated(column, at: positions)
}

/// Values at ascending positions, each a rank from 0 and the share of the way to the next.
///
/// Interpolates from the nearer neighbour, as NumPy does, so that results are equal to its.
private func interpolated(_ column: OrderedKeys, at positions: [(rank: Int, share: Double)])
  -> [Double]
{
  let last = column.keys.count - 1
  let lower = orderStatistics(of: column.keys, at: positions.map(\.rank))
  let upper = orderStatistics(of: column.keys, at: positions.map { min(last, $0.rank + 1) })
  return positions.indices.map { index in
    let (low, high) = (column.value(lower[index]), column.value(upper[index]))
    let share = positions[index].share
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share)
  }
}
