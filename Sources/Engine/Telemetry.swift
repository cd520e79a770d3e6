internal import Kernels

/// What one step of a run used.
public struct StageUse: Hashable, Sendable {
  /// Which step.
  public var stage: RunStage
  /// Seconds that passed.
  public var wallSeconds: Double
  /// Processor seconds of all threads, in user and system mode.
  public var processorSeconds: Double
  /// Bytes read or written, as far as the step reads or writes any.
  public var bytes: UInt64

  /// Bytes that passed in a second, in units of 10^9; nil where there were none.
  public var gigabytesPerSecond: Double? {
    bytes > 0 && wallSeconds > 0 ? Double(bytes) / wallSeconds / 1e9 : nil
  }
}

/// What the steps of a run used, in the order in which they began.
struct Telemetry {
  private(set) var stages: [StageUse] = []

  /// Does `body` and notes what it used.
  ///
  /// - Throws: ``RunError`` with this stage and what `body` threw.
  mutating func measure<Value, Failure: Error>(
    _ stage: RunStage,
    bytes: (Value) -> UInt64 = { _ in 0 },
    _ body: () throws(Failure) -> Value
  ) throws(RunError) -> Value {
    let wall = ProcessMeter.wallSeconds
    let processor = ProcessMeter.processorSeconds
    do throws(Failure) {
      let value = try body()
      stages.append(
        StageUse(
          stage: stage,
          wallSeconds: ProcessMeter.wallSeconds - wall,
          processorSeconds: ProcessMeter.processorSeconds - processor,
          bytes: bytes(value)
        )
      )
      return value
    } catch {
      throw error as? RunError ?? RunError(stage: stage, cause: error)
    }
  }

  /// The most memory that was resident at once so far, in bytes.
  static var peakResidentBytes: Int { ProcessMeter.peakResidentBytes }
}
