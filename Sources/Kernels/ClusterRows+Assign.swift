internal import CBridge

extension ClusterRows {
  /// Labels the rows of one block with their nearest centroids and adds them up by label.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - centroids: k × d, row-major.
  ///   - engine: How the nearest are found.
  ///   - norms: What ``norms(workers:)`` gives; needed by `blas` and `tile`.
  ///   - wantsInertia: Whether squared distances are added up too.
  ///   - scratch: Memory of the calling worker.
  ///   - partial: Is added to.
  ///   - labels: Receives the block's labels.
  ///   - gaps: Receives the block's squared distances.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  public func assign(
    block: Int,
    centroids: [Value],
    engine: NearestEngine,
    norms: RowBuffer<Value>? = nil,
    wantsInertia: Bool,
    scratch: ClusterScratch<Value>,
    partial: inout ClusterPartial,
    labels: RowBuffer<UInt16>? = nil,
    gaps: RowBuffer<Value>? = nil
  ) throws(KernelError) {
    precondition(partial.counts.count == centroids.count / columnCount, "not for k clusters")
    let begin = block * Self.blockRows
    let nearest = BlockNearest(self, block, centroids, engine, norms, scratch)
    guard weights != nil else {
      // SAFETY: the block lies within both buffers, and labels and gaps are one a row.
      return try unsafe nearest.label(
        (labels?.base).map { unsafe $0 + begin },
        (gaps?.base).map { unsafe $0 + begin },
        wantsInertia: wantsInertia,
        partial: &partial
      )
    }
    // SAFETY: scratch has room for one block; the buffers as above.
    let labelBase = unsafe (labels?.base).map { unsafe $0 + begin } ?? scratch.labels.base
    let gapBase = unsafe (gaps?.base).map { unsafe $0 + begin } ?? scratch.gaps.base
    try unsafe nearest.label(labelBase, gapBase)
    try unsafe add(
      block: block,
      labels: labelBase,
      gaps: wantsInertia ? gapBase : nil,
      scratch: scratch,
      partial: &partial
    )
  }

  /// Labels the rows of one block, and no more.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - centroids: k × d, row-major.
  ///   - engine: How the nearest are found.
  ///   - norms: What ``norms(workers:)`` gives; needed by `blas` and `tile`.
  ///   - scratch: Memory of the calling worker.
  ///   - labels: Receives the block's labels.
  ///   - gaps: Receives the block's squared distances.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  public func label(
    block: Int,
    centroids: [Value],
    engine: NearestEngine,
    norms: RowBuffer<Value>? = nil,
    scratch: ClusterScratch<Value>,
    labels: RowBuffer<UInt16>,
    gaps: RowBuffer<Value>? = nil
  ) throws(KernelError) {
    let begin = block * Self.blockRows
    // SAFETY: the block lies within both buffers, and labels and gaps are one a row.
    try unsafe BlockNearest(self, block, centroids, engine, norms, scratch)
      .label(labels.base + begin, (gaps?.base).map { unsafe $0 + begin })
  }

  /// Adds the rows of one block up by labels that are there.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - labels: One for each row, below k.
  ///   - gaps: Squared distances, where the inertia is wanted.
  ///   - scratch: Memory of the calling worker.
  ///   - partial: Is added to.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  public func update(
    block: Int,
    labels: RowBuffer<UInt16>,
    gaps: RowBuffer<Value>? = nil,
    scratch: ClusterScratch<Value>,
    partial: inout ClusterPartial
  ) throws(KernelError) {
    let begin = block * Self.blockRows
    // SAFETY: the block lies within both buffers, which outlive the call.
    try unsafe add(
      block: block,
      labels: labels.base + begin,
      gaps: (gaps?.base).map { unsafe UnsafePointer($0 + begin) },
      scratch: scratch,
      partial: &partial
    )
  }

  /// Squared distances of the rows of one block to the centroids of their labels.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - centroids: k × d, row-major.
  ///   - labels: One for each row, below k.
  ///   - gaps: Receives the distances.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  public func measure(
    block: Int,
    centroids: [Value],
    labels: RowBuffer<UInt16>,
    gaps: RowBuffer<Value>
  ) throws(KernelError) {
    let begin = block * Self.blockRows
    // SAFETY: the block lies within both buffers; the centroids outlive the call.
    let status = unsafe centroids.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return CB_BAD_SHAPE }
      return unsafe kernels.measure(
        values.base + begin,
        values.stride,
        count(ofBlock: block),
        columnCount,
        base,
        centroids.count / columnCount,
        labels.base + begin,
        gaps.base + begin
      )
    }
    try check(status)
  }

  private func add(
    block: Int,
    labels: UnsafePointer<UInt16>,
    gaps: UnsafePointer<Value>?,
    scratch: ClusterScratch<Value>,
    partial: inout ClusterPartial
  ) throws(KernelError) {
    let begin = block * Self.blockRows
    let clusterCount = partial.counts.count
    precondition(weights == nil || partial.masses.count == clusterCount, "a partial for weights")
    scratch.reserve(columnCount: columnCount, clusterCount: clusterCount)
    var inertia = partial.inertia
    // SAFETY: the block lies within the rows and weights; `labels` and `gaps` hold one for each of its
    // rows; the partial's arrays have k × d, k and k entries; scratch was sized above.
    let status = unsafe partial.sums.withUnsafeMutableBufferPointer { sums in
      unsafe partial.counts.withUnsafeMutableBufferPointer { counts in
        unsafe partial.masses.withUnsafeMutableBufferPointer { masses in
          guard let sums = sums.baseAddress, let counts = counts.baseAddress else {
            return CB_BAD_SHAPE
          }
          return unsafe kernels.update(
            values.base + begin,
            values.stride,
            count(ofBlock: block),
            columnCount,
            clusterCount,
            labels,
            (weights?.base).map { unsafe UnsafePointer($0 + begin) },
            gaps,
            scratch.base,
            sums,
            counts,
            masses.baseAddress,
            &inertia
          )
        }
      }
    }
    partial.inertia = inertia
    try check(status)
  }
}

/// One call of the kernel that labels a block.
@safe
private struct BlockNearest<Value: ClusterValue> {
  let rows: ClusterRows<Value>
  let block: Int
  let centroids: [Value]
  let engine: NearestEngine
  let norms: RowBuffer<Value>?
  let scratch: ClusterScratch<Value>

  init(
    _ rows: ClusterRows<Value>,
    _ block: Int,
    _ centroids: [Value],
    _ engine: NearestEngine,
    _ norms: RowBuffer<Value>?,
    _ scratch: ClusterScratch<Value>
  ) {
    precondition(!engine.needsNorms || norms != nil, "\(engine) needs norms")
    self.rows = rows
    self.block = block
    self.centroids = centroids
    self.engine = engine
    self.norms = norms
    self.scratch = scratch
    scratch.reserve(columnCount: rows.columnCount, clusterCount: clusterCount)
  }

  private var clusterCount: Int { centroids.count / rows.columnCount }

  /// Labels and adds up; the two outputs are for the rows of the block.
  func label(
    _ labels: UnsafeMutablePointer<UInt16>?,
    _ gaps: UnsafeMutablePointer<Value>?,
    wantsInertia: Bool,
    partial: inout ClusterPartial
  ) throws(KernelError) {
    var inertia = partial.inertia
    // SAFETY: the partial's arrays have k × d and k entries; the outputs are the caller's to answer for.
    let status = unsafe partial.sums.withUnsafeMutableBufferPointer { sums in
      unsafe partial.counts.withUnsafeMutableBufferPointer { counts in
        unsafe withUnsafeMutablePointer(to: &inertia) { inertia in
          unsafe call(
            sums.baseAddress,
            counts.baseAddress,
            wantsInertia ? inertia : nil,
            labels,
            gaps
          )
        }
      }
    }
    partial.inertia = inertia
    try check(status)
  }

  /// Labels alone.
  func label(
    _ labels: UnsafeMutablePointer<UInt16>,
    _ gaps: UnsafeMutablePointer<Value>?
  ) throws(KernelError) {
    // SAFETY: the outputs are the caller's to answer for.
    try check(unsafe call(nil, nil, nil, labels, gaps))
  }

  private func call(
    _ sums: UnsafeMutablePointer<Double>?,
    _ counts: UnsafeMutablePointer<Int64>?,
    _ inertia: UnsafeMutablePointer<Double>?,
    _ labels: UnsafeMutablePointer<UInt16>?,
    _ gaps: UnsafeMutablePointer<Value>?
  ) -> cb_status {
    let begin = block * ClusterRows<Value>.blockRows
    // SAFETY: the block lies within rows and norms; the centroids outlive the call; scratch was sized.
    return unsafe centroids.withUnsafeBufferPointer { centroids in
      guard let base = centroids.baseAddress else { return CB_BAD_SHAPE }
      return unsafe rows.kernels.block(
        rows.values.base + begin,
        rows.values.stride,
        rows.count(ofBlock: block),
        rows.columnCount,
        base,
        clusterCount,
        (norms?.base).map { unsafe UnsafePointer($0 + begin) },
        engine.code,
        scratch.base,
        sums,
        counts,
        inertia,
        labels,
        gaps
      )
    }
  }
}
