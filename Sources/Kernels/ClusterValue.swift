internal import CBridge

/// A precision that the kernels of k-means exist in: `Float` or `Double`.
public protocol ClusterValue: BinaryFloatingPoint, BitwiseCopyable, Hashable, Sendable {
  /// Takes values of a column in a given order as doubles; see `cb_distances_gather_f32`.
  static var gatherKernel: GatherKernel<Self> { get }
  /// The kernels in this precision.
  static var clusterKernels: ClusterKernels<Self> { get }
  /// The kernels of its relatives in this precision.
  static var familyKernels: FamilyKernels<Self> { get }
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
      Input, Int, Int, Int, Input, Int, Input?, cb_kmeans_engine, Output, Total?,
      UnsafeMutablePointer<Int64>?, Total?, UnsafeMutablePointer<UInt16>?, Output?
    ) -> cb_status
  let probe: @Sendable (Input, Int, Int, Int, Input, Int, Input, Total) -> cb_status
  let take: @Sendable (Input, Int, Int, Int, Input, Output, Total) -> cb_status
  let quality:
    @Sendable (
      Input, Int, Int, Int, Input, Int, UnsafePointer<UInt16>, UnsafePointer<Double>?, Output,
      Total, Total
    ) -> cb_status
  let update:
    @Sendable (
      Input, Int, Int, Int, Int, UnsafePointer<UInt16>, UnsafePointer<Double>?, Input?, Output,
      Total, UnsafeMutablePointer<Int64>, Total?, Total?
    ) -> cb_status
  let renew:
    @Sendable (
      Input, Int, Int, Int, Int, UnsafePointer<UInt16>, UnsafePointer<UInt8>, Output, Total,
      UnsafeMutablePointer<Int64>
    ) -> cb_status
  let measure:
    @Sendable (
      Input, Int, Int, Int, Input, Int, UnsafePointer<UInt16>, Output
    ) -> cb_status
  let boundsBegin:
    @Sendable (
      UnsafePointer<cb_bounds_shape>, UnsafePointer<UInt16>?, Int32, Input, Output
    ) -> cb_status
  let boundsLabel:
    @Sendable (
      UnsafePointer<cb_bounds_shape>, Input, Int, Int, Input, Int, Output,
      UnsafeMutablePointer<UInt16>, Output, Output, UnsafeMutablePointer<UInt8>,
      UnsafeMutablePointer<UInt64>
    ) -> cb_status
  let collapse:
    @Sendable (
      Input, Int, Int, Int, Int, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>,
      UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<Int>
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
      quality: { unsafe cb_kmeans_quality_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
      update: {
        unsafe cb_kmeans_update_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      },
      renew: { unsafe cb_kmeans_renew_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
      measure: { unsafe cb_kmeans_measure_f32($0, $1, $2, $3, $4, $5, $6, $7) },
      boundsBegin: { unsafe cb_bounds_begin_f32($0, $1, $2, $3, $4) },
      boundsLabel: {
        unsafe cb_bounds_label_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      },
      collapse: { unsafe cb_kmeans_collapse_f32($0, $1, $2, $3, $4, $5, $6, $7, $8) }
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
      quality: { unsafe cb_kmeans_quality_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
      update: {
        unsafe cb_kmeans_update_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      },
      renew: { unsafe cb_kmeans_renew_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
      measure: { unsafe cb_kmeans_measure_f64($0, $1, $2, $3, $4, $5, $6, $7) },
      boundsBegin: { unsafe cb_bounds_begin_f64($0, $1, $2, $3, $4) },
      boundsLabel: {
        unsafe cb_bounds_label_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      },
      collapse: { unsafe cb_kmeans_collapse_f64($0, $1, $2, $3, $4, $5, $6, $7, $8) }
    )
  }
}
