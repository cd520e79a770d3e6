internal import CBridge

/// Memory that one worker reuses from block to block.
@safe
public final class ClusterScratch<Value: ClusterValue>: @unchecked Sendable {
  // SAFETY: owned by this object and freed with it. One worker at a time uses a scratch, and nothing
  // in it outlives a kernel's call, which is what makes the class Sendable.
  private(set) var base: UnsafeMutablePointer<Value>
  private var capacity = 0
  /// One flag for each centroid.
  var flags: [UInt8] = []
  /// Labels of one block, for callers that do not keep them.
  private(set) lazy var labels = RowBuffer<UInt16>(rowCount: blockRows, filledWith: 0)
  /// Squared distances of one block, likewise.
  private(set) lazy var gaps = RowBuffer<Value>(rowCount: blockRows, filledWith: 0)

  private var blockRows: Int { Int(CB_KMEANS_BLOCK_ROWS) }

  /// No memory yet.
  public init() {
    unsafe base = UnsafeMutablePointer<Value>.allocate(capacity: 1)
  }

  deinit {
    unsafe base.deallocate()
  }

  /// Makes room for the kernels at this size; sizes out of bounds are left to the kernels to refuse.
  func reserve(columnCount: Int, clusterCount: Int) {
    reserve(cb_kmeans_scratch(columnCount, clusterCount))
  }

  /// Makes room for so many values; what was there is lost.
  func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    // SAFETY: nothing outlives a kernel's call, so nobody points to the old memory.
    unsafe base.deallocate()
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: needed * MemoryLayout<Value>.stride,
      alignment: 64
    )
    unsafe base = memory.bindMemory(to: Value.self, capacity: needed)
    capacity = needed
  }
}
