/// Fixed memory for one or more columns of rows, aligned and padded as the kernels of k-means need it.
///
/// Workers fill disjoint blocks of it at once, which an array does not allow.
@safe
public final class RowBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  /// Rows that count.
  public let rowCount: Int
  /// Columns.
  public let columnCount: Int
  /// Elements from one column to the next; what lies behind the rows is padding.
  public let stride: Int
  // SAFETY: owned by this object and freed with it; written only by `ClusterRows`, by one worker a
  // block and by nobody while another reads, which is what makes the class Sendable.
  let base: UnsafeMutablePointer<Element>

  /// Columns are padded to a multiple of this many rows.
  static var padding: Int { 64 }

  /// Columns filled with one value.
  public init(rowCount: Int, columnCount: Int = 1, filledWith value: Element) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    stride = Self.stride(rowCount: rowCount)
    let capacity = stride * columnCount
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, capacity) * MemoryLayout<Element>.stride,
      alignment: 64
    )
    unsafe base = memory.bindMemory(to: Element.self, capacity: capacity)
    // A copy of a part that is filled: this class is not specialised, and one value at a time is slow.
    let part = min(capacity, 4096)
    unsafe base.initialize(repeating: value, count: part)
    for filled in Swift.stride(from: part, to: capacity, by: max(1, part)) {
      // SAFETY: both parts lie within the capacity, and the first is filled.
      unsafe (base + filled).initialize(from: base, count: min(part, capacity - filled))
    }
  }

  /// One column of these elements; padding is of the last one.
  init(_ elements: [Element]) {
    rowCount = elements.count
    columnCount = 1
    stride = Self.stride(rowCount: elements.count)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, stride) * MemoryLayout<Element>.stride,
      alignment: 64
    )
    unsafe base = memory.bindMemory(to: Element.self, capacity: stride)
    for index in 0..<(elements.isEmpty ? 0 : stride) {
      unsafe (base + index).initialize(to: elements[min(index, elements.count - 1)])
    }
  }

  deinit {
    unsafe UnsafeMutableRawPointer(base).deallocate()
  }

  /// The first column as an array.
  public func array() -> [Element] {
    // SAFETY: the first column holds `rowCount` elements.
    unsafe Array(UnsafeBufferPointer(start: base, count: rowCount))
  }

  /// One element of the first column.
  public subscript(row: Int) -> Element {
    precondition((0..<rowCount).contains(row), "there is no such row")
    // SAFETY: checked above.
    return unsafe base[row]
  }

  /// One padding more where columns would be a multiple of 4 KiB apart: they would share cache sets.
  private static func stride(rowCount: Int) -> Int {
    let padded = (rowCount + padding - 1) / padding * padding
    return padded * MemoryLayout<Element>.stride % 4096 == 0 ? padded + padding : padded
  }
}
