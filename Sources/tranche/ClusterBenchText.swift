internal import Engine

/// What `bench cluster` prints for people.
struct ClusterBenchText {
  private let report: ClusterBenchReport

  init(_ report: ClusterBenchReport) {
    self.report = report
  }

  /// The table, and what was proved where.
  var text: String {
    [subject, table, proof, surroundings].joined(separator: "\n")
  }

  private var subject: String {
    let workers = report.workerCount == 1 ? "1 worker" : "\(report.workerCount) workers"
    return "\(report.source): \(NumberText.grouped(report.rowCount)) rows × \(report.columnCount) "
      + "columns, k = \(report.clusterCount), \(report.precision), \(workers)\n"
  }

  private var hasTruth: Bool { report.fits.contains { $0.agreement.randIndexOfTruth != nil } }

  private var table: String {
    let columns =
      ["rounds", "processor s", "wall s", "distances", "skipped", "memory", "inertia", "ARI"]
      + (hasTruth ? ["ARI truth", "NMI truth"] : [])
    return TextTable("Engine", columns, rows: report.engineNames.map(row)).text
  }

  private func row(of name: String) -> [String] {
    let fits = report.fits.filter { $0.name == name }
    let use = report.use(of: name)
    let done = fits.first.map(\.engine) ?? name
    let cells = [
      done == name ? name : "\(name): \(done)", rounds(fits), spread(use.processorSeconds),
      NumberText.rounded(Spread(use.wallSeconds).median, decimals: 3),
      count(fits.map(\.distancesComputed)), count(fits.map(\.distancesSkipped)),
      use.memoryBytes.map { NumberText.bytes($0) } ?? "-", significant(median(fits, \.inertia)),
      NumberText.rounded(median(fits, \.agreement.randIndexOfLloyd), decimals: 3),
    ]
    guard hasTruth else { return cells }
    return cells + [
      NumberText.rounded(median(fits) { $0.agreement.randIndexOfTruth ?? 0 }, decimals: 3),
      NumberText.rounded(median(fits) { $0.agreement.informationOfTruth ?? 0 }, decimals: 3),
    ]
  }

  /// Rounds of the middle start; a plus where not all of them came to rest.
  private func rounds(_ fits: [EngineFit]) -> String {
    let middle = median(fits) { Double($0.rounds) }
    let text = NumberText.rounded(middle, decimals: middle == middle.rounded() ? 0 : 1)
    return fits.allSatisfy(\.converged) ? text : text + "+"
  }

  /// The median, with its range where there is more than one measurement.
  private func spread(_ seconds: [Double]) -> String {
    let spread = Spread(seconds)
    let text = NumberText.rounded(spread.median, decimals: 3)
    guard seconds.count > 1 else { return text }
    let low = NumberText.rounded(spread.range.lowerBound, decimals: 3)
    return "\(text) (\(low)-\(NumberText.rounded(spread.range.upperBound, decimals: 3)))"
  }

  private func median(_ fits: [EngineFit], _ figure: (EngineFit) -> Double) -> Double {
    Spread(fits.map(figure)).median
  }

  /// `12.3 M` of the middle start.
  private func count(_ counts: [Int]) -> String {
    var value = Spread(counts.map(Double.init)).median
    let units = ["", " k", " M", " G", " T"]
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return NumberText.rounded(value, decimals: unit == 0 ? 0 : 2) + units[unit]
  }

  /// Six digits, so that small and large figures can be told apart.
  private func significant(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "-" }
    guard (1e-3..<1e9).contains(value.magnitude) else { return "\(Float(value))" }
    let digits = value.magnitude >= 1000 ? 1 : 6
    return NumberText.rounded(value, decimals: digits)
  }

  private var proof: String {
    let starts = Set(report.fits.map(\.seed)).count
    let over = starts == 1 ? "" : ", from each of \(starts) starts"
    let simd = report.surroundings.simd
    let levels =
      report.agreeingLevel.map { "\(simd) and \($0) give the same bits" }
      ?? "\(simd) is the only SIMD level of this processor"
    return "Equal labels, bit-equal centroids and inertia of all exact engines\(over)\n\(levels)\n"
  }

  private var surroundings: String {
    let machine = report.surroundings
    return "Tranche \(machine.version) on \(machine.host), \(machine.processor), "
      + "\(machine.processorCount) processors\n\(machine.simd), BLAS core \(machine.blasCore), "
      + "\(machine.blasBuild), \(machine.finished)\n"
  }
}
