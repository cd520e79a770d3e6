internal import Kernels

/// k-medians: a row belongs to the centroid with the least sum of absolute differences, and a centroid
/// moves to the median of its rows in each column.
///
/// Medians are exact; of an even number of rows it is the lower of the two in the middle. The
/// objective, the sum of absolute differences, never rises.
///
/// Source: P. Bradley, O. Mangasarian and W. Street, "Clustering via concave minimization", NIPS 1996.
struct Medians<Value: ClusterValue>: AlternatingMethod {
  let pass: RowPass<Value>
  let options: ClusterOptions
  let tolerance: Double

  /// Digits of this length keep the counts of 16 clusters in half of a 32 KiB cache.
  private static var digitBits: Int { 8 }

  func label(
    _ round: inout AlternationRound<Value>,
    by centroids: [Value]
  ) throws(KernelError) {
    let (rows, labels, gaps) = (pass.rows, round.labels, round.gaps)
    round.objective = try pass.fold(scratch: { () }, from: 0.0) {
      _,
      block,
      total throws(KernelError) in
      total += try rows.assignL1(block: block, centroids: centroids, labels: labels, gaps: gaps)
    } merge: {
      $0 += $1
    }
    round.partial.counts = memberCounts(labels, clusterCount: round.partial.counts.count)
  }

  func moved(
    _ round: AlternationRound<Value>,
    from centroids: [Value]
  ) throws(KernelError) -> [Value] {
    let (rows, labels) = (pass.rows, round.labels)
    // −1 where there is no member, and so no median.
    let ranks = round.partial.counts.map { Int($0 - 1) >> 1 }
    var moved = centroids
    for column in 0..<rows.columnCount {
      let selection = KeySelection(
        ranks: ranks,
        bits: Self.digitBits,
        lowestBit: Value.lowestKeyBit
      ) { digits in
        pass.count(digits) { block, counts in
          rows.countDigits(
            block: block,
            column: column,
            labels: labels,
            digits: digits,
            counts: &counts
          )
        }
      }
      for cluster in ranks.indices where ranks[cluster] >= 0 {
        moved[cluster * rows.columnCount + column] = KeyDigits.value(selection.keys[cluster])
      }
    }
    return moved
  }

  /// The rows of each label, counted by the sign of the first column.
  private func memberCounts(_ labels: RowBuffer<UInt16>, clusterCount: Int) -> [Int64] {
    let rows = pass.rows
    let prefixes = Array(repeating: UInt64(0), count: clusterCount)
    let digits = KeyDigits(prefixes: prefixes, shift: 63, bits: 1)
    let counts = pass.count(digits) { block, counts in
      rows.countDigits(block: block, column: 0, labels: labels, digits: digits, counts: &counts)
    }
    return (0..<clusterCount).map { Int64(counts[2 * $0]) + Int64(counts[2 * $0 + 1]) }
  }
}
