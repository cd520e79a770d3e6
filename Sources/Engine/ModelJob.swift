internal import Clusters
internal import Features
internal import Kernels
internal import Readers
internal import Tables
internal import Writers

/// Fits a model, or applies one, and publishes what comes of it in one step.
public struct ModelJob {
  let plan: ModelPlan
  let workers: Workers
  private let cancellation: Cancellation
  private var telemetry = Telemetry()
  private var record: [(String, JSONValue)] = []
  private var warnings: [String] = []

  /// Prepares a job.
  public init(_ plan: ModelPlan, cancellation: Cancellation = .init()) {
    self.plan = plan
    self.cancellation = cancellation
    workers = plan.workerCount.map(Workers.init(count:)) ?? .all
    plan.simd.force()
  }

  /// `tranche fit`: publishes `model.json`, and the rows it was fitted on with their clusters.
  ///
  /// - Throws: ``RunError``; OUT is as it was, and OUT.failed tells more.
  public mutating func fit() throws(RunError) -> ModelReport {
    try publishing { job, publication throws(RunError) in try job.fit(into: publication) }
  }

  /// `tranche assign`: publishes rows with their clusters by a model that was fitted before.
  ///
  /// - Throws: ``RunError``; OUT is as it was, and OUT.failed tells more.
  public mutating func assign() throws(RunError) -> ModelReport {
    try running(.write) { () throws(ModelError) in
      guard !OutputAmongInputs.isWithin(plan.model, output: plan.output) else {
        throw .modelReplaced(path: plan.model, output: plan.output)
      }
    }
    return try publishing { job, publication throws(RunError) in
      try job.assign(into: publication)
    }
  }

  // MARK: - fit

  private mutating func fit(into publication: Publication) throws(RunError) -> ModelReport {
    let (plan, workers) = (plan, workers)
    let previous = try telemetry.measure(.model) { () throws(RunError) in
      try plan.previousModel.map { path throws(RunError) in try PreviousModel(path) }
    }
    let subject = try telemetry.measure(.read) { () throws(RunError) in
      try ModelSubject(fitting: plan, workers: workers)
    }
    let fitted = try telemetry.measure(.clusters) { () throws(RunError) in
      try FittedModel(subject, plan: plan, previous: previous, workers: workers)
    }
    record = fitted.sweep.record
    warnings = fitted.sweep.warnings(plan.clusters, rows: "the rows")
    let outcome = outcome(subject, fitted.model, matching: fitted.matching)
    return try publish(outcome, into: publication) { () throws(WriteError) in
      let document = FitDocument(outcome: outcome, fitted: fitted)
      try publication.write(document.json, to: "model.json")
      return document.definitions
    }
  }

  // MARK: - assign

  private mutating func assign(into publication: Publication) throws(RunError) -> ModelReport {
    let (plan, workers) = (plan, workers)
    let (model, digest) = try telemetry.measure(.model) { () throws(RunError) in
      let file = try ModelFile(plan.model)
      return (try file.model(), file.digest)
    }
    let subject = try telemetry.measure(.read) { () throws(RunError) in
      try ModelSubject(plan, model: model, workers: workers)
    }
    let outcome = outcome(subject, model)
    return try publish(outcome, into: publication) { () throws(WriteError) in
      .members([
        ("rule", "nearest centroid of a model that was fitted before"),
        ("model_sha256", .string(digest)), ("columns", .array(model.columns.map { .string($0) })),
        ("rfm", model.definition?.json ?? .null),
        ("as_of", subject.customers.map { .string("\($0.rfm.asOf)") } ?? .null),
      ])
    }
  }

  // MARK: - both

  private func outcome(
    _ subject: ModelSubject,
    _ model: ClusterModel,
    matching: ModelMatching? = nil
  ) -> ModelOutcome {
    let assignment = model.assign(subject.matrix, workers: workers)
    return ModelOutcome(
      plan: plan,
      subject: subject,
      model: model,
      assignment: assignment,
      figures: ModelFigures(subject, assignment),
      inertia: assignment.inertia(workers: workers),
      matching: matching
    )
  }

  private mutating func publish(
    _ outcome: ModelOutcome,
    into publication: Publication,
    further: () throws(WriteError) -> JSONValue
  ) throws(RunError) -> ModelReport {
    let inputs = try inputs()
    try telemetry.measure(.write) { () throws(WriteError) in
      try outcome.writeAssignments(into: publication)
      try publication.write(outcome.summary, to: "summary.json")
      let definitions = try further()
      try publication.writeManifest(
        ManifestFacts(version: Release.version, definitions: definitions, inputs: inputs)
      )
    }
    let document = document(failure: nil)
    try telemetry.measure(.publish) { () throws(WriteError) in
      try publication.writeRun(document)
      try publication.publish()
    }
    var report = outcome.report(publication.files)
    report.warnings = warnings
    return report
  }

  /// A matrix by its bytes; a run by those of its manifest, which lists all its files.
  private func inputs() throws(RunError) -> JSONValue {
    guard plan.input != "-" else { return [["name": "-", "bytes": nil, "digest": nil]] }
    return try running(.read) { () throws(ReadError) in
      let isRun = PublishedCustomers.areIn(plan.input)
      return [try WholeFile.identity(isRun ? plan.input + "/manifest.json" : plan.input)].json
    }
  }

  private mutating func publishing(
    _ body: (inout ModelJob, Publication) throws(RunError) -> ModelReport
  ) throws(RunError) -> ModelReport {
    let (plan, cancellation) = (plan, cancellation)
    try running(.write) { () throws(OutputAmongInputs) in
      try OutputAmongInputs.refuse(output: plan.output, inputs: [plan.input])
    }
    let publication = try running(.write) { () throws(WriteError) in
      try cancellation.open(plan.output)
    }
    defer { publication.abandon() }
    do throws(RunError) {
      return try body(&self, publication)
    } catch {
      guard !cancellation.isCancelled else { throw error }
      var failure = error
      // Where even this cannot be written, the first error is still the one to tell.
      failure.failedOutput = try? publication.fail(run: document(failure: error))
      throw failure
    }
  }

  /// `run.json`: everything that may differ from run to run.
  private func document(failure: RunError?) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("tranche", .string(Release.version)), ("finished", .string(Clock.now())),
      ("host", .string(ProcessMeter.hostName)), ("workers", .int(workers.count)),
      ("simd", .string(InstructionSet.current.name)), ("blas_core", .string(BLAS.coreName)),
    ]
    if let failure {
      members.append(
        (
          "failure",
          .members([
            ("stage", .string(failure.stage.rawValue)), ("message", .string(failure.description)),
          ])
        )
      )
    }
    members += record
    members.append(("warnings", .array(warnings.map { .string($0) })))
    members.append(("peak_resident_bytes", .int(Telemetry.peakResidentBytes)))
    members.append(("stages", .array(telemetry.stages.map(\.json))))
    members.append(("inputs", .array([.string(plan.input)])))
    if !plan.model.isEmpty { members.append(("model", .string(plan.model))) }
    if let path = plan.previousModel { members.append(("previous_model", .string(path))) }
    members.append(("settings", .array(plan.settings.map(\.json))))
    return .members(members)
  }
}
