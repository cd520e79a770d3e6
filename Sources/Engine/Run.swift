// The main job, in the order in which data flows:
//
//     files -> rows -> orders -> customers -> features -> clusters and segments -> partitioned outputs
//
// Nothing is published before everything is done: until then all files lie in a folder beside OUT, and
// whatever fails leaves OUT as it was.

internal import Aggregates
internal import Clusters
internal import Features
internal import Kernels
internal import Readers
internal import Segments
internal import Tables
internal import Writers

/// One run of a plan.
public struct Run {
  let plan: Plan
  let workers: Workers
  let progress: Progress
  private let cancellation: Cancellation
  private(set) var telemetry = Telemetry()

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - plan: What to do.
  ///   - progress: Is told how far the run is.
  ///   - cancellation: Takes back what the run has begun when a signal comes.
  public init(
    _ plan: Plan,
    progress: Progress = Progress { _ in },
    cancellation: Cancellation = .init()
  ) {
    self.plan = plan
    self.progress = progress
    self.cancellation = cancellation
    workers = plan.workerCount.map(Workers.init(count:)) ?? .all
    plan.simd.force()
  }

  /// Does it all, and publishes the outputs in one step.
  ///
  /// - Throws: ``RunError``; OUT is as it was, and OUT.failed tells more.
  public mutating func perform() throws(RunError) -> RunReport {
    let publication = try begin()
    defer { publication.abandon() }
    let rejects = RejectLog(publication: publication)
    do {
      return try perform(into: publication, rejects: rejects)
    } catch {
      throw explained(error, publication, rejects)
    }
  }

  private mutating func begin() throws(RunError) -> Publication {
    do {
      // Before anything is touched: taking away what an earlier run left could take away an input.
      try OutputAmongInputs.refuse(plan)
      return try cancellation.open(plan.output)
    } catch {
      throw RunError(stage: .write, cause: error)
    }
  }

  private mutating func perform(
    into publication: Publication,
    rejects: RejectLog
  ) throws(RunError) -> RunReport {
    let models = try telemetry.measure(.model) { () throws(RunError) in try PlanModels(plan) }
    var findings = Findings(ledger: try readLedger(rejects))
    findings.models = models
    try deriveFeatures(&findings)
    try segment(&findings)
    try cluster(&findings)
    return try publish(findings, into: publication, rejects)
  }

  // MARK: - files -> rows -> orders -> customers

  private mutating func readLedger(_ rejects: RejectLog) throws(RunError) -> Ledger {
    let (plan, workers, progress) = (plan, workers, progress)
    let inputs = try telemetry.measure(.discover) { () throws(ReadError) in
      try InputDiscovery.find(paths: plan.inputs, glob: plan.globsInputs)
    }
    let aggregator = Aggregator(options: AggregateOptions(plan.format), workers: workers)
    let reader = LedgerReader(format: plan.format, options: plan.read)
    let failure = FirstFailure()
    progress.begin(.read, totalBytes: inputs.totalBytes)
    let summary: ReadSummary
    do {
      summary = try telemetry.measure(.read, bytes: { $0.bytesScanned }) { () throws(ReadError) in
        try reader.read(
          inputs,
          workers: workers,
          absorb: { worker, batch in
            try failure.noting { () throws(AggregateError) in
              try aggregator.absorb(batch, worker: worker)
            }
          },
          rejects: { rejects.append($0) },
          progress: { progress.advance($0) }
        )
      }
    } catch {
      throw failure.error.map { RunError(stage: .aggregate, cause: $0) } ?? error
    }
    progress.begin(.aggregate)
    let aggregation = try telemetry.measure(.aggregate) { () throws(AggregateError) in
      try aggregator.finish(workers: workers)
    }
    return Ledger(
      summary: summary,
      customers: aggregation.customers,
      orderCount: aggregation.orderCount
    )
  }

  // MARK: - customers -> features

  private mutating func deriveFeatures(_ findings: inout Findings) throws(RunError) {
    let (plan, workers) = (plan, workers)
    let ledger = findings.ledger
    guard let asOf = plan.read.asOf ?? ledger.summary.newestInstant?.after24Hours,
      ledger.customers.count > 0
    else { throw RunError(stage: .features, cause: NothingKept(ledger.summary)) }
    guard plan.until != .customers else { return }
    progress.begin(.features)
    let (rfm, features) = try telemetry.measure(.features) { () throws(FeatureError) in
      let rfm = try RFMTable.derive(
        ledger.customers,
        asOf: asOf,
        definition: plan.definition,
        moneyScale: plan.format.moneyScale,
        workers: workers
      )
      if let model = findings.models.applied?.features {
        return (rfm, (try model.features(of: rfm, workers: workers), model))
      }
      return (rfm, try Features.fit(rfm, options: plan.features, workers: workers))
    }
    findings.rfm = rfm
    findings.features = features
  }

  // MARK: - features -> segments and clusters

  private mutating func segment(_ findings: inout Findings) throws(RunError) {
    guard plan.until == .all, let rfm = findings.rfm else { return }
    let (plan, customers) = (plan, findings.ledger.customers)
    progress.begin(.segments)
    findings.segmentation = try telemetry.measure(.segments) { () throws(SegmentError) in
      try Segmentation.assign(
        rfm,
        places: plan.segments.needsPlaces ? customers.places : [],
        options: plan.segments
      )
    }
  }

  private mutating func cluster(_ findings: inout Findings) throws(RunError) {
    guard plan.until == .all, let rfm = findings.rfm, let matrix = findings.features?.matrix else {
      return
    }
    let (plan, workers) = (plan, workers)
    if let model = findings.models.applied {
      progress.begin(.clusters)
      findings.clusters = try telemetry.measure(.clusters) { () throws(ClusterError) in
        RankedClusters(model.assign(matrix, workers: workers), of: model, workers: workers)
      }
      return
    }
    let startRows = try rows(of: plan.clusters.startCustomers, in: findings.ledger.customers)
    progress.begin(.clusters)
    findings.clusters = try telemetry.measure(.clusters) { () throws(ClusterError) in
      let result = try KMeans.fit(
        matrix,
        options: plan.clusters,
        startRows: startRows,
        workers: workers
      )
      return RankedClusters(result, rfm: rfm)
    }
    try findings.matchPreviousModel(plan)
  }

  private func rows(
    of keys: [String],
    in customers: CustomerBatches
  ) throws(RunError) -> [Int] {
    var rows: [Int] = []
    for key in keys {
      guard let row = customers.row(of: Array(key.utf8)) else {
        throw RunError(stage: .clusters, cause: UnknownStartCustomer(key: key))
      }
      rows.append(row)
    }
    return rows
  }

  // MARK: - partitioned outputs

  private mutating func publish(
    _ findings: Findings,
    into publication: Publication,
    _ rejects: RejectLog
  ) throws(RunError) -> RunReport {
    let outputs = Outputs(plan: plan, findings: findings, workers: workers)
    progress.begin(.write)
    let written = try telemetry.measure(.write, bytes: { $0.byteCount }) { () throws(WriteError) in
      try rejects.finish()
      return try outputs.write(into: publication)
    }
    let document = document(findings)
    try telemetry.measure(.publish) { () throws(WriteError) in
      try publication.writeRun(document.json)
      try publication.publish()
    }
    return written.report(plan: plan, findings: findings, telemetry: telemetry, workers: workers)
  }

  /// The error with what helps to mend it, once OUT.failed is written.
  private func explained(
    _ error: RunError,
    _ publication: Publication,
    _ rejects: RejectLog
  ) -> RunError {
    guard !cancellation.isCancelled else { return error }
    var error = error
    error.rejectLines = rejects.first.map(\.complaint)
    // Where even this cannot be written, the first error is still the one to tell.
    error.failedOutput = try? publication.fail(run: document(nil, failure: error).json)
    return error
  }

  private func document(_ findings: Findings?, failure: RunError? = nil) -> RunDocument {
    RunDocument(
      plan: plan,
      findings: findings,
      telemetry: telemetry,
      workerCount: workers.count,
      failure: failure
    )
  }
}
