internal import TestKit
internal import Testing

@Suite struct TextDifferenceTests {
  @Test func `equal texts have no difference`() {
    #expect(textDifference(expected: "a\nb\n", actual: "a\nb\n") == nil)
  }

  @Test func `only the lines that differ and their neighbours are shown`() {
    let difference = textDifference(
      expected: "1\n2\n3\n4\n5\n",
      actual: "1\n2\nx\n4\n5\n",
      context: 1
    )
    #expect(difference == "line 3:\n  2\n- 3\n+ x\n  4")
  }

  @Test func `a carriage return is a difference that can be seen`() {
    let difference = textDifference(expected: "a\n", actual: "a\r\n", context: 0)
    #expect(difference == "line 1:\n- a\n+ a\\r")
  }

  @Test func `a missing end is shown`() {
    #expect(textDifference(expected: "a\nb", actual: "a", context: 0) == "line 2:\n- b")
  }
}
