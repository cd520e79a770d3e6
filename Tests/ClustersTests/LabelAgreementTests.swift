internal import Clusters
internal import TestKit
internal import Testing

@Suite struct LabelAgreementTests {
  private func labels(_ seed: UInt64, rows: Int, labels: Int) -> [Int] {
    var random = SeededGenerator(seed: seed)
    return (0..<rows).map { _ in Int.random(in: 0..<labels, using: &random) }
  }

  @Test func `six rows are what the hand gives`() {
    // Together in both: 2 pairs; in the first 6, in the second 3, of 15:
    // (2 − 6 · 3 / 15) / ((6 + 3) / 2 − 6 · 3 / 15) = 0.8 / 3.3.
    let agreement = LabelAgreement([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2])
    #expect(agreement.adjustedRand == 8.0 / 33)
    #expect(agreement.firstCounts == [3, 3])
    #expect(agreement.secondCounts == [2, 2, 2])
    #expect(agreement.shared.map(\.rows) == [2, 1, 1, 2])
    #expect(agreement.matches.map(\.index) == [0, 2])
    #expect(agreement.matches.map(\.jaccard) == [2.0 / 3, 2.0 / 3])
  }

  /// Figures of scikit-learn 1.9.
  @Test func `both indices equal those of scikit-learn`() {
    func expect(_ first: [Int], _ second: [Int], _ rand: Double, _ information: Double) {
      let agreement = LabelAgreement(first, second)
      #expect(abs(agreement.adjustedRand - rand) <= 1e-12)
      #expect(abs(agreement.normalizedMutualInformation - information) <= 1e-12)
    }
    expect([0, 0, 1, 1], [0, 0, 1, 2], 0.5714285714285714, 0.7999999999999999)
    expect([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2], 0.24242424242424243, 0.5158037429793889)
    expect([0, 1, 2, 3], [0, 0, 0, 0], 0, 0)
    let halves = [1, 0, 1, 0, 1, 0, 1, 0]
    expect([0, 0, 1, 1, 2, 2, 2, 3], halves, -0.1797752808988764, 0.1071289715592829)
    let rows = 0..<100_000
    expect(
      rows.map { $0 * $0 % 97 % 13 },
      rows.map { $0 * $0 % 97 % 11 },
      0.15425321555704283,
      0.41175505342707824
    )
    // So many labels that pairs are sorted instead of counted in a table.
    expect(
      rows.map { $0 * 7919 % 5003 },
      rows.map { $0 * 104_729 % 4999 },
      -0.00019000196151902705,
      0.6483024980094085
    )
  }

  @Test func `agreement is symmetric, and whole for renamed labels`() {
    for seed in UInt64(0)..<20 {
      let first = labels(seed, rows: 500, labels: 1 + Int(seed))
      let second = labels(seed + 100, rows: 500, labels: 7)
      let (there, back) = (LabelAgreement(first, second), LabelAgreement(second, first))
      #expect(there.adjustedRand == back.adjustedRand, "seed \(seed)")
      let gap = there.normalizedMutualInformation - back.normalizedMutualInformation
      #expect(abs(gap) < 1e-14, "seed \(seed)")
      #expect((-0.5...1).contains(there.adjustedRand))
      #expect((0...1).contains(there.normalizedMutualInformation))
      // Far apart, so that labels are looked up by search.
      let renamed = first.map { Int.max - 1_000_000_007 * $0 }
      let same = LabelAgreement(first, renamed)
      #expect(same.adjustedRand == 1)
      #expect(same.normalizedMutualInformation >= 1 - 1e-14)
      #expect(same.matches.allSatisfy { $0.jaccard == 1 })
      #expect(same.matches.map(\.index) == same.firstCounts.indices.reversed())
    }
  }

  @Test func `labels of any type and distance give the same table`() {
    let small: [UInt16] = [3, 3, 9, 9, 9, 65_535]
    let far: [Int64] = [.min, .min, 0, 0, 0, .max]
    let truth: [Int64] = [1, 1, 1, 2, 2, 2]
    let near = LabelAgreement(small.map { Int64($0) }, truth)
    #expect(LabelAgreement(far, truth).shared == near.shared)
    #expect(LabelAgreement(far, truth).firstCounts == near.firstCounts)
    #expect(LabelAgreement(small, small).adjustedRand == 1)
  }

  @Test func `no rows, one row and one cluster agree`() {
    for labels in [[], [4], [4, 4, 4]] {
      let agreement = LabelAgreement(labels, labels)
      #expect(agreement.adjustedRand == 1)
      #expect(agreement.normalizedMutualInformation == 1)
    }
    #expect(LabelAgreement([0, 1, 2], [5, 6, 7]).adjustedRand == 1)
    #expect(LabelAgreement([0, 1, 2], [5, 6, 7]).normalizedMutualInformation == 1)
  }

  @Test func `chance agrees to 0 on average`() {
    let indices = (UInt64(0)..<50).map { seed in
      LabelAgreement(
        labels(2 * seed, rows: 1000, labels: 4),
        labels(2 * seed + 1, rows: 1000, labels: 4)
      ).adjustedRand
    }
    #expect(abs(indices.reduce(0, +) / 50) < 0.001)
  }
}
