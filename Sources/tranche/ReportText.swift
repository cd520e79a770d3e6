internal import Engine

/// What `run` prints at its end: at most 100 columns.
struct ReportText {
  private let report: RunReport

  init(_ report: RunReport) {
    self.report = report
  }

  /// All tables, with an empty line between them.
  var text: String {
    var parts = [rows, facts]
    parts += groups("Segments", report.segments)
    parts += groups("Value tiers", report.tiers)
    parts += groups("Clusters", report.clusters)
    if !report.sweep.isEmpty { parts.append(SweepText(report).text) }
    parts += [stages, outputs]
    return parts.joined(separator: "\n")
  }

  private var rows: String {
    var table = [["read", NumberText.grouped(report.rowsRead), NumberText.grouped(report.money)]]
    for row in report.rows where row.rows > 0 || row.name != "blank" {
      let money = row.money.map { NumberText.grouped($0) } ?? ""
      let unreadable = row.unreadableAmounts
      let note = unreadable > 0 ? "\(NumberText.grouped(unreadable)) without a readable amount" : ""
      table.append([name(of: row), NumberText.grouped(row.rows), money, note])
    }
    table[0].append("")
    return TextTable("Rows", ["rows", "money", ""], rows: table).text
  }

  private func name(of row: RowReport) -> String {
    ["kept", "rejected", "blank"].contains(row.name) ? row.name : "filtered: \(row.name)"
  }

  private var facts: String {
    let asOf = report.asOf.isEmpty ? "" : ", recency as of \(report.asOf)"
    return "\(NumberText.grouped(report.customers)) customers, "
      + "\(NumberText.grouped(report.orders)) orders\(asOf)\n"
  }

  private func groups(_ title: String, _ groups: [GroupReport]) -> [String] {
    guard !groups.isEmpty else { return [] }
    let columns = ["customers", "share", "recency", "frequency", "mean money", "money"]
    let rows = groups.map { group in
      [
        group.id.hasPrefix("cluster_") ? "\(group.id): \(group.label)" : group.label,
        NumberText.grouped(group.customers), NumberText.percent(group.share),
        NumberText.rounded(group.recencyDays, decimals: 1),
        NumberText.rounded(group.frequency, decimals: 2),
        NumberText.rounded(group.monetary, decimals: 2), NumberText.grouped(group.totalMoney),
      ]
    }
    return [TextTable(title, columns, rows: rows).text]
  }

  private var stages: String {
    let rows = report.stages.map { use in
      [
        use.stage.rawValue, NumberText.rounded(use.wallSeconds, decimals: 3),
        NumberText.rounded(use.processorSeconds, decimals: 3),
        use.bytes > 0 ? NumberText.bytes(use.bytes) : "",
        use.gigabytesPerSecond.map { NumberText.rounded($0, decimals: 2) } ?? "",
      ]
    }
    let total = [
      "total", NumberText.rounded(report.stages.reduce(0) { $0 + $1.wallSeconds }, decimals: 3),
      NumberText.rounded(report.stages.reduce(0) { $0 + $1.processorSeconds }, decimals: 3), "", "",
    ]
    let columns = ["seconds", "processor seconds", "bytes", "GB/s"]
    return TextTable("Stages", columns, rows: rows + [total]).text
  }

  private var outputs: String {
    let threads = report.workerCount == 1 ? "1 worker" : "\(report.workerCount) workers"
    return "Peak memory \(NumberText.bytes(report.peakResidentBytes)) with \(threads)\n"
      + "Published \(report.output): \(NumberText.grouped(report.fileCount)) files, "
      + "\(NumberText.bytes(report.byteCount)); see summary.json and manifest.json there\n"
  }
}
