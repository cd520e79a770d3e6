internal import Engine

/// What `fit` and `assign` print at their end: at most 100 columns where there are few columns.
struct ModelText {
  /// More columns of means than these are left to summary.json.
  private static let mostMeans = 4

  private let report: ModelReport

  init(_ report: ModelReport) {
    self.report = report
  }

  /// All tables, with an empty line between them.
  var text: String {
    ([clusters] + matching + [outputs]).joined(separator: "\n")
  }

  private var clusters: String {
    let shown = report.meanNames.prefix(Self.mostMeans)
    let columns = [report.rowKind, "share"] + shown.map { "mean \($0)" } + ["sq. distance"]
    let rows = report.clusters.map { cluster in
      [
        name(cluster), NumberText.grouped(cluster.rows), NumberText.percent(cluster.share),
      ]
        + shown.indices.map { NumberText.rounded(cluster.means?[$0], decimals: 2) }
        + [NumberText.rounded(cluster.meanSquaredDistance, decimals: 4)]
    }
    return TextTable("Clusters", columns, rows: rows).text
  }

  private func name(_ cluster: ModelClusterReport) -> String {
    cluster.label == cluster.id.replacing("cluster_", with: "Cluster ")
      ? cluster.id : "\(cluster.id): \(cluster.label)"
  }

  private var matching: [String] {
    guard report.isMatched else { return [] }
    let rows = report.clusters.map { cluster in
      [cluster.id, cluster.matchingCost.map { NumberText.rounded($0, decimals: 6) } ?? "new"]
    }
    let gone = report.goneIDs.map { [$0, "gone"] }
    let total = ["total", NumberText.rounded(report.totalMatchingCost, decimals: 6)]
    let table = TextTable("Previous model", ["squared shift"], rows: rows + gone + [total])
    return [table.text]
  }

  private var outputs: String {
    "\(NumberText.grouped(report.rowCount)) \(report.rowKind), inertia "
      + "\(NumberText.rounded(report.inertia, decimals: 4))\n"
      + "Published \(report.output): \(NumberText.grouped(report.fileCount)) files, "
      + "\(NumberText.bytes(report.byteCount)); see summary.json and manifest.json there\n"
  }
}
