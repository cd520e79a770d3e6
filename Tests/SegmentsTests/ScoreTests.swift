internal import Segments
internal import Tables
internal import TestKit
internal import Testing

/// Scores of the monetary axis under one rule.
private func score(
  _ money: [Double],
  _ rule: ScoreRule,
  places: [RowPlace] = []
) throws -> (scores: [UInt8], model: AxisModel) {
  var options = SegmentOptions(maps: [plainMap(bins: rule.binCount)])
  options.scores.recency = .quantiles(bins: rule.binCount, ties: .value)
  options.scores.frequency = .quantiles(bins: rule.binCount, ties: .value)
  options.scores.monetary = rule
  let (table, model) = try Segmentation.assign(
    table(money: money),
    places: places,
    options: options
  )
  return (table.monetaryScores, model.monetary)
}

/// One customer in each place of file 0.
private func offsets(_ bytes: [UInt64]) -> [RowPlace] {
  bytes.map { RowPlace(fileOrdinal: 0, byteOffset: $0) }
}

@Suite struct ScoreTests {
  @Test func `quintile cuts interpolate between neighbours and close on the right`() throws {
    // Positions 0.8, 1.6, 2.4, 3.2 of 10 20 30 40 50: cuts 18, 26, 34, 42.
    let (result, model) = try score([50, 10, 40, 20, 30], .quantiles(bins: 5, ties: .value))
    #expect(result == [5, 1, 4, 2, 3])
    #expect(model.scale == .values)
    #expect(zip(model.cuts, [18, 26, 34, 42]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(model.bins.map(\.customers) == [1, 1, 1, 1, 1])
    #expect(model.bins.map(\.lowest) == [10, 20, 30, 40, 50])
  }

  @Test func `a value at a cut is in the lower bin`() throws {
    // Median of 1 2 3 is 2 itself.
    let (result, model) = try score([1, 2, 3], .quantiles(bins: 2, ties: .value))
    #expect(model.cuts == [2])
    #expect(result == [1, 1, 2])
  }

  @Test func `few days score high, and a cut falls on the recent side`() throws {
    var options = SegmentOptions(maps: [plainMap(bins: 2)])
    options.scores.recency = .quantiles(bins: 2, ties: .value)
    options.scores.frequency = .quantiles(bins: 2, ties: .value)
    options.scores.monetary = .quantiles(bins: 2, ties: .value)
    let days = table(days: [1, 2, 3])
    let (table, model) = try Segmentation.assign(days, places: [], options: options)
    #expect(table.recencyScores == [2, 2, 1])
    #expect(model.recency.bins.map(\.customers) == [1, 2])
    #expect(model.recency.bins.map(\.highest) == [3, 2])
  }

  @Test func `ordinal ranks part equal values by position`() throws {
    // Ranks 1 to 5; cuts 1.8, 2.6, 3.4, 4.2.
    let (result, model) = try score([7, 7, 7, 7, 7], .quantiles(bins: 5, ties: .ordinalByKey))
    #expect(result == [1, 2, 3, 4, 5])
    #expect(model.scale == .ranks)
    #expect(model.cuts == [1.8, 2.6, 3.4, 4.2])
  }

  @Test func `ordinal ranks part equal values by first appearance`() throws {
    let rule = ScoreRule.quantiles(bins: 5, ties: .ordinalByAppearance)
    let (result, _) = try score([7, 7, 7, 7, 7], rule, places: offsets([40, 0, 30, 10, 20]))
    #expect(result == [5, 1, 4, 2, 3])
  }

  @Test func `mid ranks keep equal values together`() throws {
    // Mid ranks 1, 3, 3, 3, 5; the cuts 1.8, 2.6, 3.4, 4.2 put 3 into the third bin.
    let (result, _) = try score([1, 2, 2, 2, 9], .quantiles(bins: 5, ties: .mid))
    #expect(result == [1, 3, 3, 3, 5])
  }

  @Test func `declared cuts are right closed`() throws {
    let (result, model) = try score([-1, 0, 0.5, 10, 11], .cuts([0, 10]))
    #expect(result == [1, 1, 2, 2, 3])
    #expect(model.cuts == [0, 10])
    #expect(model.bins.map(\.customers) == [2, 2, 1])
  }

  @Test func `declared cuts between whole days hold for days`() throws {
    var options = SegmentOptions(maps: [plainMap(bins: 3)])
    options.scores.recency = .cuts([-0.5, 7.5])
    options.scores.frequency = .cuts([1, 0x1p70])
    options.scores.monetary = .cuts([-0x1p70, 0])
    let rfm = table(days: [-1, 0, 7, 8], orders: [1, 2, 3, .max])
    let (table, _) = try Segmentation.assign(rfm, places: [], options: options)
    #expect(table.recencyScores == [3, 2, 2, 1])
    #expect(table.frequencyScores == [1, 2, 2, 2])
    #expect(table.monetaryScores == [2, 2, 2, 2])
  }

  @Test func `negative zero equals zero`() throws {
    let (result, _) = try score([-0.0, 0.0, -1, 1], .cuts([0]))
    #expect(result == [1, 1, 1, 2])
  }
}

@Suite struct DegenerateScoreTests {
  @Test func `values all alike take the lowest bin`() throws {
    let (result, model) = try score([3, 3, 3], .quantiles(bins: 5, ties: .value))
    #expect(result == [1, 1, 1])
    #expect(model.cuts == [3, 3, 3, 3])
    #expect(model.bins.map(\.customers) == [3, 0, 0, 0, 0])
    #expect(model.bins[4].lowest == nil)
  }

  @Test func `mid ranks of values all alike take the middle bin`() throws {
    let (result, _) = try score([3, 3, 3], .quantiles(bins: 5, ties: .mid))
    #expect(result == [3, 3, 3])
  }

  @Test(arguments: TiePolicy.allCases)
  func `fewer customers than bins spread from the lowest to the highest`(_ ties: TiePolicy) throws {
    let (result, _) = try score([1, 2], .quantiles(bins: 5, ties: ties), places: offsets([0, 1]))
    #expect(result == [1, 5])
  }

  @Test(arguments: TiePolicy.allCases)
  func `one customer takes the lowest bin`(_ ties: TiePolicy) throws {
    let (result, _) = try score([1], .quantiles(bins: 5, ties: ties), places: offsets([0]))
    #expect(result == [1])
  }

  @Test(arguments: TiePolicy.allCases)
  func `no customers have no cuts`(_ ties: TiePolicy) throws {
    let (result, model) = try score([], .quantiles(bins: 5, ties: ties))
    #expect(result.isEmpty)
    #expect(model.cuts.isEmpty)
    #expect(model.bins.map(\.customers) == [0, 0, 0, 0, 0])
  }
}

@Suite struct ScoreLawTests {
  /// Scores by sorting everything and comparing every rank with every cut.
  private func sortedScores(_ money: [Double], bins: Int, ties: TiePolicy, places: [RowPlace])
    -> [UInt8]
  {
    let rows = money.indices.sorted {
      if money[$0] != money[$1] { return money[$0] < money[$1] }
      return ties == .ordinalByAppearance ? places[$0] < places[$1] : $0 < $1
    }
    var scores = [UInt8](repeating: 0, count: money.count)
    for (index, row) in rows.enumerated() {
      var doubledRank = 2 * (index + 1)
      if ties == .mid {
        let less = money.count { $0 < money[row] }
        doubledRank = 2 * less + money.count { $0 == money[row] } + 1
      }
      let above = (1..<bins).count { cut in
        (doubledRank - 2) * bins > 2 * cut * (money.count - 1)
      }
      scores[row] = UInt8(above + 1)
    }
    return scores
  }

  @Test(arguments: 1...12)
  func `rank policies equal ranks of a full sort`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...2000, using: &generator)
    let spread: Double = [1, 4, 1000, 1e9].randomElement(using: &generator) ?? 1
    let money = (0..<count).map { _ in
      (Double.random(in: -spread...spread, using: &generator) * 4).rounded() / 4
    }
    let places = offsets((0..<UInt64(count)).shuffled(using: &generator))
    let bins = Int.random(in: 2...12, using: &generator)
    for ties in [TiePolicy.ordinalByKey, .ordinalByAppearance, .mid] {
      let (result, model) = try score(money, .quantiles(bins: bins, ties: ties), places: places)
      #expect(result == sortedScores(money, bins: bins, ties: ties, places: places))
      #expect(model.bins.map(\.customers).reduce(0, +) == count)
    }
  }

  @Test(arguments: 1...20)
  func `value cuts equal quantiles of a full sort`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...5000, using: &generator)
    let limit = Double(
      sign: .plus,
      exponent: Int.random(in: -3...30, using: &generator),
      significand: 1
    )
    let money = (0..<count).map { _ in Double.random(in: -limit...limit, using: &generator) }
    let sorted = money.sorted()
    let (result, model) = try score(money, .quantiles(bins: 4, ties: .value))
    for (index, cut) in model.cuts.enumerated() {
      let (rank, part) = ((index + 1) * (count - 1)).quotientAndRemainder(dividingBy: 4)
      let low = sorted[rank]
      let high = sorted[min(count - 1, rank + 1)]
      let expected = low + (high - low) * (Double(part) / 4)
      // Interpolating from the other neighbour may differ in the last digits.
      #expect(abs(cut - expected) <= limit * 1e-15)
      #expect((low...high).contains(cut))
    }
    for (score, value) in zip(result, money) {
      #expect(Int(score) == 1 + model.cuts.count { $0 < value })
    }
  }
}
