internal import Features
internal import Foundation
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// A table with one column of interest.
private func table(_ monetary: [Double]) -> RFMTable {
  RFMTable(
    asOf: Instant(microseconds: 0),
    recencyDays: monetary.indices.map { Int64($0) },
    frequency: monetary.map { _ in 1 },
    monetary: monetary,
    net: monetary.map { _ in 0 }
  )
}

private func options(_ transform: AxisTransform, _ scaling: AxisScaling) -> FeatureOptions {
  var axis = AxisOptions(axis: .monetary)
  axis.transform = transform
  axis.scaling = scaling
  var options = FeatureOptions()
  options.axes = [axis]
  return options
}

@Suite struct FeaturesTests {
  @Test func `each scaling gives what the hand gives`() throws {
    // Mean 3, population variance 2; quartiles of 1...5 at positions 1, 2 and 3: 2, 3 and 4.
    let rfm = table([1, 2, 3, 4, 5])
    let root = 2.0.squareRoot()
    let expected: [AxisScaling: [Double]] = [
      .none: [1, 2, 3, 4, 5],
      .zScore: [-2 / root, -1 / root, 0, 1 / root, 2 / root],
      .minMax: [0, 0.25, 0.5, 0.75, 1],
      .robust: [-1, -0.5, 0, 0.5, 1],
    ]
    for scaling in AxisScaling.allCases {
      let (matrix, _) = try Features.fit(rfm, options: options(.none, scaling), workers: .all)
      #expect(matrix.values == expected[scaling], "\(scaling)")
    }
  }

  @Test func `quartiles between values are interpolated`() throws {
    // Positions 0.75, 1.5 and 2.25 of 0, 4, 8, 100: 3, 6 and 31.
    let (_, model) = try Features.fit(
      table([100, 8, 0, 4]),
      options: options(.none, .robust),
      workers: .all
    )
    #expect(model.axes[0].centre == 6)
    #expect(model.axes[0].scale == 28)
  }

  @Test func `a weight multiplies the scaled value`() throws {
    var weighted = options(.none, .minMax)
    weighted.axes[0].weight = 3
    let (matrix, model) = try Features.fit(table([10, 20]), options: weighted, workers: .all)
    #expect(matrix.values == [0, 3])
    #expect(model.invert([1.5]) == [15])
  }

  @Test(arguments: AxisScaling.allCases)
  func `a constant column gives zeros`(scaling: AxisScaling) throws {
    guard scaling != .none else { return }
    let rfm = table([0.1, 0.1, 0.1])
    let (matrix, model) = try Features.fit(rfm, options: options(.log1p, scaling), workers: .all)
    #expect(matrix.values == [0, 0, 0])
    #expect(abs(model.invert([0])[0] - 0.1) < 1e-15)
  }

  @Test(arguments: AxisTransform.allCases, AxisScaling.allCases)
  func `inverting gives back the values`(
    transform: AxisTransform,
    scaling: AxisScaling
  ) throws {
    let values = [-250.5, -1, 0, 0.01, 3, 80_995.53, 77_183.6]
    let made = options(transform, scaling)
    let (matrix, model) = try Features.fit(table(values), options: made, workers: .all)
    for (value, inverse) in zip(values, model.invert(matrix.values)) {
      // A few roundings of values of the size of the largest.
      #expect(abs(value - inverse) <= 1e-9)
    }
    #expect(model.axes[0].apply(values) == matrix.values)
  }

  @Test func `the number of workers changes no bit`() throws {
    var random = SeededGenerator(seed: 3)
    let rfm = table((0..<100_003).map { _ in Double.random(in: -10...1e6, using: &random) })
    var made = FeatureOptions()
    made.principalComponents = 2
    made.axes = FeatureAxis.allCases.map(AxisOptions.init)
    let first = try Features.fit(rfm, options: made, workers: Workers(count: 1))
    for count in [2, 3, 8] {
      let other = try Features.fit(rfm, options: made, workers: Workers(count: count))
      #expect(other.matrix.values == first.matrix.values)
      #expect(other.model == first.model)
    }
  }

  @Test func `a value that is not finite is refused with row and column`() {
    #expect(throws: FeatureError.notFinite(row: 1, column: "monetary")) {
      try Features.fit(table([1, .nan, .nan]), options: options(.none, .zScore), workers: .all)
    }
    #expect(throws: FeatureError.notFinite(row: 2, column: "monetary")) {
      try Features.fit(table([1, 2, 1e300]), options: options(.none, .zScore), workers: .all)
    }
    #expect(throws: FeatureError.notFinite(row: 0, column: "monetary")) {
      try Features.fit(table([1.7e308, -1e308]), options: options(.none, .minMax), workers: .all)
    }
  }

  @Test func `options out of range are refused by name`() {
    var none = FeatureOptions()
    none.axes = []
    var twice = FeatureOptions()
    twice.axes += twice.axes
    var weightless = FeatureOptions()
    weightless.axes[1].weight = 0
    var many = FeatureOptions()
    many.principalComponents = 4
    for bad in [none, twice, weightless, many] {
      #expect(throws: FeatureError.self) {
        try Features.fit(table([1, 2]), options: bad, workers: .all)
      }
    }
  }

  @Test func `nobody gives an empty matrix`() throws {
    let (matrix, _) = try Features.fit(table([]), options: FeatureOptions(), workers: .all)
    #expect(matrix.rowCount == 0)
    #expect(matrix.columnCount == 3)
  }
}

@Suite struct PrincipalComponentsTests {
  @Test func `points on a line have one component`() throws {
    // Days 0...3 and money twice that: along (1, 2) / √5 with variance 1.25 · 5.
    var made = FeatureOptions()
    made.axes = [.recency, .monetary].map(AxisOptions.init)
    for index in made.axes.indices {
      made.axes[index].transform = .none
      made.axes[index].scaling = .none
    }
    made.principalComponents = 1
    let (matrix, model) = try Features.fit(table([0, 2, 4, 6]), options: made, workers: .all)
    let components = try #require(model.principalComponents)
    #expect(matrix.names == ["component_1"])
    #expect(abs(components.variances[0] - 6.25) < 1e-12)
    #expect(abs(components.totalVariance - 6.25) < 1e-12)
    #expect(abs(components.vectors[0] - 1 / 5.0.squareRoot()) < 1e-12)
    #expect(abs(components.vectors[1] - 2 / 5.0.squareRoot()) < 1e-12)
    let inverse = model.invert(matrix.values)
    for (actual, expected) in zip(inverse, [0, 0, 1, 2, 2, 4, 3, 6.0]) {
      #expect(abs(actual - expected) < 1e-12)
    }
  }

  @Test func `all components keep distances and carry no common variance`() throws {
    var random = SeededGenerator(seed: 12)
    let rfm = table((0..<40_000).map { _ in Double.random(in: -10...1e6, using: &random) })
    var made = FeatureOptions()
    made.axes[2].transform = .none
    made.axes[2].weight = 3e5
    let plain = try Features.fit(rfm, options: made, workers: .all).matrix.values
    made.principalComponents = 3
    let (matrix, model) = try Features.fit(rfm, options: made, workers: .all)
    let components = try #require(model.principalComponents)
    let count = Double(matrix.rowCount)
    let columns = (0..<3).map { Array(matrix.values[matrix.range(ofColumn: $0)]) }
    for (index, column) in columns.enumerated() {
      for (other, second) in columns.enumerated() {
        let moment = zip(column, second).reduce(0) { $0 + $1.0 * $1.1 } / count
        let expected = index == other ? components.variances[index] : 0
        #expect(abs(moment - expected) <= 1e-12 * components.variances[0])
      }
    }
    let size = plain.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(components.totalVariance - size) <= 1e-12 * size)
    #expect(components.variances == components.variances.sorted(by: >))
  }
}
