internal import CBridge

/// The kernels of the relatives of k-means in one precision; only ``ClusterRows`` can call them.
@safe
public struct FamilyKernels<Value: ClusterValue>: Sendable {
  typealias Input = UnsafePointer<Value>
  typealias Output = UnsafeMutablePointer<Value>
  typealias Total = UnsafeMutablePointer<Double>
  typealias Labels = UnsafePointer<UInt16>

  let pick: @Sendable (Input, Int, Int, UnsafePointer<Int>, Int, Output, Int) -> Void
  let equal: @Sendable (Input, Int, Int, Int, Input) -> Bool
  let gather:
    @Sendable (
      Input, Int, Int, Int, Input, Int, Labels, Output, Total, UnsafeMutablePointer<Int64>, Total,
      Output?
    ) -> cb_status
  let nearestL1:
    @Sendable (
      Input, Int, Int, Int, Input, Int, UnsafeMutablePointer<UInt16>, Output, Total
    ) -> cb_status
  let histogram:
    @Sendable (
      Input, Int, Labels?, UnsafePointer<UInt64>, UInt32, UInt32, UnsafeMutablePointer<UInt32>
    ) -> Void
  let leaveOut: @Sendable (Input, Int, Value, Int, UnsafeMutablePointer<UInt16>) -> Void
  let sample: @Sendable (Input, Int, Double, UInt64, UnsafeMutablePointer<Int>) -> Int
}

extension Float {
  /// The kernels of the relatives of k-means in 32 bits.
  public static var familyKernels: FamilyKernels<Float> {
    // SAFETY: the functions are what `FamilyKernels` declares; `ClusterRows` answers for the pointers.
    unsafe FamilyKernels(
      pick: { unsafe cb_family_pick_f32($0, $1, $2, $3, $4, $5, $6) },
      equal: { unsafe cb_family_equal_f32($0, $1, $2, $3, $4) != 0 },
      gather: { unsafe cb_family_gather_f32($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
      nearestL1: { unsafe cb_family_nearest_l1_f32($0, $1, $2, $3, $4, $5, $6, $7, $8) },
      histogram: { unsafe cb_family_histogram_f32($0, $1, $2, $3, $4, $5, $6) },
      leaveOut: { unsafe cb_family_leave_out_f32($0, $1, $2, $3, $4) },
      sample: { unsafe cb_family_sample_f32($0, $1, $2, $3, $4) }
    )
  }
}

extension Double {
  /// The kernels of the relatives of k-means in 64 bits.
  public static var familyKernels: FamilyKernels<Double> {
    // SAFETY: the functions are what `FamilyKernels` declares; `ClusterRows` answers for the pointers.
    unsafe FamilyKernels(
      pick: { unsafe cb_family_pick_f64($0, $1, $2, $3, $4, $5, $6) },
      equal: { unsafe cb_family_equal_f64($0, $1, $2, $3, $4) != 0 },
      gather: { unsafe cb_family_gather_f64($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
      nearestL1: { unsafe cb_family_nearest_l1_f64($0, $1, $2, $3, $4, $5, $6, $7, $8) },
      histogram: { unsafe cb_family_histogram_f64($0, $1, $2, $3, $4, $5, $6) },
      leaveOut: { unsafe cb_family_leave_out_f64($0, $1, $2, $3, $4) },
      sample: { unsafe cb_family_sample_f64($0, $1, $2, $3, $4) }
    )
  }
}
