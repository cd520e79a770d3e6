internal import Engine

/// The numbers of clusters that were tried, the criteria, and what came of them.
struct SweepText {
  private let report: RunReport

  init(_ report: RunReport) {
    self.report = report
  }

  /// One table, another for what was asked for besides, and what the criteria make of it.
  var text: String {
    var text = figures
    if report.sweep.contains(where: \.criteria.hasFurther) { text += further }
    guard let choice = report.choice else { return text }
    if report.sweep.count > 1 {
      text += "  chosen by \(choice.rule); * marks what each criterion prefers\n"
      if !choice.recommendation.isEmpty { text += "  \(choice.recommendation)\n" }
    }
    let shares = choice.separation.map { "\($0.column) \(NumberText.percent($0.share))" }
    return text + "  separation between the clusters: \(shares.joined(separator: ", "))\n"
  }

  private var figures: String {
    let columns = [
      "inertia", "simpl. silh.", "Cal.-Harabasz", "Davies-B.", "BIC", "rounds", "",
    ]
    let rows = report.sweep.map { tried in
      [
        "k = \(tried.clusterCount)", NumberText.rounded(tried.inertia, decimals: 4),
        tried.marked("simplified_silhouette", NumberText.rounded(tried.silhouette, decimals: 4)),
        tried.marked(
          "calinski_harabasz",
          NumberText.rounded(tried.calinskiHarabasz, decimals: 1)
        ),
        tried.marked("davies_bouldin", NumberText.rounded(tried.daviesBouldin, decimals: 4)),
        tried.marked("bic", NumberText.rounded(tried.criteria.bic, decimals: 0)),
        tried.converged ? "\(tried.rounds)" : "\(tried.rounds)+", tried.isChosen ? "chosen" : "",
      ]
    }
    return TextTable("Numbers of clusters", columns, rows: rows).text
  }

  private var further: String {
    let columns = ["silhouette", "gap", "lowest Jaccard", "Rand index", ""]
    let rows = report.sweep.map { tried in
      [
        "k = \(tried.clusterCount)",
        tried.marked("silhouette", tried.criteria.silhouette?.text ?? "-"),
        tried.marked("gap", tried.criteria.gap?.text ?? "-"),
        tried.marked("stability", NumberText.rounded(tried.criteria.lowestJaccard, decimals: 4)),
        NumberText.rounded(tried.criteria.resampledRand, decimals: 4),
        tried.isChosen ? "chosen" : "",
      ]
    }
    return TextTable("Further criteria", columns, rows: rows).text
  }
}

extension SweepReport {
  /// Text with a mark where a criterion prefers this number.
  fileprivate func marked(_ criterion: String, _ text: String) -> String {
    criteria.preferredBy.contains(criterion) ? "*\(text)" : text
  }
}

extension CriteriaReport {
  fileprivate var hasFurther: Bool {
    silhouette != nil || gap != nil || lowestJaccard != nil
  }
}

extension EstimateReport {
  /// `0.4587 ± 0.0034`.
  fileprivate var text: String {
    "\(NumberText.rounded(value, decimals: 4)) ± \(NumberText.rounded(error, decimals: 4))"
  }
}
