import Kernels

/// Marks rows whose every field reads as an earlier row's.
///
/// Pieces pass one after the other, in the order of the input, so that it is always the later row
/// that goes. All distinct rows are held in memory: at most `memoryLimit` bytes.
struct RepeatedRowsFilter {
  let seen: Turnstile<RowSet>
  let piece: Int
  let verdict: UInt8
  let memoryLimit: Int

  /// Gives the verdict to undecided rows that have been seen.
  ///
  /// - Throws: `repeatedRowsMemory` above the limit, `stopped` when another piece failed.
  func mark(
    _ bytes: inout [UInt8],
    _ text: SplitText,
    _ index: RowIndex,
    _ plan: ColumnPlan,
    arena: Int,
    rows: Int,
    verdicts: inout [UInt8]
  ) throws(ReadError) {
    guard var set = seen.take(piece) else { throw .stopped }
    for row in 0..<rows where verdicts[row] == 0 {
      let written = write(row, &bytes, text, index, plan, at: arena)
      switch set.insert(bytes, in: arena..<arena + written, limit: memoryLimit) {
      case .added: break
      case .known: verdicts[row] = verdict
      case .full: throw .repeatedRowsMemory(limit: memoryLimit)
      }
    }
    seen.pass(set, after: piece)
  }

  /// Writes all fields of a row, each behind its length, and says how many bytes that takes.
  private func write(
    _ row: Int,
    _ bytes: inout [UInt8],
    _ text: SplitText,
    _ index: RowIndex,
    _ plan: ColumnPlan,
    at arena: Int
  ) -> Int {
    let longest = index.range(ofRow: row, columnCount: plan.count, text.scan).count
    let needed = arena + longest + 4 * plan.count + 2 * TextScan.padding
    if bytes.count < needed {
      bytes.append(contentsOf: repeatElement(0, count: needed - bytes.count))
    }
    var end = arena
    for column in 0..<plan.count {
      let length = index.unquote(&bytes, text.scan, row: row, column: column, at: end + 4)
      for byte in 0..<4 { bytes[end + byte] = UInt8(truncatingIfNeeded: length >> (8 * byte)) }
      end += 4 + length
    }
    return end - arena
  }
}
