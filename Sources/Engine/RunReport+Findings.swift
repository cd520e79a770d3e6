internal import Clusters
internal import Readers
internal import Tables
internal import Writers

extension RunReport {
  /// Where the rows and their money went.
  mutating func ledger(_ summary: ReadSummary, scale: Int) {
    let tallies =
      [("kept", summary.kept)] + summary.filtered.map { ($0.rule, $0.tally) }
      + [("rejected", summary.rejected)]
    rowsRead = summary.rowsRead
    rows = tallies.map { name, tally in
      RowReport(
        name: name,
        rows: tally.rows,
        money: tally.money.decimalString(scale: scale),
        unreadableAmounts: tally.unreadableAmounts
      )
    }
    rows.append(RowReport(name: "blank", rows: summary.blank, money: nil, unreadableAmounts: 0))
    money = tallies.reduce(Money.zero) { $0 + $1.1.money }.decimalString(scale: scale)
  }
}

extension GroupReport {
  init(_ profile: GroupProfile, scale: Int) {
    self.init(
      id: profile.name.id,
      label: profile.name.label,
      customers: profile.customers,
      share: profile.share,
      recencyDays: profile.meanRecencyDays,
      frequency: profile.meanFrequency,
      monetary: profile.meanMonetary,
      totalMoney: profile.totalMoney.decimalString(scale: scale)
    )
  }
}

extension RankedClusters {
  /// Every number of clusters that was tried.
  var sweepReports: [SweepReport] {
    sweep.quality.indices.map { index in
      let (quality, tried) = (sweep.quality[index], sweep.tried[index])
      return SweepReport(
        clusterCount: quality.clusterCount,
        isChosen: quality.clusterCount == clustering.clusterCount,
        inertia: quality.inertia,
        calinskiHarabasz: quality.calinskiHarabasz,
        daviesBouldin: quality.daviesBouldin,
        silhouette: quality.simplifiedSilhouette,
        rounds: tried.rounds,
        converged: tried.converged,
        criteria: CriteriaReport(sweep.choice.figures[index], choice: sweep.choice)
      )
    }
  }
}

extension Findings {
  /// Things a user should know.
  func warnings(_ plan: Plan) -> [String] {
    ledger.summary.warnings
      + (clusters?.sweep.warnings(plan.clusters, rows: "the features of the customers") ?? [])
      + (clusters?.choiceWarnings ?? [])
  }
}

extension SweepResult {
  /// Things that a user should know of a fit of these rows.
  func warnings(_ options: ClusterOptions, rows: String) -> [String] {
    var warnings: [String] = []
    if isReduced {
      warnings.append(
        "\(requestedCount) clusters were asked for, but \(rows) take only "
          + "\(distinctRows) different values; lower clusters.count"
      )
    }
    let late = tried.filter(\.isOutOfTime)
    if let seconds = options.maxSeconds, !late.isEmpty {
      warnings.append(
        "clustering into \(counts(late)) was stopped after \(seconds) seconds, so another run may "
          + "give other clusters; raise clusters.max_seconds"
      )
    }
    let restless = tried.filter { !$0.converged && !$0.isOutOfTime }
    if !restless.isEmpty {
      warnings.append(
        "clustering into \(counts(restless)) did not come to rest within "
          + "\(options.maxRounds) rounds; raise clusters.max_rounds"
      )
    }
    return warnings
  }

  private func counts(_ tried: [TriedClustering]) -> String {
    tried.map { "\($0.clusterCount)" }.joined(separator: ", ")
  }
}
