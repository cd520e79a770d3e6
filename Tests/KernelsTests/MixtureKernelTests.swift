internal import Foundation
internal import Kernels
internal import TestKit
internal import Testing

@Suite struct MixtureKernelTests {
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 13, 32])
  func `the inverse factor makes the identity of its matrix`(size: Int) throws {
    var random = SeededGenerator(seed: UInt64(size))
    let rows = (0..<3 * size).map { _ in
      (0..<size).map { _ in Double.random(in: -1...1, using: &random) }
    }
    let matrix = (0..<size * size).map { index in
      rows.reduce(0.0) { $0 + $1[index / size] * $1[index % size] }
    }
    let inverse = try BLAS.inverseFactor(matrix, size: size)
    func entry(_ row: Int, _ column: Int) -> Double {
      column <= row ? inverse[row * (row + 1) / 2 + column] : 0
    }
    for i in 0..<size {
      for j in 0..<size {
        var sum = 0.0
        for a in 0..<size {
          for b in 0..<size { sum += entry(i, a) * matrix[a * size + b] * entry(j, b) }
        }
        #expect(abs(sum - (i == j ? 1 : 0)) < 1e-11)
      }
    }
  }

  @Test func `a matrix that is not positive definite has no factor`() {
    #expect(throws: KernelError.numeric) { try BLAS.inverseFactor([1, 2, 2, 1], size: 2) }
    #expect(throws: KernelError.numeric) { try BLAS.inverseFactor([0], size: 1) }
    // Only the last of six columns is at fault, behind the first block of the factor.
    var matrix = (0..<36).map { $0 % 7 == 0 ? 1.0 : 0 }
    matrix[35] = -1
    #expect(throws: KernelError.numeric) { try BLAS.inverseFactor(matrix, size: 6) }
  }

  @Test func `the portable logarithm is within one unit in the last place`() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let exponent = Int.random(in: -1000...1000, using: &random)
      let value =
        Double(sign: .plus, exponent: exponent, significand: 1)
        * Double.random(in: 1..<2, using: &random)
      let expected = log(value)
      #expect(abs(portableLog(value) - expected) <= expected.ulp)
    }
    #expect(portableLog(1) == 0)
  }
}
