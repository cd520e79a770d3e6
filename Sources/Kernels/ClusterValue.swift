internal import CBridge

/// A precision that the kernels of k-means exist in: `Float` or `Double`.
public protocol ClusterValue: BinaryFloatingPoint, BitwiseCopyable, Hashable, Sendable {
  /// The kernels in this precision.
  static var clusterKernels: ClusterKernels<Self> { get }
}

/// The kernels of k-means in one precision; only ``ClusterRows`` can call them.
@safe
public struct ClusterKernels<Value: ClusterValue>: Sendable {
  typealias Input = UnsafePointer<Value>
  typealias Output = UnsafeMutablePointer<Value>
  typealias Total = UnsafeMutablePointer<Double>

  let scale: @Sendable (UnsafePointer<Double>, Int, Double, Double, Output) -> Void
  let locate: @Sendable (Input, Int, Double) -> Int
  let norms: @Sendable (Input, Int, Int, Int, Output) -> cb_status
  let block:
    @Sendable (
      Input, Int, Int, Int, Input, Int, Input?, cb_kmeans_engine, Output, Total,
      UnsafeMutablePointer<Int64>, Total?, UnsafeMutablePointer<UInt16>?, Output?
    ) -> cb_status
  let probe: @Sendable (Input, Int, Int, Int, Input, Int, Input, Total) -> cb_status
  let take: @Sendable (Input, Int, Int, Int, Input, Output, Total) -> cb_status
  let quality:
    @Sendable (
      Input, Int, Int, Int, Input, Int, UnsafePointer<UInt16>, Output, Total, Total
    ) -> cb_status
}

extension Float: ClusterValue {
  /// The kernels in 32 bits.
  public static var clusterKernels: ClusterKernels<Float> {
    // SAFETY: the functions are what `ClusterKernels` declares; it alone answers for the pointers.
    unsafe ClusterKernels(
      scale: { unsafe cb_kmeans_scale_f32($0, $1, $2, $3, $4) },
      locate: { unsafe cb_kmeans_locate_f32($0, $1, $2) },
      norms: { unsafe cb_kmeans_norms_f32($0, $1, $2, $3, $4) },
      block: {
        unsafe cb_kmeans_block_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      },
      probe: { unsafe cb_kmeans_try_f32($0, $1, $2, $3, $4, $5, $6, $7) },
      take: { unsafe cb_kmeans_take_f32($0, $1, $2, $3, $4, $5, $6) },
      quality: { unsafe cb_kmeans_quality_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) }
    )
  }
}

extension Double: ClusterValue {
  /// The kernels in 64 bits.
  public static var clusterKernels: ClusterKernels<Double> {
    // SAFETY: the functions are what `ClusterKernels` declares; it alone answers for the pointers.
    unsafe ClusterKernels(
      scale: { unsafe cb_kmeans_scale_f64($0, $1, $2, $3, $4) },
      locate: { unsafe cb_kmeans_locate_f64($0, $1, $2) },
      norms: { unsafe cb_kmeans_norms_f64($0, $1, $2, $3, $4) },
      block: {
        unsafe cb_kmeans_block_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      },
      probe: { unsafe cb_kmeans_try_f64($0, $1, $2, $3, $4, $5, $6, $7) },
      take: { unsafe cb_kmeans_take_f64($0, $1, $2, $3, $4, $5, $6) },
      quality: { unsafe cb_kmeans_quality_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) }
    )
  }
}
