internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

private func fit(
  _ matrix: FeatureMatrix,
  _ counts: ClosedRange<Int> = 2...8,
  criteria: Set<ChoiceCriterion> = Set(ChoiceCriterion.allCases),
  workers: Int = 2,
  change: (inout ClusterOptions) -> Void = { _ in }
) throws -> SweepResult {
  var options = ClusterOptions()
  options.count = .sweep(counts)
  options.starts = 3
  options.choice.criteria = criteria
  options.choice.references = 8
  options.choice.referenceRows = 300
  options.choice.resamples = 5
  change(&options)
  return try KMeans.fit(matrix, options: options, workers: Workers(count: workers))
}

private func noise(_ rows: Int, columns: Int, seed: UInt64) -> FeatureMatrix {
  var random = SeededGenerator(seed: seed)
  let values = (0..<columns).map { _ in
    (0..<rows).map { _ in Double.random(in: 0...1, using: &random) }
  }
  return FeatureMatrix(names: (0..<columns).map { "x\($0)" }, columns: values)
}

/// The choice between numbers of clusters.
@Suite(.serialized) struct ChoiceTests {
  @Test(arguments: [
    [(0.0, 0.0), (12.0, 9.0)],
    [(0.0, 0.0), (10.0, 0.0), (3.0, 11.0)],
    [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (11.0, 12.0), (24.0, 3.0)],
  ])
  func `all criteria agree on well separated blobs`(centres: [(Double, Double)]) throws {
    let choice = try fit(blobs(centres, count: 60, seed: 3), 2...6).choice
    let recommendation = try #require(choice.recommendation)
    #expect(recommendation.votes.map(\.criterion) == ChoiceCriterion.allCases)
    #expect(
      recommendation.votes.map(\.clusterCount)
        == ChoiceCriterion.allCases.map { _ in centres.count }
    )
    #expect(recommendation.clusterCount == centres.count)
    #expect(recommendation.reason == .mostVotes)
    #expect(recommendation.dissenting.isEmpty)
    #expect(choice.clusterCount == centres.count)
    #expect(choice.structure?.hasStructure == true)
    #expect(choice.warnings.isEmpty)
    let stability = try #require(choice.chosen?.stability)
    #expect(stability.lowestJaccard > 0.99)
    #expect(stability.adjustedRand > 0.99)
  }

  @Test(arguments: [ReferenceShape.tightest, .box], [1, 2, 3])
  func `noise has no structure, and the gap statistic prefers one cluster`(
    shape: ReferenceShape,
    columns: Int
  ) throws {
    let matrix = noise(400, columns: columns, seed: UInt64(columns))
    let choice = try fit(matrix, 2...5) { $0.choice.referenceShape = shape }.choice
    let recommendation = try #require(choice.recommendation)
    #expect(recommendation.votes.first { $0.criterion == .gap }?.clusterCount == 1)
    #expect(choice.structure?.hasStructure == false)
    #expect(recommendation.reason == .noStructure)
    #expect(recommendation.clusterCount == 1)
    #expect((2...5).contains(choice.clusterCount), "k is one of those tried all the same")
    let isWarned = choice.warnings.contains {
      guard case .noStructure = $0 else { return false }
      return true
    }
    #expect(isWarned)
  }

  @Test func `references along the principal axes follow correlated columns`() throws {
    // A thin diagonal strip is noise; a box along the columns would find its ends.
    var random = SeededGenerator(seed: 5)
    let along = (0..<500).map { _ in Double.random(in: 0...10, using: &random) }
    let across = along.map { $0 + Double.random(in: -0.3...0.3, using: &random) }
    let strip = FeatureMatrix(names: ["x", "y"], columns: [along, across])
    for (shape, hasStructure) in [
      (ReferenceShape.principalAxes, false), (.tightest, false), (.box, true),
    ] {
      let choice = try fit(strip, 2...4, criteria: [.simplifiedSilhouette, .gap]) {
        $0.choice.referenceShape = shape
      }.choice
      #expect(choice.structure?.hasStructure == hasStructure, "\(shape)")
    }
  }

  @Test func `silhouettes and similarities keep to their ranges`() throws {
    for seed in UInt64(0)..<4 {
      let choice = try fit(noise(200, columns: 3, seed: seed), 2...4).choice
      for figures in choice.figures {
        let silhouette = try #require(figures.silhouette)
        #expect(([silhouette.mean] + silhouette.byCluster).allSatisfy { (-1...1).contains($0) })
        let stability = try #require(figures.stability)
        #expect(stability.jaccard.allSatisfy { (0...1).contains($0) })
        #expect((-1...1).contains(stability.adjustedRand))
        #expect(abs(figures.separation.reduce(0, +) - 1) < 1e-12)
        let gap = try #require(figures.gap)
        #expect(gap.standardError > 0)
      }
    }
  }

  @Test func `workers and levels change no bit`() throws {
    let matrix = noise(5000, columns: 3, seed: 8)
    func outcome(workers: Int) throws -> [String] {
      let result = try fit(matrix, 2...4, workers: workers) {
        $0.choice.references = 3
        $0.choice.resamples = 3
        $0.choice.silhouetteRows = 200
        $0.choice.referenceRows = 100
        $0.choice.resampleRows = 100
      }
      return ["\(result.choice)", "\(result.best.labels)", "\(result.quality)"]
    }
    let first = try outcome(workers: 1)
    for workers in [2, 3, 8] {
      #expect(try outcome(workers: workers) == first, "\(workers) workers")
    }
    for level in InstructionSet.available {
      #expect(try withInstructionSet(level) { try outcome(workers: 2) } == first, "\(level)")
    }
  }

  @Test func `further criteria leave the clustering as it was`() throws {
    let matrix = noise(300, columns: 2, seed: 21)
    let plain = try fit(matrix, criteria: [.simplifiedSilhouette])
    let full = try fit(matrix)
    #expect(plain.best.labels == full.best.labels)
    #expect(plain.tried == full.tried)
    #expect(plain.choice.figures.allSatisfy { $0.gap == nil && $0.stability == nil })
  }

  @Test func `the rule picks the number of clusters`() throws {
    let matrix = noise(200, columns: 2, seed: 13)
    for rule in ChoiceRule.allCases {
      let result = try fit(matrix) { $0.choice.rule = rule }
      let recommendation = try #require(result.choice.recommendation)
      let vote = recommendation.votes.first { $0.criterion == rule.criterion }
      let wanted = vote?.clusterCount ?? recommendation.mostVoted
      #expect(result.best.clusterCount == max(2, wanted), "\(rule)")
      #expect(result.choice.clusterCount == result.best.clusterCount)
      #expect(result.choice.rule == rule)
      let tried = try #require(
        result.tried.first { $0.clusterCount == result.best.clusterCount }
      )
      #expect(tried.centroids == result.best.centroids)
      #expect(Set(result.best.labels).count == result.best.clusterCount)
      let distances = squaredDistances(matrix, to: tried.centroids)
      let nearest = distances.map { row in row.indices.min { row[$0] < row[$1] } ?? 0 }
      #expect(result.best.labels.map(Int.init) == nearest, "\(rule)")
    }
  }

  @Test func `a column that decides alone is warned about by name`() throws {
    var random = SeededGenerator(seed: 2)
    let columns = [
      (0..<300).map { _ in Double.random(in: 0...1, using: &random) },
      (0..<300).map { 100 * Double($0 % 3) + Double.random(in: 0...1, using: &random) },
    ]
    let matrix = FeatureMatrix(names: ["recency", "monetary"], columns: columns)
    let choice = try fit(matrix, criteria: [.simplifiedSilhouette]).choice
    guard case .oneAxisDecides("monetary", let share)? = choice.warnings.first else {
      Issue.record("no warning: \(choice.warnings)")
      return
    }
    #expect(share > 0.99)
    #expect(choice.warnings.count == 1)
    // A single column decides everything by nature.
    let alone = FeatureMatrix(names: ["monetary"], columns: [columns[1]])
    #expect(try fit(alone, criteria: [.simplifiedSilhouette]).choice.warnings.isEmpty)
  }

  @Test func `clusters that do not come back are warned about`() throws {
    let choice = try fit(noise(300, columns: 3, seed: 4), 7...7).choice
    guard case .unstable(let clusters, let lowest)? = choice.warnings.last else {
      Issue.record("no warning: \(choice.warnings)")
      return
    }
    #expect(!clusters.isEmpty)
    #expect(lowest < ChoiceWarning.stableJaccard)
    #expect(choice.recommendation == nil, "one number has nothing to compare with")
  }

  @Test func `a best number at the upper end is warned about`() throws {
    let matrix = blobs([(0, 0), (10, 0), (0, 10), (11, 12)], count: 50, seed: 6)
    let choice = try fit(matrix, 2...4, criteria: [.simplifiedSilhouette]).choice
    #expect(choice.warnings == [.atUpperEnd(clusterCount: 4)])
  }

  @Test(arguments: [
    [1.0], [1, 1, 1], [1, 2], [1, 2, 3], [0, 0, 0, 1e300], [1e-300, 2e-300, 5e-300, 9e-300],
    [1, 1, 1, 1, 1, 1, 1, 2],
  ])
  func `few and equal rows go through with every criterion`(values: [Double]) throws {
    for column in [[values], [values, values.map { _ in 7 }]] {
      let matrix = FeatureMatrix(names: column.indices.map { "x\($0)" }, columns: column)
      let choice = try fit(matrix, 1...4).choice
      #expect(choice.figures.count <= Set(values).count)
      #expect(choice.figures.contains { $0.clusterCount == choice.clusterCount })
      for figures in choice.figures {
        #expect(!(figures.silhouette?.mean.isNaN ?? false))
        #expect(!(figures.gap?.gap.isNaN ?? false))
        #expect(figures.separation.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func `options out of range are refused by name`() throws {
    func refusal(_ change: (inout ChoiceOptions) -> Void) -> String {
      do {
        _ = try fit(line([1, 2, 3]), 2...2) { change(&$0.choice) }
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(refusal { $0.criteria = [] }.contains("clusters.choice.criteria"))
    #expect(
      refusal {
        $0.criteria.remove(.gap); $0.rule = .gap
      }.contains("clusters.choose_by")
    )
    #expect(refusal { $0.silhouetteRows = 1 }.contains("clusters.choice.silhouette_rows"))
    #expect(refusal { $0.references = 1 }.contains("clusters.choice.references"))
    #expect(refusal { $0.referenceRows = 0 }.contains("clusters.choice.reference_rows"))
    #expect(refusal { $0.resamples = -1 }.contains("clusters.choice.resamples"))
    #expect(refusal { $0.resampleRows = 1 }.contains("clusters.choice.resample_rows"))
    #expect(refusal { $0.rule = .agreement } == "none")
  }
}

private func squaredDistances(_ matrix: FeatureMatrix, to centroids: [Double]) -> [[Double]] {
  let columns = matrix.columnCount
  return (0..<matrix.rowCount).map { row in
    (0..<centroids.count / columns).map { cluster in
      (0..<columns).reduce(0.0) { sum, column in
        let gap =
          matrix.values[column * matrix.rowCount + row] - centroids[cluster * columns + column]
        return sum + gap * gap
      }
    }
  }
}
