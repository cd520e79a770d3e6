internal import Writers

extension ClusterBenchReport {
  /// Writes processor seconds and distances of every engine as an SVG.
  ///
  /// - Throws: ``RunError`` where the file cannot be written.
  public func writeChart(to path: String) throws(RunError) {
    try BenchOutput.write(Array(chart.svg.utf8), to: path)
  }

  private var chart: BarChart {
    BarChart(
      title: "k-means engines: \(source.count > 60 ? "…\(source.suffix(59))" : source)",
      notes: [
        "\(rowCount) rows × \(columnCount) columns, k = \(clusterCount), \(precision), "
          + "\(workerCount == 1 ? "1 worker" : "\(workerCount) workers"); equal labels, bit-equal "
          + "centroids and inertia",
        "\(surroundings.processor), \(surroundings.simd), BLAS \(surroundings.blasCore), Tranche "
          + "\(surroundings.version), \(surroundings.finished)",
      ],
      panels: [
        BarChart.Panel(title: "Processor seconds of a fit (median; line: range)", bars: timeBars),
        BarChart.Panel(title: "Distances computed, share of Lloyd's", bars: distanceBars),
      ]
    )
  }

  private var timeBars: [BarChart.Bar] {
    let spreads = engineNames.map { Spread(use(of: $0).processorSeconds) }
    let fastest = spreads.map(\.median).min() ?? 0
    return zip(engineNames, spreads).map { name, spread in
      BarChart.Bar(
        label: name,
        value: spread.median,
        spread: spread.range,
        text: "\(Self.rounded(spread.median)) s",
        isMarked: spread.median == fastest
      )
    }
  }

  private var distanceBars: [BarChart.Bar] {
    engineNames.map { name in
      let fits = fits.filter { $0.name == name }
      let computed = fits.reduce(0.0) { $0 + Double($1.distancesComputed) }
      let skipped = fits.reduce(0.0) { $0 + Double($1.distancesSkipped) }
      let share = computed / max(1, computed + skipped)
      return BarChart.Bar(label: name, value: share, text: "\(Self.rounded(100 * share)) %")
    }
  }

  /// Three significant digits.
  private static func rounded(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "0" }
    var factor = 1.0
    while value * factor < 100 { factor *= 10 }
    let rounded = (value * factor).rounded() / factor
    return factor == 1 ? "\(Int(rounded))" : "\(rounded)"
  }
}
