// What the relatives of k-means do with the rows, a block at a time.

internal import CBridge

/// The label of a row that is left out.
public let leftOutLabel = UInt16.max

/// Keys of values that are counted by some of their bits, to select ranks by.
///
/// The unsigned order of keys is the order of values; see `cb_family_histogram_f32`.
public struct KeyDigits: Sendable {
  /// For each label the bits of its key that are settled, the others 0.
  public var prefixes: [UInt64]
  /// The position of the lowest bit that is counted.
  public var shift: Int
  /// How many bits are counted.
  public var bits: Int

  /// Names the bits.
  public init(prefixes: [UInt64], shift: Int, bits: Int) {
    self.prefixes = prefixes
    self.shift = shift
    self.bits = bits
  }

  /// The value that has this key.
  public static func value<Value: ClusterValue>(_ key: UInt64) -> Value {
    let sign: UInt64 = 1 << 63
    return Value(Double(bitPattern: key & sign == 0 ? ~key : key ^ sign))
  }
}

extension ClusterRows {
  /// Copies some rows.
  ///
  /// - Parameters:
  ///   - indices: Rows, in any order, any number of times.
  ///   - workers: Copy at once.
  /// - Returns: The rows in the order of the indices, with their weights.
  public func picked(_ indices: [Int], workers: Workers = Workers(count: 1)) -> ClusterRows {
    precondition(indices.allSatisfy { (0..<rowCount).contains($0) }, "there is no such row")
    let buffer = RowBuffer<Value>(
      rowCount: indices.count,
      columnCount: columnCount,
      filledWith: 0
    )
    let picked = weights.map { weights in RowBuffer(indices.map { weights[$0] }) }
    let result = ClusterRows(buffer, weights: picked)
    workers.each(blocks: result.blockCount) { block in
      let taken = result.rows(ofBlock: block)
      // SAFETY: the indices were checked above; each block is written by one worker.
      unsafe indices.withUnsafeBufferPointer { indices in
        guard let from = indices.baseAddress else { return }
        unsafe Value.familyKernels.pick(
          values.base,
          values.stride,
          columnCount,
          from + taken.lowerBound,
          taken.count,
          buffer.base + taken.lowerBound,
          buffer.stride
        )
      }
    }
    return result
  }

  private init(_ values: RowBuffer<Value>, weights: RowBuffer<Double>?) {
    rowCount = values.rowCount
    columnCount = values.columnCount
    self.weights = weights
    self.values = values
  }

  /// Whether all rows are equal.
  public var areEqual: Bool {
    guard rowCount > 1 else { return true }
    let first = row(0)
    // SAFETY: the blocks lie within the buffer; the first row has d values and outlives the call.
    return unsafe first.withUnsafeBufferPointer { first in
      guard let first = first.baseAddress else { return true }
      return (0..<blockCount).allSatisfy { block in
        let taken = rows(ofBlock: block)
        return unsafe Value.familyKernels.equal(
          values.base + taken.lowerBound,
          values.stride,
          taken.count,
          columnCount,
          first
        )
      }
    }
  }

  /// Memory that ``gather(block:labels:centroids:scratch:partial:gaps:)`` needs.
  public func gatherScratch(clusterCount: Int) -> RowBuffer<Value> {
    RowBuffer(rowCount: cb_family_scratch(columnCount, clusterCount), filledWith: 0)
  }

  /// Adds the rows of one block up by given labels.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - labels: Indices below k, or ``leftOutLabel``.
  ///   - centroids: k × d, row-major.
  ///   - scratch: What ``gatherScratch(clusterCount:)`` gave the calling worker.
  ///   - partial: Is added to; its inertia is that of the labelled centroids.
  ///   - gaps: Receives the block's squared distances, 0 for rows left out.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  public func gather(
    block: Int,
    labels: RowBuffer<UInt16>,
    centroids: [Value],
    scratch: RowBuffer<Value>,
    partial: inout ClusterPartial,
    gaps: RowBuffer<Value>? = nil
  ) throws(KernelError) {
    let taken = rows(ofBlock: block)
    let clusterCount = centroids.count / columnCount
    let needed = cb_family_scratch(columnCount, clusterCount)
    precondition(partial.counts.count == clusterCount, "the partial is not for k clusters")
    precondition(scratch.rowCount >= needed, "the scratch is too small")
    precondition(labels.rowCount == rowCount, "labels and rows differ in number")
    // SAFETY: the block lies within every buffer, which all outlive the call; scratch was checked.
    let status = unsafe centroids.withUnsafeBufferPointer { centroids in
      unsafe partial.sums.withUnsafeMutableBufferPointer { sums in
        unsafe partial.counts.withUnsafeMutableBufferPointer { counts in
          guard let centroids = centroids.baseAddress, let sums = sums.baseAddress,
            let counts = counts.baseAddress
          else { return CB_BAD_SHAPE }
          return unsafe Value.familyKernels.gather(
            values.base + taken.lowerBound,
            values.stride,
            taken.count,
            columnCount,
            centroids,
            clusterCount,
            labels.base + taken.lowerBound,
            scratch.base,
            sums,
            counts,
            &partial.inertia,
            (gaps?.base).map { unsafe $0 + taken.lowerBound }
          )
        }
      }
    }
    try check(status)
  }

  /// Labels the rows of one block with the centroid of least sum of absolute differences.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - centroids: k × d, row-major.
  ///   - labels: Receives the block's labels.
  ///   - gaps: Receives the block's sums of absolute differences.
  /// - Returns: The gaps, summed.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  public func assignL1(
    block: Int,
    centroids: [Value],
    labels: RowBuffer<UInt16>,
    gaps: RowBuffer<Value>
  ) throws(KernelError) -> Double {
    let taken = rows(ofBlock: block)
    precondition(labels.rowCount == rowCount && gaps.rowCount == rowCount, "other rows")
    var total = 0.0
    // SAFETY: the block lies within every buffer, which all outlive the call.
    let status = unsafe centroids.withUnsafeBufferPointer { centroids in
      guard let base = centroids.baseAddress else { return CB_BAD_SHAPE }
      return unsafe Value.familyKernels.nearestL1(
        values.base + taken.lowerBound,
        values.stride,
        taken.count,
        columnCount,
        base,
        centroids.count / columnCount,
        labels.base + taken.lowerBound,
        gaps.base + taken.lowerBound,
        &total
      )
    }
    try check(status)
    return total
  }

  /// Counts some bits of the keys of one column's values, by label.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - column: Which column.
  ///   - labels: Indices below k, or ``leftOutLabel``.
  ///   - digits: Which bits, and for each label the bits above them that a key must have.
  ///   - counts: For each label 2^bits counts, added to.
  public func countDigits(
    block: Int,
    column: Int,
    labels: RowBuffer<UInt16>,
    digits: KeyDigits,
    counts: inout [UInt32]
  ) {
    let taken = rows(ofBlock: block)
    precondition((0..<columnCount).contains(column), "there is no such column")
    precondition(labels.rowCount == rowCount, "labels and rows differ in number")
    // SAFETY: the block lies within the column and the labels.
    unsafe count(
      values.base + column * values.stride + taken.lowerBound,
      taken.count,
      labels.base + taken.lowerBound,
      digits,
      &counts
    )
  }

  /// Counts some bits of the keys of one block's gaps.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - gaps: One value a row.
  ///   - digits: Which bits; it has one prefix.
  ///   - counts: 2^bits counts, added to.
  public func countDigits(
    block: Int,
    gaps: RowBuffer<Value>,
    digits: KeyDigits,
    counts: inout [UInt32]
  ) {
    let taken = rows(ofBlock: block)
    precondition(gaps.rowCount == rowCount, "gaps and rows differ in number")
    // SAFETY: the block lies within the gaps.
    unsafe count(gaps.base + taken.lowerBound, taken.count, nil, digits, &counts)
  }

  private func count(
    _ values: UnsafePointer<Value>,
    _ rowCount: Int,
    _ labels: UnsafePointer<UInt16>?,
    _ digits: KeyDigits,
    _ counts: inout [UInt32]
  ) {
    precondition(counts.count == digits.prefixes.count << digits.bits, "counts do not fit the bits")
    // SAFETY: both arrays outlive the call; labels are below the number of prefixes.
    unsafe digits.prefixes.withUnsafeBufferPointer { prefixes in
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        guard let prefixes = prefixes.baseAddress, let counts = counts.baseAddress else { return }
        unsafe Value.familyKernels.histogram(
          values,
          rowCount,
          labels,
          prefixes,
          UInt32(digits.shift),
          UInt32(digits.bits),
          counts
        )
      }
    }
  }

  /// Leaves out the rows of one block whose gap is above a threshold.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - gaps: One value a row.
  ///   - threshold: Rows above it are left out.
  ///   - ties: How many of the first rows that are on it are left out, too.
  ///   - labels: Become ``leftOutLabel`` for such rows.
  public func leaveOut(
    block: Int,
    gaps: RowBuffer<Value>,
    threshold: Value,
    ties: Int,
    labels: RowBuffer<UInt16>
  ) {
    let taken = rows(ofBlock: block)
    precondition(labels.rowCount == rowCount && gaps.rowCount == rowCount, "other rows")
    // SAFETY: the block lies within both buffers; each is written by one worker.
    unsafe Value.familyKernels.leaveOut(
      gaps.base + taken.lowerBound,
      taken.count,
      threshold,
      ties,
      labels.base + taken.lowerBound
    )
  }

  /// Draws each row of one block on its own, with the probability min(1, factor × gap).
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - gaps: One value a row, at least 0.
  ///   - factor: What makes probabilities of them.
  ///   - seed: Where the block's chance comes from.
  /// - Returns: The rows drawn, ascending.
  public func sample(
    block: Int,
    gaps: RowBuffer<Value>,
    factor: Double,
    seed: UInt64
  ) -> [Int] {
    let taken = rows(ofBlock: block)
    precondition(gaps.rowCount == rowCount, "gaps and rows differ in number")
    // SAFETY: the block lies within the gaps; there is room for all of its rows.
    return unsafe Array(unsafeUninitializedCapacity: taken.count) { picked, count in
      guard let to = picked.baseAddress else { return }
      count = unsafe Value.familyKernels.sample(
        gaps.base + taken.lowerBound,
        taken.count,
        factor,
        seed,
        to
      )
    }
    .map { $0 + taken.lowerBound }
  }
}

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
