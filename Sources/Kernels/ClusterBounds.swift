internal import CBridge

/// Which bounds a start carries from round to round.
public enum BoundsKind: Hashable, Sendable, CaseIterable {
  /// One lower bound a row.
  case hamerly
  /// The same, with a search around the row's own centroid.
  case exponion
  /// One lower bound for each row and centroid.
  case elkan
  /// One lower bound for each row and group of centroids.
  case yinyang
  /// The same without a test of each centroid.
  case simplifiedYinyang

  /// Whether centroids are in groups.
  public var hasGroups: Bool { self == .yinyang || self == .simplifiedYinyang }

  fileprivate var code: cb_bounds_kind {
    switch self {
    case .hamerly: CB_BOUNDS_HAMERLY
    case .exponion: CB_BOUNDS_EXPONION
    case .elkan: CB_BOUNDS_ELKAN
    case .yinyang: CB_BOUNDS_YINYANG
    case .simplifiedYinyang: CB_BOUNDS_SIMPLIFIED_YINYANG
    }
  }
}

/// What one start of k-means carries from round to round: labels, bounds of distances, and sums.
///
/// Every round is ``begin(_:)``, by one thread, and then one pass over the blocks by any number of
/// workers. Labels, sums and so on are those of ``ClusterRows/assign(block:centroids:engine:norms:wantsInertia:scratch:partial:labels:gaps:)``,
/// bit for bit.
@safe
public final class ClusterBounds<Value: ClusterValue>: @unchecked Sendable {
  /// The label of each row in the round that was done last.
  public let labels: RowBuffer<UInt16>
  private let rows: ClusterRows<Value>
  private var shape: cb_bounds_shape
  private let groups: [UInt16]
  private let upper: RowBuffer<Value>
  private let lower: RowBuffer<Value>
  private let kept: KeptSums<Value>?
  // SAFETY: owned by this object and freed with it. `begin` writes it while no pass runs; passes read
  // it, and write only the rows and the kept sums of the block that they do: so the class is Sendable.
  private let geometry: UnsafeMutablePointer<Value>
  private var isFirst = true

  /// Bounds that say nothing yet.
  ///
  /// - Parameters:
  ///   - rows: What is clustered.
  ///   - kind: Which bounds.
  ///   - clusterCount: k.
  ///   - groups: For each centroid its group, counted from 0 without gaps; ignored where the kind has
  ///     none.
  ///   - keepsSums: Whether ``pass(block:scratch:partial:)`` keeps the sums of each block, which
  ///     takes up to as much memory as the rows.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  public init(
    rows: ClusterRows<Value>,
    kind: BoundsKind,
    clusterCount: Int,
    groups: [UInt16],
    keepsSums: Bool = true
  ) throws(KernelError) {
    precondition(!kind.hasGroups || groups.count == clusterCount, "each centroid has one group")
    let shape = Self.shape(
      kind,
      rows.columnCount,
      clusterCount,
      kind.hasGroups ? Int(groups.max() ?? 0) + 1 : 1
    )
    let (width, size) = Self.sizes(shape)
    guard width > 0 else { throw .badShape }
    self.rows = rows
    self.shape = shape
    self.groups = groups
    labels = RowBuffer(rowCount: rows.rowCount, filledWith: 0)
    upper = RowBuffer(rowCount: rows.rowCount, filledWith: .infinity)
    lower =
      kind == .elkan
      ? RowBuffer(rowCount: rows.rowCount * width, filledWith: -.infinity)
      : RowBuffer(rowCount: rows.rowCount, columnCount: width, filledWith: -.infinity)
    kept = keepsSums ? KeptSums(rows: rows, clusterCount: clusterCount) : nil
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: size * MemoryLayout<Value>.stride,
      alignment: 64
    )
    // SAFETY: the memory is new, as large as is said, and freed in deinit alone.
    unsafe geometry = memory.bindMemory(to: Value.self, capacity: size)
    unsafe geometry.initialize(repeating: 0, count: size)
  }

  deinit {
    unsafe UnsafeMutableRawPointer(geometry).deallocate()
  }

  /// Bytes that one start takes; nil where they are beyond counting.
  public static func byteCount(
    _ kind: BoundsKind,
    rowCount: Int,
    columnCount: Int,
    clusterCount: Int,
    groupCount: Int
  ) -> Int? {
    let (width, size) = sizes(shape(kind, columnCount, clusterCount, groupCount))
    let (lower, isTooMany) = rowCount.multipliedReportingOverflow(by: width + 1)
    let (values, isOver) = lower.addingReportingOverflow(size)
    let (bytes, isBeyond) = values.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
    let (all, isAbove) = bytes.addingReportingOverflow(2 * rowCount)
    return isTooMany || isOver || isBeyond || isAbove ? nil : all
  }

  /// Begins a round.
  ///
  /// - Parameter centroids: k × d, row-major, finite.
  /// - Throws: ``KernelError/badShape`` never for the k that the bounds were made for.
  /// - Complexity: O(k²·d), without groups; O(k·d) with.
  public func begin(_ centroids: [Value]) throws(KernelError) {
    precondition(centroids.count == shape.k * shape.d, "centroids are not k × d")
    let first: Int32 = isFirst ? 1 : 0
    // SAFETY: the arrays have k and k × d entries; the geometry was sized for this shape.
    let status = unsafe centroids.withUnsafeBufferPointer { centroids in
      unsafe groups.withUnsafeBufferPointer { groups in
        guard let base = centroids.baseAddress else { return CB_BAD_SHAPE }
        return unsafe rows.kernels.boundsBegin(&shape, groups.baseAddress, first, base, geometry)
      }
    }
    try check(status)
    kept?.needsAll = isFirst
    isFirst = false
  }

  /// Labels the rows of one block and adds them up.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - scratch: Memory of the calling worker.
  ///   - partial: Is added to, save the inertia.
  /// - Returns: Pairs of row and centroid whose distance was computed.
  /// - Throws: ``KernelError/badShape`` never for the k that the bounds were made for.
  public func pass(
    block: Int,
    scratch: ClusterScratch<Value>,
    partial: inout ClusterPartial
  ) throws(KernelError) -> Int {
    let computed = try label(block: block, scratch: scratch)
    if let kept {
      scratch.reserve(columnCount: rows.columnCount, clusterCount: shape.k)
      try kept.renew(block: block, labels: labels, scratch: scratch)
      kept.add(block: block, to: &partial)
    } else {
      try rows.update(block: block, labels: labels, scratch: scratch, partial: &partial)
    }
    return computed
  }

  /// Labels the rows of one block; returns what ``pass(block:scratch:partial:)`` does.
  public func label(block: Int, scratch: ClusterScratch<Value>) throws(KernelError) -> Int {
    let begin = block * ClusterRows<Value>.blockRows
    var shape = shape
    // SAFETY: the shape outlives the calls.
    scratch.reserve(unsafe cb_bounds_scratch(&shape))
    let width = unsafe cb_bounds_width(&shape)
    scratch.flags = Array(repeating: 0, count: shape.k)
    let first = shape.kind == CB_BOUNDS_ELKAN ? begin * width : begin
    var computed: UInt64 = 0
    // SAFETY: the block lies within the rows, labels and bounds, which are padded as rows are; scratch
    // and flags were sized above.
    let status = unsafe scratch.flags.withUnsafeMutableBufferPointer { flags in
      guard let base = flags.baseAddress else { return CB_BAD_SHAPE }
      return unsafe rows.kernels.boundsLabel(
        &shape,
        rows.values.base + begin,
        rows.values.stride,
        rows.count(ofBlock: block),
        geometry,
        lower.stride,
        scratch.base,
        labels.base + begin,
        upper.base + begin,
        lower.base + first,
        base,
        &computed
      )
    }
    try check(status)
    return Int(computed)
  }

  private static func shape(
    _ kind: BoundsKind,
    _ columnCount: Int,
    _ clusterCount: Int,
    _ groupCount: Int
  ) -> cb_bounds_shape {
    cb_bounds_shape(kind: kind.code, d: columnCount, k: clusterCount, groups: groupCount)
  }

  private static func sizes(_ shape: cb_bounds_shape) -> (width: Int, geometry: Int) {
    var shape = shape
    // SAFETY: the shape outlives the calls.
    return unsafe (cb_bounds_width(&shape), cb_bounds_geometry(&shape))
  }
}
