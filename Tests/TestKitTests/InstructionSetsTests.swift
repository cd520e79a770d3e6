internal import Kernels
internal import TestKit
internal import Testing

@Suite struct InstructionSetsTests {
  @Test(arguments: 1...8)
  func `what runs at a level keeps it to the end, whoever else forces one`(_ round: Int) {
    let isKept = Workers(count: 4).map(blocks: 200) { block in
      let levels = InstructionSet.available
      let level = levels[block % levels.count]
      return withInstructionSet(level) {
        (0..<50).allSatisfy { _ in InstructionSet.current == level }
      }
    }
    #expect(isKept.allSatisfy { $0 })
  }
}
