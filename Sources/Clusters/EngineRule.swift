internal import Kernels

/// The engine of a run, and the kernel for passes that want all distances at once.
struct EngineChoice: Hashable, Sendable {
  /// What finds the nearest centroids in the rounds; never `auto`.
  let engine: ClusterEngine
  /// What labels the rows at the end.
  let direct: NearestEngine

  /// All distances, computed directly.
  static var fused: EngineChoice { EngineChoice(engine: .fused, direct: .fused) }

  /// The engine's name.
  var rawValue: String { engine.rawValue }
}

extension ClusterEngine {
  /// The engine that does the work: the one asked for, or for `auto` the faster by measurement.
  ///
  /// `fused` wins where a score has few columns to gain from, or a row few scores: up to 3 columns;
  /// 4 columns with up to 16 clusters; up to 12 columns with up to 4 clusters. Over n of 20,000 to
  /// 2,000,000, d of 2 to 64 and k of 3 to 128, in both precisions, the rule's median is 1.00 of the
  /// best and 412 of 420 sizes are within 1.10; the rows and the precision do not move the border,
  /// and `blas` was the fastest at 5 sizes.
  ///
  /// Nanoseconds a row, `fused`, `blas` and `tile`, 500,000 rows, on an Intel Xeon with AVX-512; make
  /// it anew by `ClusterBench grid n=500000 d=3,4,8,16,32,64 k=3,8,32,128 type=f32`:
  ///
  /// | float32, columns | k = 3 | 8 | 32 | 128 |
  /// |---|---|---|---|---|
  /// | 3 | 0.6, 1.9, 0.9 | 1.2, 2.8, 1.3 | 3.9, 7.4, 3.7 | 12, 25, 12 |
  /// | 4 | 0.8, 2.0, 1.0 | 1.4, 2.9, 1.8 | 4.5, 7.6, 4.2 | 14, 26, 14 |
  /// | 8 | 1.6, 2.8, 1.8 | 3.1, 4.0, 2.9 | 9.0, 10, 6.4 | 30, 32, 20 |
  /// | 16 | 3.3, 4.4, 3.4 | 6.0, 6.4, 5.1 | 16, 14, 10 | 55, 48, 34 |
  /// | 32 | 11, 13, 9.3 | 18, 18, 13 | 37, 32, 23 | 113, 106, 67 |
  /// | 64 | 26, 28, 29 | 45, 48, 37 | 85, 61, 56 | 232, 189, 142 |
  ///
  /// | float64, columns | k = 3 | 8 | 32 | 128 |
  /// |---|---|---|---|---|
  /// | 3 | 1.2, 3.0, 1.6 | 3.5, 4.9, 2.7 | 6.6, 15, 6.8 | 22, 54, 22 |
  /// | 4 | 1.6, 3.5, 2.0 | 3.1, 5.7, 3.4 | 7.6, 15, 7.3 | 26, 54, 24 |
  /// | 8 | 3.3, 5.6, 3.6 | 5.3, 7.2, 4.3 | 16, 18, 11 | 56, 62, 37 |
  /// | 16 | 12, 13, 10 | 14, 16, 11 | 32, 30, 19 | 103, 88, 61 |
  /// | 32 | 26, 27, 21 | 35, 37, 24 | 71, 59, 43 | 221, 199, 119 |
  /// | 64 | 55, 60, 50 | 74, 76, 54 | 146, 125, 92 | 426, 346, 230 |
  func resolved(columnCount: Int, clusterCount: Int) -> EngineChoice {
    let direct: NearestEngine = Self.isDirect(columnCount, clusterCount) ? .fused : .tile
    switch self {
    case .fused: return EngineChoice(engine: .fused, direct: .fused)
    case .blas: return EngineChoice(engine: .blas, direct: .blas)
    case .tile: return EngineChoice(engine: .tile, direct: .tile)
    case .auto: return EngineChoice(engine: direct == .fused ? .fused : .tile, direct: direct)
    case .elkan, .hamerly, .exponion, .yinyang, .simplifiedYinyang:
      return EngineChoice(engine: self, direct: direct)
    }
  }

  private static func isDirect(_ columnCount: Int, _ clusterCount: Int) -> Bool {
    switch columnCount {
    case ...3: true
    case 4: clusterCount <= 16
    case ...12: clusterCount <= 4
    default: false
    }
  }
}
