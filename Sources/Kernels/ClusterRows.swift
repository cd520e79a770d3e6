internal import CBridge

/// Which way the nearest centroid is found; all give the same bits.
public enum NearestEngine: String, Hashable, Sendable, CaseIterable {
  /// Distances computed directly, SIMD over rows.
  case fused
  /// Tiles of a matrix product; rows too close to call are decided directly.
  case blas
  /// The same by a product of our own that stays in registers.
  case tile

  /// Whether the lengths of the rows are needed, for the bound on what is too close to call.
  public var needsNorms: Bool { self != .fused }

  var code: cb_kmeans_engine {
    switch self {
    case .fused: CB_KMEANS_FUSED
    case .blas: CB_KMEANS_BLAS
    case .tile: CB_KMEANS_TILE
    }
  }
}

/// The rows that are clustered, laid out for the kernels of k-means: column-major, padded.
///
/// Rows are worked on in blocks of ``blockRows`` that depend on the row's index alone, so that sums
/// come out the same however the blocks are spread over workers.
public struct ClusterRows<Value: ClusterValue>: Sendable {
  /// Rows of each block but the last.
  public static var blockRows: Int { Int(CB_KMEANS_BLOCK_ROWS) }
  /// The most values that all centroids together may have.
  public static var maxCentroidValues: Int { Int(CB_KMEANS_MAX_VALUES) }

  /// Rows.
  public let rowCount: Int
  /// Features.
  public let columnCount: Int
  /// Weights of the rows, finite and at least 0; nil where all are 1.
  public let weights: RowBuffer<Double>?
  let values: RowBuffer<Value>
  let kernels = Value.clusterKernels

  /// Takes over columns after `(value × scale) − centre`, rounded once to `Value`.
  ///
  /// - Parameters:
  ///   - columns: n × d values, column-major; all finite.
  ///   - rowCount: n.
  ///   - centres: d values that are taken off after scaling.
  ///   - scale: A power of two.
  ///   - weights: n weights, finite and at least 0; nil where all are 1.
  ///   - workers: Copy at once.
  public init(
    columns: [Double],
    rowCount: Int,
    centres: [Double],
    scale: Double,
    weights: [Double]? = nil,
    workers: Workers
  ) {
    precondition(columns.count == rowCount * centres.count, "columns are not n × d")
    precondition(weights.map { $0.count == rowCount } ?? true, "weights are not n")
    self.weights = weights.map(RowBuffer.init)
    self.rowCount = rowCount
    columnCount = centres.count
    let buffer = RowBuffer<Value>(rowCount: rowCount, columnCount: centres.count, filledWith: 0)
    values = buffer
    let blocks = Self.blocks(of: rowCount)
    let kernels = Value.clusterKernels
    workers.each(blocks: blocks * centres.count) { task in
      let (column, block) = task.quotientAndRemainder(dividingBy: blocks)
      let taken = Self.rows(ofBlock: block, of: rowCount)
      // SAFETY: the rows lie within both columns; each block is written by one task.
      unsafe columns.withUnsafeBufferPointer { columns in
        guard let from = columns.baseAddress else { return }
        unsafe kernels.scale(
          from + column * rowCount + taken.lowerBound,
          taken.count,
          scale,
          centres[column],
          buffer.base + column * buffer.stride + taken.lowerBound
        )
      }
    }
  }

  /// How many blocks there are.
  public var blockCount: Int { Self.blocks(of: rowCount) }

  /// The values of one row.
  public func row(_ index: Int) -> [Value] {
    precondition((0..<rowCount).contains(index), "there is no such row")
    // SAFETY: index < stride and column < columnCount.
    return (0..<columnCount).map { unsafe values.base[$0 * values.stride + index] }
  }

  /// Every m-th row, with the least m that leaves at most `rowCount` rows.
  ///
  /// - Parameters:
  ///   - rowCount: The most rows.
  ///   - start: Begins at row `start` mod m.
  /// - Returns: The sample; all rows where there are no more than that.
  public func sample(rowCount: Int, start: Int) -> ClusterRows {
    let step = (self.rowCount + rowCount - 1) / rowCount
    guard step > 1 else { return self }
    let indices = Array(stride(from: start % step, to: self.rowCount, by: step))
    return rows(at: indices)
  }

  /// Some of the rows, with their weights.
  public func rows(at indices: [Int]) -> ClusterRows {
    ClusterRows(
      indices.map(row),
      columnCount: columnCount,
      weights: weights.map { weights in indices.map { weights[$0] } }
    )
  }

  /// Takes over rows as they are.
  ///
  /// - Parameters:
  ///   - rows: n rows of `columnCount` values each; all finite.
  ///   - columnCount: d.
  ///   - weights: n weights, finite and at least 0; nil where all are 1.
  public init(_ rows: [[Value]], columnCount: Int, weights: [Double]? = nil) {
    rowCount = rows.count
    self.columnCount = columnCount
    self.weights = weights.map(RowBuffer.init)
    values = RowBuffer(rowCount: rows.count, columnCount: columnCount, filledWith: 0)
    for (index, row) in rows.enumerated() {
      for (column, value) in row.enumerated() {
        // SAFETY: index < rowCount ≤ stride, column < columnCount; nobody else has the buffer yet.
        unsafe values.base[column * values.stride + index] = value
      }
    }
  }

  /// Squared lengths of all rows, which the engines `blas` and `tile` need.
  public func norms(workers: Workers) throws(KernelError) -> RowBuffer<Value> {
    let norms = RowBuffer<Value>(rowCount: rowCount, filledWith: 0)
    try workers.each(blocks: blockCount) { block throws(KernelError) in
      let begin = block * Self.blockRows
      // SAFETY: the block lies within both buffers; each is written by one worker.
      try check(
        unsafe kernels.norms(
          values.base + begin,
          values.stride,
          count(ofBlock: block),
          columnCount,
          norms.base + begin
        )
      )
    }
    return norms
  }

  /// What the inertia of one block would be with one more centroid, for each of some candidates.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - candidates: m × d, row-major.
  ///   - gaps: Squared distances to the nearest centroid so far.
  ///   - totals: m values that are added to.
  /// - Throws: ``KernelError/badShape`` when there are too many candidates.
  public func probe(
    block: Int,
    candidates: [Value],
    gaps: RowBuffer<Value>,
    totals: inout [Double]
  ) throws(KernelError) {
    let begin = block * Self.blockRows
    precondition(totals.count * columnCount == candidates.count, "candidates are not m × d")
    // SAFETY: the block lies within both buffers; candidates and totals outlive the call.
    let status = unsafe candidates.withUnsafeBufferPointer { candidates in
      unsafe totals.withUnsafeMutableBufferPointer { totals in
        guard let candidates = candidates.baseAddress, let base = totals.baseAddress else {
          return CB_BAD_SHAPE
        }
        return unsafe kernels.probe(
          values.base + begin,
          values.stride,
          count(ofBlock: block),
          columnCount,
          candidates,
          totals.count,
          gaps.base + begin,
          base
        )
      }
    }
    try check(status)
  }

  /// Takes one more centroid: lowers the gaps of one block to it.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - centroid: d values.
  ///   - gaps: Squared distances to the nearest centroid, lowered in place.
  /// - Returns: The lowered gaps, summed.
  /// - Throws: ``KernelError/badShape`` never for sizes that the matrix itself has.
  public func take(
    block: Int,
    centroid: [Value],
    gaps: RowBuffer<Value>
  ) throws(KernelError) -> Double {
    let begin = block * Self.blockRows
    precondition(centroid.count == columnCount, "a centroid has d values")
    var total = 0.0
    // SAFETY: the block lies within both buffers; the centroid outlives the call.
    let status = unsafe centroid.withUnsafeBufferPointer { centroid in
      guard let centroid = centroid.baseAddress else { return CB_BAD_SHAPE }
      return unsafe kernels.take(
        values.base + begin,
        values.stride,
        count(ofBlock: block),
        columnCount,
        centroid,
        gaps.base + begin,
        &total
      )
    }
    try check(status)
    return total
  }

  /// The row of one block at which the running sum of its gaps passes a mark.
  ///
  /// Where it never does, the last row with a gap above 0; where there is none, the block's first.
  public func locate(block: Int, gaps: RowBuffer<Value>, mark: Double) -> Int {
    let begin = block * Self.blockRows
    // SAFETY: the block lies within the buffer.
    return begin + (unsafe kernels.locate(gaps.base + begin, count(ofBlock: block), mark))
  }

  /// Figures for the quality of given labels in one block.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - centroids: k × d, row-major.
  ///   - labels: Indices below k.
  ///   - scratch: Memory of the calling worker.
  ///   - partial: Is added to.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  public func judge(
    block: Int,
    centroids: [Value],
    labels: RowBuffer<UInt16>,
    scratch: ClusterScratch<Value>,
    partial: inout QualityPartial
  ) throws(KernelError) {
    let clusterCount = centroids.count / columnCount
    let begin = block * Self.blockRows
    precondition(partial.spreads.count == clusterCount, "the partial is not for k clusters")
    scratch.reserve(columnCount: columnCount, clusterCount: clusterCount)
    var silhouette = partial.silhouette
    // SAFETY: the block lies within every buffer, which all outlive the call; scratch was sized above.
    let status = unsafe centroids.withUnsafeBufferPointer { centroids in
      unsafe partial.spreads.withUnsafeMutableBufferPointer { spreads in
        guard let centroids = centroids.baseAddress, let spreads = spreads.baseAddress else {
          return CB_BAD_SHAPE
        }
        return unsafe kernels.quality(
          values.base + begin,
          values.stride,
          count(ofBlock: block),
          columnCount,
          centroids,
          clusterCount,
          labels.base + begin,
          (weights?.base).map { unsafe UnsafePointer($0 + begin) },
          scratch.base,
          spreads,
          &silhouette
        )
      }
    }
    partial.silhouette = silhouette
    try check(status)
  }

  /// The rows of one block.
  public func rows(ofBlock block: Int) -> Range<Int> {
    Self.rows(ofBlock: block, of: rowCount)
  }

  func count(ofBlock block: Int) -> Int {
    precondition((0..<blockCount).contains(block), "there is no such block")
    return rows(ofBlock: block).count
  }

  private static func blocks(of rowCount: Int) -> Int {
    (rowCount + blockRows - 1) / blockRows
  }

  static func rows(ofBlock block: Int, of rowCount: Int) -> Range<Int> {
    block * blockRows..<min(rowCount, (block + 1) * blockRows)
  }
}
