internal import Kernels

/// All distances in every round, block by block: `fused`, `blas` and `tile`.
///
/// Source: S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28(2), 1982.
struct BlockEngine<Value: ClusterValue>: ExactEngine {
  let rows: ClusterRows<Value>
  let nearest: NearestEngine
  /// Squared lengths of the rows, for engines by matrix product.
  let norms: RowBuffer<Value>?
  let labels: RowBuffer<UInt16>

  /// An engine with room for the labels of all rows where `keepsLabels` says so.
  init(
    rows: ClusterRows<Value>,
    nearest: NearestEngine,
    norms: RowBuffer<Value>?,
    keepsLabels: Bool
  ) {
    self.rows = rows
    self.nearest = nearest
    self.norms = norms
    labels = RowBuffer(rowCount: keepsLabels ? rows.rowCount : 0, filledWith: 0)
  }

  func begin(_ centroids: [Value]) throws(KernelError) {}

  func pass(
    block: Int,
    centroids: [Value],
    scratch: ClusterScratch<Value>,
    partial: inout ClusterPartial
  ) throws(KernelError) -> Int {
    try rows.assign(
      block: block,
      centroids: centroids,
      engine: nearest,
      norms: norms,
      wantsInertia: false,
      scratch: scratch,
      partial: &partial
    )
    return computed(block, centroids)
  }

  func label(
    block: Int,
    centroids: [Value],
    scratch: ClusterScratch<Value>
  ) throws(KernelError) -> Int {
    try rows.label(
      block: block,
      centroids: centroids,
      engine: nearest,
      norms: norms,
      scratch: scratch,
      labels: labels
    )
    return computed(block, centroids)
  }

  private func computed(_ block: Int, _ centroids: [Value]) -> Int {
    rows.rows(ofBlock: block).count * (centroids.count / rows.columnCount)
  }
}
