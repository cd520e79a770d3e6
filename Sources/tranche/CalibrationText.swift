internal import Engine

/// What `bench cluster --calibrate` prints for people.
struct CalibrationText {
  private let report: CalibrationReport

  init(_ report: CalibrationReport) {
    self.report = report
  }

  /// The table, and how well `auto` does.
  var text: String {
    let engines = report.cells.first?.times.map(\.engine) ?? []
    let rows = report.cells.map { cell in
      [
        cell.shape, NumberText.grouped(cell.rowCount), "\(cell.columnCount)",
        "\(cell.clusterCount)", "\(cell.rounds)",
      ] + cell.times.map { NumberText.rounded($0.seconds, decimals: 3) } + [
        cell.choice, NumberText.rounded(cell.ratio, decimals: 2) + (cell.counts ? "" : "*"),
      ]
    }
    let columns = ["rows", "columns", "k", "rounds"] + engines + ["auto takes", "over best"]
    return TextTable("Processor seconds", columns, rows: rows).text + "\n" + verdict
  }

  private var verdict: String {
    let machine = report.surroundings
    let cells = "\(report.cells.count) of \(report.plannedCount) cells measured"
    let rest = report.cells.count < report.plannedCount ? "; raise --max-seconds for more" : ""
    let counted = report.cells.count(where: \.counts)
    let ratios =
      report.ratios.map { spread in
        "auto over the best engine: median \(NumberText.rounded(spread.median, decimals: 2)), worst "
          + "\(NumberText.rounded(spread.range.upperBound, decimals: 2)), in \(counted) cells"
      } ?? "no fit took 50 ms, so there is nothing to tell auto's choices by"
    return "\(ratios)\n\(cells)\(rest); * fits below 50 ms are not counted\n"
      + "\(report.precision), workers \(report.workerCount), \(machine.processor), \(machine.simd), "
      + "BLAS core \(machine.blasCore), Tranche \(machine.version), \(machine.finished)\n"
  }
}
