// What the relatives of k-means do with the rows, a block at a time.

internal import CBridge

/// The label of a row that is left out.
public let leftOutLabel = UInt16.max

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
}
