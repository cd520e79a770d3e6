internal import CBridge

/// Rows of length 1 in the direction of the given ones.
///
/// - Parameters:
///   - values: n × d finite values, column-major.
///   - rowCount: n.
///   - columnCount: d.
///   - workers: Divide at once.
/// - Returns: The rows, column-major, and the first row of zeros.
public func unitRows(
  _ values: [Double],
  rowCount: Int,
  columnCount: Int,
  workers: Workers
) -> (values: [Double], zeroRow: Int?) {
  precondition(values.count == rowCount * columnCount, "values are not n × d")
  let units = RowBuffer<Double>(rowCount: values.count, filledWith: 0)
  let length = ColumnFigures.chunkLength
  let zeroRows = workers.map(blocks: (rowCount + length - 1) / length) { chunk -> Int? in
    let begin = chunk * length
    let count = min(length, rowCount - begin)
    // SAFETY: the rows lie within both buffers; each chunk is written by one worker.
    let zero = unsafe values.withUnsafeBufferPointer { values in
      guard let from = values.baseAddress else { return count }
      return unsafe cb_family_unit_rows(
        from + begin,
        rowCount,
        count,
        columnCount,
        units.base + begin
      )
    }
    return zero < count ? begin + zero : nil
  }
  return (units.array(), zeroRows.lazy.compactMap(\.self).first)
}
