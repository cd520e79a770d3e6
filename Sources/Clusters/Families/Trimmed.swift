internal import Kernels

/// Trimmed k-means: the share of rows that are farthest from their centroids is left out of each round.
///
/// Of n rows ⌊share × n⌋ are left out; among equally far ones the lowest go first. The objective, the
/// sum of squared distances of the rows kept, never rises. Rows left out have the label of the nearest
/// centroid in the end, and are listed.
///
/// Source: J. Cuesta-Albertos, A. Gordaliza and C. Matrán, "Trimmed k-means: an attempt to robustify
/// quantizers", Annals of Statistics 25(2), 1997.
struct Trimmed<Value: ClusterValue>: AlternatingMethod {
  let pass: RowPass<Value>
  let options: ClusterOptions
  let tolerance: Double

  /// Digits of this length take four passes over the distances, and fewer for `Float`.
  private static var digitBits: Int { 16 }

  private var leftOutCount: Int {
    Int((options.families.trimShare * Double(pass.rows.rowCount)).rounded(.down))
  }

  func label(
    _ round: inout AlternationRound<Value>,
    by centroids: [Value]
  ) throws(KernelError) {
    let (labels, gaps) = (round.labels, round.gaps)
    round.partial = try pass.assign(centroids, labels: labels, gaps: gaps)
    if leftOutCount > 0 {
      leaveOut(labels: labels, gaps: gaps)
      round.partial = try pass.gather(labels, centroids: centroids)
    }
    round.objective = round.partial.inertia
  }

  func moved(
    _ round: AlternationRound<Value>,
    from centroids: [Value]
  ) throws(KernelError) -> [Value] {
    pass.means(round.partial, instead: centroids)
  }

  func finished(
    _ attempt: Attempt<Value>,
    _ round: AlternationRound<Value>
  ) throws(KernelError) -> FamilyFit<Value> {
    let trimmed = (0..<pass.rows.rowCount).filter { round.labels[$0] == leftOutLabel }
    _ = try pass.assign(attempt.centroids, labels: round.labels, gaps: round.gaps)
    return FamilyFit(attempt: attempt, labels: round.labels, trimmedRows: trimmed)
  }

  /// Marks the rows with the largest gaps.
  private func leaveOut(labels: RowBuffer<UInt16>, gaps: RowBuffer<Value>) {
    let rows = pass.rows
    let selection = KeySelection(
      ranks: [rows.rowCount - leftOutCount],
      bits: Self.digitBits,
      lowestBit: Value.lowestKeyBit
    ) { digits in
      pass.count(digits) { block, counts in
        rows.countDigits(block: block, gaps: gaps, digits: digits, counts: &counts)
      }
    }
    let threshold: Value = KeyDigits.value(selection.keys[0])
    let above = rows.rowCount - selection.below[0] - selection.equal[0]
    let ties = ties(leftOutCount - above, equalTo: selection.keys[0], gaps: gaps)
    pass.workers.each(blocks: rows.blockCount) { block in
      rows.leaveOut(
        block: block,
        gaps: gaps,
        threshold: threshold,
        ties: ties[block],
        labels: labels
      )
    }
  }

  /// How many rows on the threshold each block leaves out, so that the lowest go first.
  private func ties(_ count: Int, equalTo key: UInt64, gaps: RowBuffer<Value>) -> [Int] {
    let lowestBit = Value.lowestKeyBit / Self.digitBits * Self.digitBits
    let digits = KeyDigits(prefixes: [key], shift: lowestBit, bits: Self.digitBits)
    let digit = Int(key >> UInt64(lowestBit) & (1 << UInt64(Self.digitBits) - 1))
    let equal = pass.workers.map(blocks: pass.rows.blockCount) { block in
      var counts = Array(repeating: UInt32(0), count: 1 << Self.digitBits)
      pass.rows.countDigits(block: block, gaps: gaps, digits: digits, counts: &counts)
      return Int(counts[digit])
    }
    var left = count
    return equal.map { inBlock in
      let taken = min(left, inBlock)
      left -= taken
      return taken
    }
  }
}
