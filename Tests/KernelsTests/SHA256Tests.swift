internal import Kernels
internal import TestKit
internal import Testing

@Suite struct SHA256Tests {
  @Test func `the examples of FIPS 180-4 come out`() {
    var hash = SHA256()
    #expect(
      hash.hexDigest() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    hash.update(Array("abc".utf8))
    #expect(
      hash.hexDigest() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
  }

  @Test func `pieces of any length give the hash of the whole`() {
    var generator = SeededGenerator(seed: 1)
    let bytes = generator.bytes(count: 1000)
    var whole = SHA256()
    whole.update(bytes)
    for step in [1, 3, 63, 64, 65, 999] {
      var pieces = SHA256()
      for begin in stride(from: 0, to: bytes.count, by: step) {
        pieces.update(Array(bytes[begin..<min(begin + step, bytes.count)]))
      }
      #expect(pieces.digest() == whole.digest())
    }
  }
}
