internal import CBridge

/// Instruction sets that the C core has a form for; every level gives the same bits.
public enum InstructionSet: Int, CaseIterable, Sendable {
  /// Plain C.
  case scalar = 0
  /// AVX2 with FMA and BMI2.
  case avx2 = 1
  /// AVX-512 F, BW, DQ, VL and VBMI2.
  case avx512 = 2

  /// The level that kernels use now.
  public static var current: InstructionSet {
    InstructionSet(rawValue: Int(cb_level_current().rawValue)) ?? .scalar
  }

  /// The levels that this processor has.
  public static var available: [InstructionSet] {
    allCases.filter { $0.rawValue <= Int(cb_level_detect().rawValue) }
  }

  /// Makes kernels use this level, or the highest that the processor has below it.
  ///
  /// Not to be called while a kernel runs.
  public func force() {
    cb_level_force(cb_level(rawValue: UInt32(rawValue)))
  }
}
