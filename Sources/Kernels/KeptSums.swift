internal import CBridge

/// The sums of each block by label, from the round before.
///
/// A label whose rows in a block are those of the round before has the same sums there, bit for bit, so
/// only the other labels are added up again: late rounds move few rows, and then this saves most of the
/// update step.
@safe
final class KeptSums<Value: ClusterValue>: @unchecked Sendable {
  private let rows: ClusterRows<Value>
  private let clusterCount: Int
  // SAFETY: owned by this object and freed with it. Each block's part is written and read by the worker
  // that does the block alone, which is what makes the class Sendable.
  private let sums: UnsafeMutablePointer<Double>
  private let counts: UnsafeMutablePointer<Int64>
  /// Whether nothing is known yet; set while no worker runs.
  var needsAll = true

  /// Nothing is kept, and nil returned, for weighted rows and where the sums would take more memory
  /// than the rows do.
  init?(rows: ClusterRows<Value>, clusterCount: Int) {
    let bytesPerColumn = ClusterRows<Value>.blockRows * MemoryLayout<Value>.stride
    guard rows.weights == nil, clusterCount * MemoryLayout<Double>.stride <= bytesPerColumn else {
      return nil
    }
    self.rows = rows
    self.clusterCount = clusterCount
    let cells = rows.blockCount * clusterCount
    unsafe sums = UnsafeMutablePointer.allocate(capacity: cells * rows.columnCount)
    unsafe sums.initialize(repeating: 0, count: cells * rows.columnCount)
    unsafe counts = UnsafeMutablePointer.allocate(capacity: cells)
    unsafe counts.initialize(repeating: 0, count: cells)
  }

  deinit {
    // SAFETY: both were allocated in init and have no other owner.
    unsafe sums.deallocate()
    unsafe counts.deallocate()
  }

  /// Adds up again what has changed in one block, by the flags of the scratch.
  func renew(
    block: Int,
    labels: RowBuffer<UInt16>,
    scratch: ClusterScratch<Value>
  ) throws(KernelError) {
    if needsAll { scratch.flags = Array(repeating: 1, count: clusterCount) }
    let begin = block * ClusterRows<Value>.blockRows
    // SAFETY: the block lies within rows and labels; its sums have k × d and its counts k entries.
    let status = unsafe scratch.flags.withUnsafeBufferPointer { flags in
      guard let flags = flags.baseAddress else { return CB_BAD_SHAPE }
      return unsafe rows.kernels.renew(
        rows.values.base + begin,
        rows.values.stride,
        rows.count(ofBlock: block),
        rows.columnCount,
        clusterCount,
        labels.base + begin,
        flags,
        scratch.base,
        sums + block * clusterCount * rows.columnCount,
        counts + block * clusterCount
      )
    }
    try check(status)
  }

  /// Adds the sums of one block.
  func add(block: Int, to partial: inout ClusterPartial) {
    let width = clusterCount * rows.columnCount
    precondition(partial.sums.count == width && partial.counts.count == clusterCount, "not for k")
    for index in 0..<width {
      // SAFETY: each block has k × d sums.
      partial.sums[index] += unsafe sums[block * width + index]
    }
    for index in 0..<clusterCount {
      // SAFETY: each block has k counts.
      partial.counts[index] += unsafe counts[block * clusterCount + index]
    }
  }
}
