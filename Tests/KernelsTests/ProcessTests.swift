import Kernels
import Testing

@Suite struct ProcessTests {
  @Test func `processor time and memory are metered`() {
    let before = ProcessMeter.processorSeconds
    var sum = 0.0
    for number in 0..<200_000 { sum += Double(number).squareRoot() }
    #expect(sum > 0)
    #expect(ProcessMeter.processorSeconds > before)
    #expect(ProcessMeter.peakResidentBytes > 1 << 20)
    #expect(ProcessMeter.wallSeconds <= ProcessMeter.wallSeconds)
    #expect(ProcessMeter.epochSeconds > 1.7e9)
    #expect(!ProcessMeter.hostName.isEmpty)
  }

  @Test func `the environment is a table`() {
    #expect(ProcessSurroundings.environment["PATH"]?.isEmpty == false)
    #expect(ProcessSurroundings.environment["NO_SUCH_VARIABLE_HERE"] == nil)
  }
}
