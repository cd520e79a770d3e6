extension RowBuffer {
  /// A copy of the first column.
  public func copy() -> RowBuffer {
    let copy = RowBuffer(rowCount: rowCount, filledWith: self[0])
    // SAFETY: both hold `rowCount` elements in the first column.
    unsafe copy.base.update(from: base, count: rowCount)
    return copy
  }

  /// All columns as rows.
  public func rowMajor() -> [Element] {
    (0..<rowCount).flatMap { row in
      // SAFETY: row < rowCount ≤ stride and column < columnCount.
      (0..<columnCount).map { column in unsafe base[column * stride + row] }
    }
  }

  /// Replaces all elements of the first column; nobody else may use the buffer meanwhile.
  public func fill(_ value: Element) {
    // SAFETY: the first column holds `rowCount` elements.
    unsafe base.update(repeating: value, count: rowCount)
  }

  /// Replaces one element of the first column; nobody else may use the buffer meanwhile.
  public func set(_ value: Element, at row: Int) {
    precondition((0..<rowCount).contains(row), "there is no such row")
    // SAFETY: checked above.
    unsafe base[row] = value
  }
}
