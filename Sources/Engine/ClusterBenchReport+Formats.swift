internal import Writers

extension ClusterBenchReport {
  /// Everything as one JSON document; numbers read back as they were.
  public var json: String {
    let document: JSONValue = .members([
      ("format", "tranche.bench-cluster/1"), ("surroundings", surroundings.json),
      ("matrix", matrixJSON),
      (
        "fit",
        .members([
          ("precision", .string(precision)), ("max_rounds", .int(maxRounds)),
          ("tolerance", .double(tolerance)), ("workers", .int(workerCount)),
          ("start", start.isEmpty ? .null : .string(start)),
        ])
      ),
      (
        "proof",
        .members([
          ("labels_equal", true), ("centroids_bit_equal", true), ("inertia_bit_equal", true),
          ("simd_levels_bit_equal", .array(levels.map { .string($0) })),
        ])
      ),
      ("engines", .array(fits.map(\.json))),
      ("left_out", .array(leftOut.map { .string($0) })),
    ])
    return document.text
  }

  /// The levels that were compared, the one in use first; one alone where there is none below it.
  public var levels: [String] { [surroundings.simd] + (agreeingLevel.map { [$0] } ?? []) }

  private var matrixJSON: JSONValue {
    .members([
      ("source", .string(source)), ("rows", .int(rowCount)), ("columns", .int(columnCount)),
      ("clusters", .int(clusterCount)), ("requested_clusters", .int(requestedCount)),
    ])
  }

  /// One row for each engine and start.
  public var csv: [UInt8] {
    var text = CSVText(header: [
      "engine", "does_the_work", "seed", "rows", "columns", "clusters", "rounds", "converged",
      "processor_seconds", "processor_seconds_min", "processor_seconds_max", "wall_seconds",
      "wall_seconds_min", "wall_seconds_max", "distances_computed", "distances_skipped",
      "memory_bytes", "inertia", "ari_lloyd", "ari_truth", "nmi_truth",
    ])
    for fit in fits {
      let times = [Spread(fit.use.processorSeconds), Spread(fit.use.wallSeconds)].flatMap {
        ["\($0.median)", "\($0.range.lowerBound)", "\($0.range.upperBound)"]
      }
      text.append(
        [
          fit.name, fit.engine, "\(fit.seed)", "\(rowCount)", "\(columnCount)", "\(clusterCount)",
          "\(fit.rounds)", "\(fit.converged)",
        ] + times + [
          "\(fit.distancesComputed)", "\(fit.distancesSkipped)", Self.text(fit.use.memoryBytes),
          "\(fit.inertia)", "\(fit.agreement.randIndexOfLloyd)",
          Self.text(fit.agreement.randIndexOfTruth), Self.text(fit.agreement.informationOfTruth),
        ]
      )
    }
    return text.bytes
  }

  private static func text(_ value: (some CustomStringConvertible)?) -> String {
    value.map { "\($0)" } ?? ""
  }
}

extension BenchSurroundings {
  var json: JSONValue {
    .members([
      ("tranche", .string(version)), ("finished", .string(finished)), ("host", .string(host)),
      ("processor", .string(processor)), ("processors", .int(processorCount)),
      ("simd", .string(simd)), ("blas_core", .string(blasCore)), ("blas", .string(blasBuild)),
      ("blas_variables_set", .array(blasVariables.map { .string($0) })),
    ])
  }
}

extension EngineFit {
  fileprivate var json: JSONValue {
    .members([
      ("engine", .string(name)), ("does_the_work", .string(engine)), ("seed", .count(seed)),
      ("rounds", .int(rounds)), ("converged", .bool(converged)),
      ("processor_seconds", Spread(use.processorSeconds).json(use.processorSeconds)),
      ("wall_seconds", Spread(use.wallSeconds).json(use.wallSeconds)),
      ("distances_computed", .int(distancesComputed)),
      ("distances_skipped", .int(distancesSkipped)),
      ("memory_bytes", use.memoryBytes.map(JSONValue.int) ?? .null), ("inertia", .double(inertia)),
      ("ari_lloyd", .double(agreement.randIndexOfLloyd)),
      ("ari_truth", .optional(agreement.randIndexOfTruth)),
      ("nmi_truth", .optional(agreement.informationOfTruth)),
    ])
  }
}

extension Spread {
  fileprivate func json(_ measurements: [Double]) -> JSONValue {
    .members([
      ("median", .double(median)), ("min", .double(range.lowerBound)),
      ("max", .double(range.upperBound)), ("all", .array(measurements.map(JSONValue.double))),
    ])
  }
}
