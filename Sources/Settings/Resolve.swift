internal import Clusters
public import Engine
internal import Readers
internal import Segments
internal import Tables
internal import Writers

/// What was typed, in all places.
public struct SettingsRequest: Sendable {
  /// Files or names of built-ins, later over earlier.
  public var configurations: [String] = []
  /// The environment; variables that begin with `TRANCHE_` count.
  public var environment: [String: String] = [:]
  /// `key.path=value`, later over earlier.
  public var assignments: [String] = []
  /// Options that stand for a setting: what was typed, the key path, and the value.
  public var options: [(option: String, keyPath: String, value: String)] = []
  /// Inputs on the command line; they replace `input.paths`.
  public var inputs: [String] = []

  /// Nothing typed.
  public init() {}
}

/// Turns what was typed into a plan.
///
/// Layers, each over the one before: defaults, settings files in order, environment, `--set` in order,
/// options.
public enum Resolve {
  /// The plan.
  ///
  /// - Throws: ``SettingsError/noSuchConfiguration(_:near:)``, or ``SettingsError/problems(_:)`` with
  ///   everything that is wrong.
  public static func plan(_ request: SettingsRequest) throws(SettingsError) -> Plan {
    let layers = try layers(request)
    let root = layers.reduce(Schema.standard) { $0.overlaid(with: $1.root) }
    var resolution = Resolution(root: root, problems: layers.flatMap(\.problems))
    var plan = resolution.plan()
    if !request.inputs.isEmpty { plan.inputs = request.inputs }
    resolution.checkKinds(of: plan.inputs)
    guard resolution.problems.isEmpty else { throw .problems(resolution.problems) }
    plan.settings = SettingsPrinter.settings(of: root)
    return plan
  }

  /// What was typed to no effect: a line for each variable that begins with `TRANCHE_` and stands for no
  /// setting.
  public static func warnings(_ request: SettingsRequest) -> [String] {
    SettingsFile.environmentWarnings(request.environment)
  }

  /// A plan of which only the dialect and the way of reading count: no column needs a name.
  ///
  /// - Throws: As ``plan(_:)``, for the section `input` and `run` alone.
  public static func dialectPlan(_ request: SettingsRequest) throws(SettingsError) -> Plan {
    let layers = try layers(request)
    let root = layers.reduce(Schema.standard) { $0.overlaid(with: $1.root) }
    var resolution = Resolution(root: root, problems: layers.flatMap(\.problems))
    let plan = resolution.dialectPlan()
    guard resolution.problems.isEmpty else { throw .problems(resolution.problems) }
    return plan
  }

  /// What `fit` and `assign` do: the sections on features and clusters, and where the output goes.
  ///
  /// Sections on the ledger may be there, and say nothing.
  ///
  /// - Throws: As ``plan(_:)``.
  public static func modelPlan(_ request: SettingsRequest) throws(SettingsError) -> ModelPlan {
    let layers = try layers(request)
    let root = layers.reduce(Schema.standard) { $0.overlaid(with: $1.root) }
    var resolution = Resolution(root: root, problems: layers.flatMap(\.problems))
    var plan = resolution.modelPlan()
    guard resolution.problems.isEmpty else { throw .problems(resolution.problems) }
    plan.settings = SettingsPrinter.settings(of: root)
    return plan
  }

  private static func layers(
    _ request: SettingsRequest
  ) throws(SettingsError) -> [SettingsFile] {
    var layers: [SettingsFile] = []
    for name in request.configurations {
      layers.append(try SettingsFile.load(name))
    }
    layers += SettingsFile.environment(request.environment)
    layers += request.assignments.map { SettingsFile.assignment($0, option: "--set") }
    layers += request.options.map { option, keyPath, value in
      SettingsFile.value(value, at: keyPath, origin: .option(option))
    }
    return layers.map(Schema.checked)
  }
}

extension Resolution {
  /// All sections, in the order of the documentation.
  fileprivate mutating func plan() -> Plan {
    let format = ledgerFormat()
    var plan = Plan(format: format, segments: segmentOptions())
    checkNames(of: plan.segments.maps.dropFirst().map(\.id), beside: format.attributes)
    plan.inputs = texts("input.paths").map { Self.path($0, in: node("input.paths").folder) }
    plan.globsInputs = flag("input.glob")
    plan.read = readOptions()
    plan.definition = rfmDefinition()
    plan.features = featureOptions()
    plan.clusters = clusterOptions()
    plan.model = optionalPath("clusters.model")
    plan.previousModel = optionalPath("clusters.previous_model")
    if plan.model != nil, plan.previousModel != nil {
      fail(
        "clusters.previous_model",
        "a model that is applied keeps its own ids; leave one of them out"
      )
    }
    if plan.model != nil, !plan.clusters.startCustomers.isEmpty {
      fail(
        "clusters.start_customers",
        "a model that is applied needs no start; leave one of them out"
      )
    }
    plan.write = writeOptions()
    plan.output = optionalPath("output.path") ?? ""
    plan.until = choice("run.until", or: .all)
    if text("run.workers") != "auto" { plan.workerCount = integer("run.workers", in: 1...1024) }
    plan.simd = choice("run.simd", or: .auto)
    return plan
  }

  /// A plan whose roles mean nothing.
  fileprivate mutating func dialectPlan() -> Plan {
    let nothing = ColumnReference.number(1)
    var format = LedgerFormat(
      customer: nothing,
      order: .row,
      time: nothing,
      amount: .amount(nothing)
    )
    format.dialect = dialect()
    var plan = Plan(format: format, segments: SegmentOptions(maps: []))
    plan.read = readOptions()
    plan.simd = choice("run.simd", or: .auto)
    return plan
  }

  /// A plan of which only features, clusters and the output count.
  fileprivate mutating func modelPlan() -> ModelPlan {
    var plan = ModelPlan()
    plan.asOf = asOf()
    plan.definition = rfmDefinition()
    plan.features = featureOptions()
    plan.clusters = clusterOptions()
    plan.previousModel = optionalPath("clusters.previous_model")
    plan.model = optionalPath("clusters.model") ?? ""
    plan.output = optionalPath("output.path") ?? ""
    if text("run.workers") != "auto" { plan.workerCount = integer("run.workers", in: 1...1024) }
    plan.simd = choice("run.simd", or: .auto)
    let standard = ["definitions.recency", "definitions.frequency", "definitions.monetary"]
    let keys = Schema.keys.map(\.path).filter { $0.hasPrefix("features.") || standard.contains($0) }
    plan.definesFeatures = keys.contains { node($0).origin != .standard }
    return plan
  }

  /// A file or folder, relative to where it was typed; nil for none.
  fileprivate mutating func optionalPath(_ key: String) -> String? {
    optionalText(key).map { Self.path($0, in: node(key).folder) }
  }

  /// A relative path, counted from the folder of the file that it stands in.
  static func path(_ path: String, in folder: String) -> String {
    folder.isEmpty || path.hasPrefix("/") || path == "-" ? path : "\(folder)/\(path)"
  }

  /// Refuses files of a kind that is not read yet, by their names.
  fileprivate mutating func checkKinds(of inputs: [String]) {
    let kinds = [
      (".parquet", "Parquet"), (".arrow", "Arrow"), (".feather", "Arrow"), (".jsonl", "JSON lines"),
      (".ndjson", "JSON lines"), (".xlsx", "Excel"), (".zst", "zstd"), (".bz2", "bzip2"),
    ]
    for input in inputs {
      guard let kind = kinds.first(where: { input.hasSuffix($0.0) })?.1 else { continue }
      fail("input.paths", "\(input): \(kind) is not there yet; convert it to .csv or .csv.gz first")
    }
  }

  private mutating func readOptions() -> ReadOptions {
    var options = ReadOptions()
    options.splitBytes = byteCount("run.split_bytes", in: 1...256 << 20)
    options.longestRecord = byteCount("input.longest_record", in: 1...512 << 20)
    options.rejectLimit = rejectLimit()
    options.asOf = asOf()
    options.repeatedRowsMemory = byteCount("repeated_rows.memory", in: 1 << 20...Int.max)
    switch text("input.identity") {
    case "xxh3": options.secureIdentity = false
    case "sha256": options.secureIdentity = true
    default: fail("input.identity", "'\(text("input.identity"))' is none of xxh3, sha256")
    }
    return options
  }

  private mutating func rejectLimit() -> RejectLimit {
    let typed = text("rejects.limit")
    if let count = Int(typed), count >= 0 { return .count(count) }
    if typed.hasSuffix("%"), let percent = Double(typed.dropLast()), (0...100).contains(percent) {
      return .percent(percent)
    }
    fail("rejects.limit", "expected a number such as 100 or a share such as 0.5%, not '\(typed)'")
    return .count(0)
  }

  private mutating func writeOptions() -> WriteOptions {
    var options = WriteOptions()
    options.partition = choice("output.partition", or: .segment)
    options.rowsPerPart = integer("output.rows_per_part", in: 1...Int.max)
    options.neutralizeFormulas = flag("output.neutralize_formulas")
    return options
  }
}
