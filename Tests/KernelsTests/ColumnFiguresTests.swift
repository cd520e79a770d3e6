internal import Foundation
internal import Kernels
internal import TestKit
internal import Testing

@Suite struct ColumnFiguresTests {
  @Test func `figures of a few values are what the hand gives`() {
    let figures = ColumnFigures([3, -1, 4, 1, -5, 9, 2, 6, 5, 3], workers: Workers(count: 2))
    #expect(figures.sum() == 27)
    #expect(figures.sum(scale: 2, centre: 1) == 44)
    #expect(figures.sumOfSquares(centre: 1) == 163)
    #expect(figures.range().lowest == -5)
    #expect(figures.range().highest == 9)
    #expect(figures.range().badRow == nil)
  }

  @Test func `the first value that is not finite is found in any chunk`() {
    var values = Array(repeating: 1.0, count: 100_000)
    values[70_000] = .nan
    values[99_999] = .infinity
    let figures = ColumnFigures(values, workers: Workers(count: 3))
    #expect(figures.range().badRow == 70_000)
    #expect(ColumnFigures(values, rows: 60_000..<80_000, workers: .all).range().badRow == 10_000)
  }

  @Test func `the range of any number of values is theirs, wherever one is not finite`() {
    var random = SeededGenerator(seed: 13)
    for count in 1...40 {
      let values = (0..<count).map { _ in Double.random(in: -9...9, using: &random) }
      let range = ColumnFigures(values, workers: Workers(count: 1)).range()
      #expect(range.lowest == values.min())
      #expect(range.highest == values.max())
      #expect(range.badRow == nil)
      for bad in [Double.nan, .infinity, -.infinity] {
        var spoilt = values
        let place = Int.random(in: 0..<count, using: &random)
        spoilt[place] = bad
        let figures = ColumnFigures(spoilt, workers: Workers(count: 1)).range()
        let rest = values.indices.filter { $0 != place }.map { values[$0] }
        #expect(figures.badRow == place)
        #expect(figures.lowest == rest.min() ?? .infinity)
        #expect(figures.highest == rest.max() ?? -.infinity)
      }
    }
  }

  @Test func `the number of workers changes no bit of a sum`() {
    var random = SeededGenerator(seed: 11)
    let values = (0..<123_457).map { _ in Double.random(in: -1e6...1e6, using: &random) }
    let sums = [1, 2, 3, 8].map { ColumnFigures(values, workers: Workers(count: $0)).sum() }
    #expect(sums.allSatisfy { $0 == sums[0] })
    #expect(abs(sums[0] - values.reduce(0, +)) < 1e-3)
  }

  @Test func `log1p is within one unit in the last place of the C library's`() {
    var random = SeededGenerator(seed: 12)
    let spread = (0..<200_000).map { _ in
      let size = Double.random(in: -20...40, using: &random)
      return Foundation.exp(size) * (Bool.random(using: &random) ? 1 : -1)
    }
    let special = [
      0, -0.0, 1e-300, .leastNonzeroMagnitude, 1, 1e300, 0.41421356, 0.4142136, 1e16, -1e-17,
    ]
    let values = spread + special
    for (value, logarithm) in zip(values, signedLog1p(values)) {
      let expected = value < 0 ? -Foundation.log1p(-value) : Foundation.log1p(value)
      #expect(abs(logarithm - expected) <= expected.ulp, "log1p of \(value)")
      #expect(logarithm.sign == expected.sign)
    }
  }

  @Test func `log1p passes on what is not finite`() {
    let result = signedLog1p([.nan, .infinity, -.infinity])
    #expect(result[0].isNaN)
    #expect(result[1] == .infinity)
    #expect(result[2] == -.infinity)
  }
}
