internal import Clusters
internal import Features
internal import Kernels
internal import Readers
internal import Segments
internal import Tables
internal import Writers

/// Profiles of every group that the run has named.
struct Profiles: Sendable {
  var segments: [GroupProfile] = []
  var tiers: [GroupProfile] = []
  var clusters: [GroupProfile] = []
  var furtherMaps: [(name: String, profiles: [GroupProfile])] = []

  init(plan: Plan, findings: Findings, workers: Workers) {
    guard let rfm = findings.rfm else { return }
    let profile = { (grouping: Grouping) in
      GroupProfile.all(
        grouping,
        rfm: rfm,
        moneyScale: plan.format.moneyScale,
        monetaryIsNet: plan.definition.monetary == .sum,
        workers: workers
      )
    }
    if let table = findings.segmentation?.table {
      segments = profile(table.segments)
      tiers = profile(table.tiers)
      furtherMaps = table.furtherMaps.map { ($0.name, profile($0.grouping)) }
    }
    if let grouping = findings.clusters?.grouping { clusters = profile(grouping) }
  }
}

/// All files of a run but run.json.
struct Outputs {
  let plan: Plan
  let findings: Findings
  let workers: Workers

  /// Writes them, the manifest last.
  func write(into publication: Publication) throws(WriteError) -> WrittenOutputs {
    let profiles = Profiles(plan: plan, findings: findings, workers: workers)
    try writeCustomers(into: publication)
    if plan.until != .customers, let matrix = findings.features?.matrix, plan.until == .features {
      _ = try FeatureWriter().write(
        matrix,
        customers: findings.ledger.customers,
        into: publication
      )
    }
    if let clusters = findings.clusters, !clusters.squaredDistances.isEmpty {
      try AssignmentWriter().write(
        clusters.grouping,
        squaredDistances: clusters.squaredDistances,
        customers: findings.ledger.customers,
        into: publication
      )
    }
    try writeProfiles(profiles, into: publication)
    let summary = SummaryDocument(plan: plan, findings: findings, profiles: profiles)
    _ = try publication.write(summary.json, to: "summary.json")
    let model = ModelDocument(plan: plan, findings: findings, profiles: profiles)
    _ = try publication.write(model.json, to: "model.json")
    try publication.writeManifest(
      ManifestFacts(
        version: Release.version,
        definitions: Definitions(plan: plan, findings: findings).json,
        inputs: findings.ledger.summary.inputs.json
      )
    )
    return WrittenOutputs(profiles: profiles, files: publication.files)
  }

  private func writeCustomers(into publication: Publication) throws(WriteError) {
    var table = CustomerTable(
      customers: findings.ledger.customers,
      moneyScale: plan.format.moneyScale
    )
    table.attributeNames = plan.format.attributes.map(\.name)
    table.rfm = findings.rfm
    table.frequencyIsOrders = plan.definition.frequency == .orders
    table.monetaryIsNet = plan.definition.monetary == .sum
    table.segments = findings.segmentation?.table
    table.clusters = findings.clusters?.grouping
    var options = plan.write
    if plan.until != .all { options.partition = .none }
    _ = try CustomerWriter(options: options).write(table, into: publication, workers: workers)
  }

  private func writeProfiles(_ profiles: Profiles, into publication: Publication) throws(WriteError)
  {
    guard let rfm = findings.rfm, let segments = findings.segmentation?.table else { return }
    let writer = ProfileWriter(moneyScale: plan.format.moneyScale)
    _ = try writer.write(profiles.segments, to: "profiles/segments.csv", into: publication)
    _ = try writer.write(profiles.tiers, to: "profiles/tiers.csv", into: publication)
    for (name, group) in profiles.furtherMaps {
      _ = try writer.write(group, to: "profiles/\(name).csv", into: publication)
    }
    guard let clusters = findings.clusters?.grouping else { return }
    _ = try writer.write(profiles.clusters, to: "profiles/clusters.csv", into: publication)
    _ = try writer.writeCross(
      segments.segments,
      clusters,
      columns: ("segment", "cluster"),
      rfm: rfm,
      monetaryIsNet: plan.definition.monetary == .sum,
      workers: workers,
      to: "profiles/segments_clusters.csv",
      into: publication
    )
  }
}

extension [InputIdentity] {
  /// Names without folders: those may differ from run to run, and run.json has them.
  var json: JSONValue {
    .array(
      map { input in
        .members([
          ("name", .string(input.path.split(separator: "/").last.map(String.init) ?? input.path)),
          ("bytes", .count(input.byteCount)), ("digest", .string(input.digest)),
        ])
      }
    )
  }
}

/// What was written, and the figures that came about on the way.
struct WrittenOutputs: Sendable {
  let profiles: Profiles
  let files: [WrittenFile]

  /// Bytes of all listed files.
  var byteCount: UInt64 { files.reduce(0) { $0 + $1.bytes } }

  /// What a person wants to know.
  func report(
    plan: Plan,
    findings: Findings,
    telemetry: Telemetry,
    workers: Workers
  ) -> RunReport {
    var report = RunReport()
    report.ledger(findings.ledger.summary, scale: plan.format.moneyScale)
    report.customers = findings.ledger.customers.count
    report.orders = findings.ledger.orderCount
    report.asOf = findings.rfm.map { "\($0.asOf)" } ?? ""
    report.segments = profiles.segments.map { GroupReport($0, scale: plan.format.moneyScale) }
    report.tiers = profiles.tiers.map { GroupReport($0, scale: plan.format.moneyScale) }
    report.clusters = profiles.clusters.map { GroupReport($0, scale: plan.format.moneyScale) }
    report.sweep = findings.clusters?.sweepReports ?? []
    report.choice = findings.clusters.map {
      ChoiceReport($0, columnNames: findings.features?.matrix.names ?? [])
    }
    report.stages = telemetry.stages
    report.peakResidentBytes = Telemetry.peakResidentBytes
    report.workerCount = workers.count
    report.output = plan.output
    report.fileCount = files.count
    report.byteCount = byteCount
    report.warnings = findings.warnings(plan)
    return report
  }
}
