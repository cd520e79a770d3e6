// Engines compared on one matrix, from one start each seed.
//
// The direct engine `fused` runs first: that warms memory up, and gives the labels, the centroids and
// the inertia that all exact engines must equal in every repetition, bit for bit, and at the SIMD level
// below the processor's own, too. Then the engines run in turn, as often as asked for, so that a slow
// minute hits all of them. A difference ends the comparison: times of wrong results mean nothing.

internal import Clusters
internal import Generators
internal import Kernels
internal import Readers
internal import Tables
internal import Writers

/// Compares engines of k-means: equal results, times, distances, memory.
public struct ClusterBench: Sendable {
  private let options: ClusterBenchOptions
  private let plan: ClusterBenchPlan
  private let workers: Workers
  private let tell: @Sendable (String) -> Void

  /// Prepares a comparison.
  ///
  /// - Parameters:
  ///   - options: What to compare.
  ///   - tell: Is told what is being done, for somebody who waits.
  /// - Throws: ``RunError`` for an option that makes no sense.
  public init(
    _ options: ClusterBenchOptions,
    tell: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(RunError) {
    self.options = options
    self.tell = tell
    plan = try running(.clusters) { () throws(ClusterBenchError) in
      try ClusterBenchPlan(options)
    }
    workers = options.workerCount.map(Workers.init(count:)) ?? .all
  }

  /// Runs all engines.
  ///
  /// - Throws: ``RunError``; with a ``ClusterBenchError/disagreement(_:)`` where engines that have to
  ///   agree do not.
  public func perform() throws(RunError) -> ClusterBenchReport {
    tell("matrix ...")
    let subject = try BenchSubject(options, plan: plan, workers: workers)
    var report = ClusterBenchReport(surroundings: .current)
    for index in 0..<options.seedCount {
      let seed = options.seed + UInt64(index)
      let start = try makeStart(of: seed, subject)
      let fits = try compare(subject, start, seed: seed)
      report.fits += fits.reports
      guard index == 0 else { continue }
      report.clusterCount = start.count / subject.matrix.columnCount
      report.agreeingLevel = fits.agreeingLevel
      try writeStart(start, subject)
      try writeLabels(fits.labels, subject)
    }
    describe(subject, in: &report)
    return report
  }

  private func describe(_ subject: BenchSubject, in report: inout ClusterBenchReport) {
    report.source = subject.name
    report.rowCount = subject.matrix.rowCount
    report.columnCount = subject.matrix.columnCount
    report.requestedCount = options.clusterCount ?? report.clusterCount
    report.precision = options.precision
    report.maxRounds = options.maxRounds
    report.tolerance = options.tolerance
    report.workerCount = workers.count
    report.start = options.start ?? ""
    let names = plan.engines.map(\.rawValue)
    report.leftOut = names.filter { !report.engineNames.contains($0) }
  }

  // MARK: - one start

  private struct Comparison {
    var reports: [EngineFit]
    var labels: [UInt16]
    var agreeingLevel: String?
  }

  private func compare(
    _ subject: BenchSubject,
    _ start: [Double],
    seed: UInt64
  ) throws(RunError) -> Comparison {
    tell("seed \(seed): reference ...")
    let reference = try fit(.fused, subject, start)
    let judge = ClusterJudge(
      reference: reference,
      referenceName: ClusterEngine.fused.rawValue,
      seed: seed
    )
    let level = try checkLevelBelow(subject, start, judge)
    var uses = Array(repeating: FitUse(), count: plan.engines.count)
    var last: [EngineTrial?] = plan.engines.map { _ in nil }
    for repetition in 1...options.repetitions {
      for (index, engine) in plan.engines.enumerated() {
        tell("seed \(seed), repetition \(repetition): \(engine.rawValue) ...")
        last[index] = try uses[index].measure { () throws(RunError) in
          try fitWithRoom(engine, subject, start)
        }
        if let trial = last[index] { try judge.require(trial, named: engine.rawValue) }
      }
    }
    let reports = plan.engines.indices.compactMap { index in
      last[index].map { trial in
        EngineFit(
          plan.engines[index],
          trial,
          seed: seed,
          use: uses[index],
          agreement: subject.agreement(of: trial.labels, reference: reference.labels)
        )
      }
    }
    return Comparison(reports: reports, labels: reference.labels, agreeingLevel: level)
  }

  /// As below; nil for an engine that has no room for its bounds and was not asked for by name.
  private func fitWithRoom(
    _ engine: ClusterEngine,
    _ subject: BenchSubject,
    _ start: [Double]
  ) throws(RunError) -> EngineTrial? {
    do throws(RunError) {
      return try fit(engine, subject, start)
    } catch {
      guard options.engines.isEmpty, case .boundsTooLarge = error.cause as? ClusterError else {
        throw error
      }
      return nil
    }
  }

  private func fit(
    _ engine: ClusterEngine,
    _ subject: BenchSubject,
    _ start: [Double]
  ) throws(RunError) -> EngineTrial {
    var options = plan.fit
    options.engine = engine
    return try running(.clusters) { () throws(ClusterError) in
      try KMeans.trial(subject.matrix, centroids: start, options: options, workers: workers)
    }
  }

  /// Does all engines again at the level below the one in use; nil where there is none.
  private func checkLevelBelow(
    _ subject: BenchSubject,
    _ start: [Double],
    _ judge: ClusterJudge
  ) throws(RunError) -> String? {
    let current = InstructionSet.current
    guard let below = InstructionSet.available.last(where: { $0.rawValue < current.rawValue })
    else { return nil }
    below.force()
    defer { current.force() }
    for engine in [.fused] + plan.engines.filter({ $0 != .fused }) {
      tell("\(engine.rawValue) with \(below.name) ...")
      guard let trial = try fitWithRoom(engine, subject, start) else { continue }
      try judge.require(trial, named: "\(engine.rawValue) with \(below.name)")
    }
    return below.name
  }

  // MARK: - starts and labels

  private func makeStart(of seed: UInt64, _ subject: BenchSubject) throws(RunError) -> [Double] {
    let matrix = subject.matrix
    guard let path = options.start else {
      let rows = try running(.clusters) { () throws(ClusterError) in
        try KMeans.seededRows(
          matrix,
          clusterCount: options.clusterCount ?? 1,
          seed: seed,
          workers: workers
        )
      }
      return rows.flatMap { row in
        (0..<matrix.columnCount).map { matrix.values[$0 * matrix.rowCount + row] }
      }
    }
    let start = try BenchSubject.read(path, columns: MatrixColumns()).matrix
    guard start.columnCount == matrix.columnCount else {
      throw RunError(
        stage: .read,
        cause: ClusterBenchError.startColumns(
          path: path,
          found: start.columnCount,
          expected: matrix.columnCount
        )
      )
    }
    return (0..<start.rowCount).flatMap { row in
      (0..<start.columnCount).map { start.values[$0 * start.rowCount + row] }
    }
  }

  private func writeStart(_ start: [Double], _ subject: BenchSubject) throws(RunError) {
    guard let path = options.startOutput else { return }
    let columns = subject.matrix.columnCount
    // Names that are numbers would be read as a row.
    let areNames = subject.matrix.names.allSatisfy { Double($0) == nil }
    let names = areNames ? subject.matrix.names : (1...columns).map { "x\($0)" }
    var text = CSVText(header: names)
    for row in stride(from: 0, to: start.count, by: columns) {
      text.append(start[row..<row + columns].map { "\($0)" })
    }
    try BenchOutput.write(text.bytes, to: path)
  }

  private func writeLabels(_ labels: [UInt16], _ subject: BenchSubject) throws(RunError) {
    guard let path = options.labelOutput else { return }
    let ids = subject.ids
    var text = CSVText(header: [ids.isEmpty ? "row" : "id", "label"])
    for (row, label) in labels.enumerated() {
      text.append([ids.isEmpty ? "\(row)" : ids[row], "\(label)"])
    }
    try BenchOutput.write(text.bytes, to: path)
  }
}

extension EngineFit {
  fileprivate init(
    _ engine: ClusterEngine,
    _ trial: EngineTrial,
    seed: UInt64,
    use: FitUse,
    agreement: AgreementFigures
  ) {
    self.init(
      name: engine.rawValue,
      engine: trial.engine.rawValue,
      seed: seed,
      rounds: trial.rounds,
      converged: trial.converged,
      use: use,
      distancesComputed: trial.distancesComputed,
      distancesSkipped: trial.distancesSkipped,
      inertia: trial.inertia,
      agreement: agreement
    )
  }
}
