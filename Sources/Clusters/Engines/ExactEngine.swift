// Engines find the nearest centroid of every row, in every round, for one start. They differ in which
// distances they compute, and in nothing else: labels are Lloyd's, ties go to the lowest centroid, and
// the rows are added up by label in the one canonical order (see cb_kmeans.h), so centroids and inertia
// are the same bits whichever engine runs. An engine may skip a distance only where it could not have
// won even after rounding (see kmeans_bounds.c); what is left open is decided by the canonical distance.
//
// `BlockEngine` computes all distances and carries nothing. `BoundsEngine` carries labels and bounds.

internal import Kernels

/// Finds the nearest centroid of every row, for one start, round after round.
protocol ExactEngine<Value>: Sendable {
  associatedtype Value: ClusterValue

  /// The label of each row after ``label(block:centroids:scratch:)``.
  var labels: RowBuffer<UInt16> { get }

  /// Begins a round; called by one thread.
  func begin(_ centroids: [Value]) throws(KernelError)

  /// Labels the rows of one block and adds them up; called by several threads for different blocks.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - centroids: What the round began with.
  ///   - scratch: Memory of the calling worker.
  ///   - partial: Is added to, save the inertia.
  /// - Returns: Pairs of row and centroid whose distance was computed, each counted once.
  /// - Throws: ``KernelError/badShape`` when there are too many centroids.
  func pass(
    block: Int,
    centroids: [Value],
    scratch: ClusterScratch<Value>,
    partial: inout ClusterPartial
  ) throws(KernelError) -> Int

  /// Labels the rows of one block and leaves adding them up to the caller.
  func label(
    block: Int,
    centroids: [Value],
    scratch: ClusterScratch<Value>
  ) throws(KernelError) -> Int
}

extension ClusterEngine {
  /// The bounds that the engine carries; nil for engines without.
  var bounds: BoundsKind? {
    switch self {
    case .elkan: .elkan
    case .hamerly: .hamerly
    case .exponion: .exponion
    case .yinyang: .yinyang
    case .simplifiedYinyang: .simplifiedYinyang
    case .auto, .blas, .fused, .tile: nil
    }
  }
}
