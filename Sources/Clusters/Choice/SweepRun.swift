internal import Kernels
internal import Tables

/// The best run for one number of clusters, as the choice between them needs it.
struct SweepRun<Value: ClusterValue>: Sendable {
  let attempt: Attempt<Value>
  let quality: ClusterQuality
  let dispersion: Dispersion
  let engine: EngineChoice
  /// One label a row; kept only where ``ChoiceOptions/needsLabels``.
  let labels: RowLabels?

  /// Clusters.
  var clusterCount: Int { dispersion.clusterCount }
}

extension ChoiceOptions {
  /// Whether the labels of every number of clusters are needed at the end: 2 bytes a row each.
  var needsLabels: Bool { criteria.contains(.silhouette) }
}

extension ClusterOptions {
  /// How samples are clustered: each alone on one worker, from a seed of its own.
  func forSample(_ counts: ClosedRange<Int>, random: inout RandomStream) -> ClusterOptions {
    var options = ClusterOptions()
    options.count = .sweep(counts)
    options.starts = 2
    options.seed = random.next()
    options.engine = .fused
    options.precision = precision
    return options
  }
}

/// Random streams of one purpose: the seed is moved by a constant of its own, so that they do not meet.
enum ChoiceSeed {
  static let silhouette: UInt64 = 0x51
  static let gapSample: UInt64 = 0x6A
  static let references: UInt64 = 0x6B
  static let resamples: UInt64 = 0x57

  /// The seed of one purpose.
  static func seed(_ seed: UInt64, for purpose: UInt64) -> UInt64 {
    seed ^ (purpose &* 0x9E37_79B9_7F4A_7C15)
  }
}
