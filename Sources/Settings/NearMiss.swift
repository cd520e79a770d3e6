/// Finds what somebody meant who typed `word`.
package enum NearMiss {
  /// The candidate that is fewest edits away, if that is at most a third of the word.
  ///
  /// For key paths a right last part under the wrong section counts as near.
  package static func suggestion(for word: String, among candidates: [String]) -> String? {
    let lastPart = word.split(separator: ".").last
    if let moved = candidates.first(where: { $0.split(separator: ".").last == lastPart }) {
      return moved
    }
    let ranked = candidates.map { (name: $0, edits: edits(from: word, to: $0)) }
    guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
    return best.edits <= max(1, word.utf8.count / 3) ? best.name : nil
  }

  /// Insertions, deletions, replacements and swaps of neighbours.
  ///
  /// Source: F. Damerau, "A technique for computer detection and correction of spelling errors",
  /// CACM 7(3), 1964 (the restricted form).
  package static func edits(from left: String, to right: String) -> Int {
    let (a, b) = (Array(left.utf8), Array(right.utf8))
    var rows = [Array(0...b.count)]
    for i in 1..<(a.count + 1) {
      var row = [i]
      for j in 1..<(b.count + 1) {
        let replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        var least = min(rows[i - 1][j] + 1, row[j - 1] + 1, replaced)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          least = min(least, rows[i - 2][j - 2] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
