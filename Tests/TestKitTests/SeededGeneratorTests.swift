internal import TestKit
internal import Testing

@Suite struct SeededGeneratorTests {
  // The first numbers of SplitMix64 from the seed 1234567, as published with the reference program.
  @Test func `the sequence is SplitMix64`() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.next() == 9_817_491_932_198_370_423)
  }

  @Test func `equal seeds give equal bytes and only bytes of the alphabet`() {
    var first = SeededGenerator(seed: 5)
    var second = SeededGenerator(seed: 5)
    let alphabet = Array("a,\"\n".utf8)
    let bytes = first.bytes(count: 200, from: alphabet)
    #expect(bytes == second.bytes(count: 200, from: alphabet))
    #expect(Set(bytes) == Set(alphabet))
  }
}
