internal import Kernels
internal import Tables

/// Judges the numbers of clusters of one sweep.
struct Choice<Value: ClusterValue>: Sendable {
  let space: ClusterSpace<Value>
  let columnNames: [String]
  let options: ClusterOptions
  let workers: Workers

  /// Everything that is asked for about some runs, and which of them it is.
  ///
  /// - Parameter runs: The best run for each number of clusters, ascending; one at least.
  /// - Returns: Figures of each run, the votes, the verdict and the number of clusters.
  /// - Throws: ``ClusterError`` as ``KMeans`` does.
  /// - Complexity: That of the criteria; without ``ChoiceCriterion/needsFurtherWork`` O(runs · k · d).
  func judge(_ runs: [SweepRun<Value>]) throws(ClusterError) -> ClusterChoice {
    let gaps = try gaps(runs)
    let silhouettes = try silhouettes(runs)
    let stabilities =
      asks(.stability)
      ? try Stability(space: space, options: options, workers: workers).figures(runs) : []
    let figures = runs.indices.map { index in
      ChoiceFigures(
        clusterCount: runs[index].clusterCount,
        bic: runs[index].dispersion.bic,
        separation: runs[index].dispersion.separation,
        silhouette: silhouettes.isEmpty ? nil : silhouettes[index],
        gap: gaps[runs[index].clusterCount],
        stability: stabilities.isEmpty ? nil : stabilities[index]
      )
    }
    let evidence = ChoiceEvidence(quality: runs.map(\.quality), figures: figures, gaps: gaps)
    return choice(evidence)
  }

  /// Whether a criterion is asked for, and defined: those that need samples take rows that weigh the
  /// same.
  private func asks(_ criterion: ChoiceCriterion) -> Bool {
    options.choice.criteria.contains(criterion) && space.rows.weights == nil
  }

  private func gaps(_ runs: [SweepRun<Value>]) throws(ClusterError) -> [Int: GapFigures] {
    guard asks(.gap), let first = runs.first, let last = runs.last
    else {
      return [:]
    }
    return try GapStatistic(rows: space.rows, options: options, workers: workers)
      .figures(tried: first.clusterCount...last.clusterCount)
  }

  private func silhouettes(
    _ runs: [SweepRun<Value>]
  ) throws(ClusterError) -> [SilhouetteEstimate?] {
    let clusterings = runs.compactMap(\.labels)
    guard asks(.silhouette), clusterings.count == runs.count else { return [] }
    let sampled = SampledSilhouette(
      rows: space.rows,
      seed: ChoiceSeed.seed(options.seed, for: ChoiceSeed.silhouette),
      sampleRows: options.choice.silhouetteRows,
      workers: workers
    )
    return try ClusterError.translate(space.rows, clusterCount: 1) { () throws(KernelError) in
      try sampled.estimates(clusterings)
    }
  }

  private func choice(_ evidence: ChoiceEvidence) -> ClusterChoice {
    let votes = evidence.votes(options.choice.criteria)
    var choice = ClusterChoice()
    choice.figures = evidence.figures
    choice.rule = options.choice.rule
    choice.structure = evidence.structure
    if evidence.figures.count > 1 {
      choice.recommendation = Recommendation(votes, structure: choice.structure)
    }
    let wanted =
      options.choice.rule.criterion.map { rule in votes.first { $0.criterion == rule }?.clusterCount
      }
      ?? choice.recommendation?.mostVoted
    choice.clusterCount = nearest(to: wanted, evidence)
    choice.warnings = choice.warnings(columnNames: columnNames)
    return choice
  }

  /// A number of clusters that was tried: the gap statistic may want 1, which was not.
  private func nearest(to wanted: Int?, _ evidence: ChoiceEvidence) -> Int {
    let tried = evidence.figures.map(\.clusterCount)
    guard let lowest = tried.first, let highest = tried.last else { return 1 }
    return min(highest, max(lowest, wanted ?? lowest))
  }
}

extension ClusterChoice {
  /// What a user should know about the choice.
  fileprivate func warnings(columnNames: [String]) -> [ChoiceWarning] {
    var warnings: [ChoiceWarning] = []
    if let structure, !structure.hasStructure { warnings.append(.noStructure(structure)) }
    if figures.count > 1, clusterCount == figures.last?.clusterCount {
      warnings.append(.atUpperEnd(clusterCount: clusterCount))
    }
    if let separation = chosen?.separation, separation.count > 1 {
      for (name, share) in zip(columnNames, separation) where share > ChoiceWarning.decidingShare {
        warnings.append(.oneAxisDecides(column: name, share: share))
      }
    }
    if let stability = chosen?.stability, stability.lowestJaccard < ChoiceWarning.stableJaccard {
      let shaky = stability.jaccard.indices.filter {
        stability.jaccard[$0] < ChoiceWarning.stableJaccard
      }
      warnings.append(.unstable(clusters: shaky, lowest: stability.lowestJaccard))
    }
    return warnings
  }
}
