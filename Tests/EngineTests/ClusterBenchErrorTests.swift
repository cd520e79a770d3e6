internal import Clusters
internal import Engine
internal import Testing

@Suite struct ClusterBenchErrorTests {
  private static let differences: [(TrialDifference, String)] = [
    (.label(row: 7, 1, 2), "row 7 has label 1 by elkan, 2 by fused"),
    (.centroid(cluster: 3, column: 0, 0.5, 0.25), "centroid 3, column 0 is 0.5 by elkan, 0.25"),
    (.inertia(1, 2), "the inertia is 1.0 by elkan, 2.0 by fused"),
    (.rounds(4, 5), "elkan took 4 rounds, fused 5"),
    (.round(3, 1, 2), "in round 3 the inertia or the shift is 1.0 by elkan, 2.0 by fused"),
  ]

  @Test func `engines that disagree fail a gate, and the message says where`() {
    for (difference, words) in Self.differences {
      let error = ClusterBenchError.disagreement(
        Disagreement(fit: "elkan", reference: "fused", seed: 9, difference: difference)
      )
      let failure = RunError(stage: .clusters, cause: error)
      #expect(failure.kind == .gate)
      #expect(failure.description.contains(words), "\(failure.description)")
      #expect(failure.description.contains("start of seed 9"))
    }
  }

  @Test func `options are the user's, files are the system's`() {
    let cases: [(ClusterBenchError, FailureKind)] = [
      (.badOption("--k", "1"), .configuration),
      (.startColumns(path: "s.csv", found: 2, expected: 3), .configuration),
      (.cannotWrite(path: "c.svg", reason: "full"), .output),
    ]
    for (error, kind) in cases {
      #expect(RunError(stage: .clusters, cause: error).kind == kind)
    }
  }
}

@Suite struct SpreadTests {
  @Test func `the median is the middle, or the mean of the middle two`() {
    #expect(Spread([3]).median == 3)
    #expect(Spread([5, 1, 3]).median == 3)
    #expect(Spread([4, 1, 3, 2]).median == 2.5)
    #expect(Spread([4, 1, 3, 2]).range == 1...4)
  }
}

@Suite struct CalibrationReportTests {
  private static func cell(_ times: [(String, Double)], choice: String) -> CalibrationCell {
    CalibrationCell(
      times: times.map { EngineTime(engine: $0.0, seconds: $0.1) },
      choice: choice
    )
  }

  @Test func `short fits and choices that were not measured do not count`() {
    #expect(Self.cell([("a", 0.2), ("b", 0.1)], choice: "a").ratio == 2)
    #expect(Self.cell([("a", 0.2), ("b", 0.1)], choice: "a").counts)
    #expect(!Self.cell([("a", 0.02), ("b", 0.01)], choice: "a").counts)
    #expect(Self.cell([("a", 0.2)], choice: "c").ratio == nil)
    #expect(!Self.cell([("a", 0.2)], choice: "c").counts)
  }

  @Test func `the median and the worst are of the cells that count`() {
    var report = CalibrationReport(surroundings: .current)
    #expect(report.ratios == nil)
    report.cells = [
      Self.cell([("a", 0.11), ("b", 0.1)], choice: "a"),
      Self.cell([("a", 0.1), ("b", 0.2)], choice: "a"),
      Self.cell([("a", 0.3), ("b", 0.2)], choice: "a"),
      Self.cell([("a", 0.03), ("b", 0.01)], choice: "a"),
    ]
    #expect(report.ratios?.median == 0.11 / 0.1)
    #expect(report.ratios?.range.upperBound == 0.3 / 0.2)
  }
}
