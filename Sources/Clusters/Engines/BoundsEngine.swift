internal import Kernels

/// Bounds of distances that are carried from round to round and moved as the centroids move, so that
/// most distances are never computed.
///
/// With n rows, k centroids, d columns and values of 4 or 8 bytes, one start takes besides the matrix,
/// and besides sums of at most the size of the matrix:
///
/// | engine | values | source |
/// |---|---|---|
/// | `elkan` | n·k + k² | C. Elkan, "Using the triangle inequality to accelerate k-means", ICML 2003 |
/// | `hamerly` | 2·n | G. Hamerly, "Making k-means even faster", SDM 2010 |
/// | `exponion` | 2·n + 2·k² | J. Newling and F. Fleuret, "Fast k-means with accurate bounds", ICML 2016 |
/// | `yinyang` | n·k / 10 | Y. Ding et al., "Yinyang k-means: a drop-in replacement of the classic k-means with consistent speedup", ICML 2015 |
/// | `simplified-yinyang` | n·k / 10 | W. Kwedlo, "Two modifications of Yinyang k-means algorithm", 2017 |
struct BoundsEngine<Value: ClusterValue>: ExactEngine {
  private let bounds: ClusterBounds<Value>

  /// Bounds that say nothing yet, for a start from these centroids.
  ///
  /// - Parameters:
  ///   - rows: What is labelled.
  ///   - kind: Which bounds.
  ///   - centroids: k × d, row-major.
  ///   - keepsSums: Whether ``pass(block:centroids:scratch:partial:)`` will be called.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  init(
    rows: ClusterRows<Value>,
    kind: BoundsKind,
    centroids: [Value],
    keepsSums: Bool
  ) throws(KernelError) {
    let clusterCount = centroids.count / rows.columnCount
    let groups =
      kind.hasGroups
      ? try CentroidGroups.groups(of: centroids, columnCount: rows.columnCount) : []
    bounds = try ClusterBounds(
      rows: rows,
      kind: kind,
      clusterCount: clusterCount,
      groups: groups,
      keepsSums: keepsSums
    )
  }

  /// Bytes that one start takes; nil where they are beyond counting.
  static func byteCount(rows: ClusterRows<Value>, kind: BoundsKind, clusterCount: Int) -> Int? {
    ClusterBounds<Value>.byteCount(
      kind,
      rowCount: rows.rowCount,
      columnCount: rows.columnCount,
      clusterCount: clusterCount,
      groupCount: kind.hasGroups ? CentroidGroups<Value>.count(clusterCount: clusterCount) : 1
    )
  }

  var labels: RowBuffer<UInt16> { bounds.labels }

  func begin(_ centroids: [Value]) throws(KernelError) { try bounds.begin(centroids) }

  func pass(
    block: Int,
    centroids: [Value],
    scratch: ClusterScratch<Value>,
    partial: inout ClusterPartial
  ) throws(KernelError) -> Int {
    try bounds.pass(block: block, scratch: scratch, partial: &partial)
  }

  func label(
    block: Int,
    centroids: [Value],
    scratch: ClusterScratch<Value>
  ) throws(KernelError) -> Int {
    try bounds.label(block: block, scratch: scratch)
  }
}
