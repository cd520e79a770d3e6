internal import Kernels

extension FitUse {
  /// Does `body` and notes what it used.
  mutating func measure<Value>(_ body: () throws(RunError) -> Value) throws(RunError) -> Value {
    let canTellPeak = ProcessMeter.resetPeakResidentBytes()
    let resident = ProcessMeter.residentBytes
    let wall = ProcessMeter.wallSeconds
    let processor = ProcessMeter.processorSeconds
    let value = try body()
    processorSeconds.append(ProcessMeter.processorSeconds - processor)
    wallSeconds.append(ProcessMeter.wallSeconds - wall)
    if canTellPeak {
      let bytes = max(0, ProcessMeter.peakResidentBytes - resident)
      memoryBytes = max(memoryBytes ?? 0, bytes)
    }
    return value
  }
}
