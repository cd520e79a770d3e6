internal import Clusters
internal import Kernels
internal import Tables
internal import Writers

/// `run.json`: everything that may differ from run to run.
struct RunDocument {
  let plan: Plan
  let findings: Findings?
  let telemetry: Telemetry
  var workerCount: Int
  var failure: RunError?

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("tranche", .string(Release.version)), ("finished", .string(Clock.now())),
      ("host", .string(ProcessMeter.hostName)), ("workers", .int(workerCount)),
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
    if let clusters = findings?.clusters {
      members += clusters.sweep.record
    }
    let warnings = findings?.warnings(plan) ?? []
    members.append(("warnings", .array(warnings.map { .string($0) })))
    members.append(("peak_resident_bytes", .int(Telemetry.peakResidentBytes)))
    members.append(("stages", .array(telemetry.stages.map(\.json))))
    members.append(("inputs", .array(plan.inputs.map { .string($0) })))
    members.append(("settings", .array(plan.settings.map(\.json))))
    return .members(members)
  }
}

extension SweepResult {
  /// Which engine ran, and the rounds of the best run for each number of clusters.
  var record: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("cluster_engine", .string(best.engine))]
    if let collapsedShare { members.append(("cluster_rows_collapsed", .double(collapsedShare))) }
    let runs = zip(tried, histories).map { tried, history in
      JSONValue.members([
        ("clusters", .int(tried.clusterCount)), ("converged", .bool(tried.converged)),
        ("out_of_time", .bool(tried.isOutOfTime)), ("rounds", .array(history.map(\.json))),
      ])
    }
    members.append(("cluster_runs", .array(runs)))
    return members
  }
}

extension ClusterRound {
  fileprivate var json: JSONValue {
    .members([
      ("round", .int(round)), ("seconds", .double(seconds)), ("inertia", .double(inertia)),
      ("distances_computed", .int(distancesComputed)),
      ("distances_skipped", .int(distancesSkipped)), ("squared_shift", .double(squaredShift)),
    ])
  }
}

extension StageUse {
  var json: JSONValue {
    .members([
      ("stage", .string(stage.rawValue)), ("wall_seconds", .double(wallSeconds)),
      ("processor_seconds", .double(processorSeconds)), ("bytes", .count(bytes)),
      ("gigabytes_per_second", .optional(gigabytesPerSecond)),
    ])
  }
}

extension ResolvedSetting {
  var json: JSONValue {
    .members([
      ("key", .string(keyPath)), ("value", .string(value)), ("origin", .string(origin)),
    ])
  }
}

extension InstructionSet {
  /// Its name in settings and records.
  var name: String {
    switch self {
    case .scalar: "scalar"
    case .avx2: "avx2"
    case .avx512: "avx512"
    }
  }
}

extension SIMDLevel {
  /// Makes the C core use this form, or the best that the processor has below it.
  func force() {
    switch self {
    case .auto: return
    case .scalar: InstructionSet.scalar.force()
    case .avx2: InstructionSet.avx2.force()
    case .avx512: InstructionSet.avx512.force()
    }
  }
}
