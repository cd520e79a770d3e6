internal import CBridge

/// Memory that one worker reuses from block to block.
@safe
public final class ClusterScratch<Value: ClusterValue>: @unchecked Sendable {
  // SAFETY: owned by this object and freed with it. One worker at a time uses a scratch, and nothing
  // in it outlives a kernel's call, which is what makes the class Sendable.
  private(set) var base: UnsafeMutablePointer<Value>
  private var capacity = 0

  /// No memory yet.
  public init() {
    unsafe base = UnsafeMutablePointer<Value>.allocate(capacity: 1)
  }

  deinit {
    unsafe base.deallocate()
  }

  /// Makes room for the kernels at this size; sizes out of bounds are left to the kernels to refuse.
  func reserve(columnCount: Int, clusterCount: Int) {
    let needed = cb_kmeans_scratch(columnCount, clusterCount)
    guard needed > capacity else { return }
    unsafe base.deallocate()
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: needed * MemoryLayout<Value>.stride,
      alignment: 64
    )
    unsafe base = memory.bindMemory(to: Value.self, capacity: needed)
    capacity = needed
  }
}
