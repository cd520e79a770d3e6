internal import Kernels

/// The machine and the programs that figures come from.
public struct BenchSurroundings: Hashable, Sendable {
  /// The name of the machine.
  public var host: String
  /// The name of its processor.
  public var processor: String
  /// Processors that this process may use.
  public var processorCount: Int
  /// The instruction set of the kernels.
  public var simd: String
  /// The kernels that OpenBLAS took.
  public var blasCore: String
  /// The version of OpenBLAS and how it was built.
  public var blasBuild: String
  /// The version of Tranche.
  public var version: String
  /// When it was measured, in UTC.
  public var finished: String
  /// Variables that slow OpenBLAS down or change its last digits, where they are set.
  public var blasVariables: [String]

  /// This machine now.
  public static var current: BenchSurroundings {
    let environment = ProcessSurroundings.environment
    return BenchSurroundings(
      host: ProcessMeter.hostName,
      processor: ProcessMeter.processorName,
      processorCount: Workers.all.count,
      simd: InstructionSet.current.name,
      blasCore: BLAS.coreName,
      blasBuild: BLAS.build,
      version: Release.version,
      finished: Clock.now(),
      blasVariables: ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"].filter {
        environment[$0] != nil
      }
    )
  }
}
