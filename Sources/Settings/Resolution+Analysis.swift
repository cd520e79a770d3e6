internal import Clusters
internal import Features
internal import Readers
internal import Segments
internal import Tables

/// The sections that say what is made of the customers.
extension Resolution {
  /// What recency, frequency and monetary mean.
  mutating func rfmDefinition() -> RFMDefinition {
    var definition = RFMDefinition()
    definition.recency = choice("definitions.recency", or: .elapsed)
    definition.frequency = choice("definitions.frequency", or: .orders)
    definition.monetary = choice("definitions.monetary", or: .sum)
    return definition
  }

  /// The declared as-of moment; nil for the newest kept row and 24 hours.
  mutating func asOf() -> Instant? {
    let typed = text("definitions.as_of")
    if typed == "newest" { return nil }
    if let instant = Instant(text: typed) { return instant }
    fail(
      "definitions.as_of",
      "expected newest, a date such as 2011-12-10 or a time behind it, not '\(typed)'"
    )
    return nil
  }

  /// Scores, maps and tiers.
  mutating func segmentOptions() -> SegmentOptions {
    var options = SegmentOptions(maps: segmentMaps())
    options.scores.recency = scoreRule("scores.recency")
    options.scores.frequency = scoreRule("scores.frequency")
    options.scores.monetary = scoreRule("scores.monetary")
    options.tiers = tiers()
    checkBins(options)
    guard problems.isEmpty else { return options }
    do {
      try options.validate()
    } catch {
      fail("segments.maps", "the maps and tiers do not agree: \(error)")
    }
    return options
  }

  private mutating func scoreRule(_ path: String) -> ScoreRule {
    let cuts = numbers("\(path).cuts")
    let bins = integer("\(path).bins", in: 2...ScoreRule.maxBins)
    let ties: TiePolicy = choice("\(path).ties", or: .value)
    if cuts.isEmpty { return .quantiles(bins: bins, ties: ties) }
    if !Self.isAscending(cuts) || cuts.count >= ScoreRule.maxBins {
      fail("\(path).cuts", "expected ascending numbers, fewer than \(ScoreRule.maxBins)")
    }
    return .cuts(cuts)
  }

  private mutating func tiers() -> TierOptions {
    var tiers = TierOptions()
    tiers.quantiles = numbers("tiers.quantiles")
    tiers.ids = texts("tiers.ids")
    tiers.labels = texts("tiers.labels")
    let areQuantiles = tiers.quantiles.allSatisfy { (0..<1).contains($0) }
    if !areQuantiles || !Self.isAscending(tiers.quantiles) {
      fail("tiers.quantiles", "expected ascending numbers from 0 to below 1")
    }
    if tiers.ids.count != tiers.quantiles.count + 1 {
      fail("tiers.ids", "expected one more than tiers.quantiles: \(tiers.quantiles.count + 1) ids")
    }
    if tiers.labels.count != tiers.ids.count {
      fail("tiers.labels", "expected one label for each of tiers.ids: \(tiers.ids.count)")
    }
    if !tiers.ids.allSatisfy(Names.isSnakeCase) || Set(tiers.ids).count != tiers.ids.count {
      fail("tiers.ids", "ids are distinct and snake_case")
    }
    return tiers
  }

  private mutating func segmentMaps() -> [SegmentMap] {
    let node = node("segments.maps")
    let names = texts("segments.maps")
    if names.isEmpty { fail("segments.maps", "name one map at least, such as rf_grid_10") }
    let maps = names.compactMap { segmentMap($0, folder: node.folder) }
    for (index, map) in maps.enumerated() where maps[..<index].contains(where: { $0.id == map.id })
    {
      fail("segments.maps", "'\(map.id)' is listed twice")
    }
    return maps
  }

  /// Maps behind the first are columns beside the attributes, and files beside the other profiles.
  mutating func checkNames(of furtherMaps: [String], beside attributes: [NamedColumn]) {
    for id in furtherMaps where Names.reserved.union(Names.profiles).contains(id) {
      fail("segments.maps", "an output is called '\(id)' already: give the map another id")
    }
    for attribute in attributes where furtherMaps.contains(attribute.name) {
      fail("attributes.\(attribute.name)", "a segment map has this id; choose another name")
    }
  }

  private mutating func segmentMap(_ name: String, folder: String) -> SegmentMap? {
    guard let file = SegmentMapFile.load(name, folder: folder) else {
      let near = NearMiss.suggestion(for: name, among: BuiltIns.segments.keys.sorted())
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      fail("segments.maps", "'\(name)' is neither a file nor a built-in map\(hint)")
      return nil
    }
    problems += file.problems
    return file.map
  }

  /// A map names scores up to its own number of bins, so the axes must give as many.
  private mutating func checkBins(_ options: SegmentOptions) {
    let axes = [
      ("scores.recency", options.scores.recency), ("scores.frequency", options.scores.frequency),
      ("scores.monetary", options.scores.monetary),
    ]
    for map in options.maps {
      for (path, rule) in axes where rule.binCount != map.bins {
        let key = node("\(path).cuts").isSet ? "\(path).cuts" : "\(path).bins"
        fail(key, "gives \(rule.binCount) scores, but the map \(map.id) is for \(map.bins)")
      }
    }
  }

  /// The matrix.
  mutating func featureOptions() -> FeatureOptions {
    var options = FeatureOptions()
    let names = texts("features.axes")
    options.axes = names.compactMap { axis($0) }
    if names.isEmpty || Set(names).count != names.count {
      fail("features.axes", "expected one axis at least, and none twice")
    }
    for axis in options.axes.indices {
      let path = "features.\(options.axes[axis].axis.rawValue)"
      options.axes[axis].transform = choice("\(path).transform", or: .log1p)
      options.axes[axis].scaling = choice("\(path).scaling", or: .zScore)
      options.axes[axis].weight = number("\(path).weight", "a number above 0") { $0 > 0 }
    }
    if optionalText("features.principal_components") != nil {
      let most = max(1, options.axes.count)
      options.principalComponents = integer("features.principal_components", in: 1...most)
    }
    return options
  }

  private mutating func axis(_ name: String) -> AxisOptions? {
    if let axis = FeatureAxis(rawValue: name) { return AxisOptions(axis: axis) }
    fail("features.axes", "'\(name)' is none of recency, frequency, monetary")
    return nil
  }

  /// The clustering.
  mutating func clusterOptions() -> ClusterOptions {
    var options = ClusterOptions()
    options.method = choice("clusters.method", or: .kMeans)
    options.families = familyOptions()
    options.count = clusterCount()
    options.starts = integer("clusters.starts", in: 1...1_000_000)
    options.maxRounds = integer("clusters.max_rounds", in: 1...1_000_000)
    if optionalText("clusters.max_seconds") != nil {
      options.maxSeconds = number("clusters.max_seconds", "a number above 0, or none") { $0 > 0 }
    }
    options.tolerance = number("clusters.tolerance", "a number of at least 0") { $0 >= 0 }
    options.seed = UInt64(integer("clusters.seed", in: 0...Int.max))
    options.seeding = choice("clusters.seeding", or: .sampled)
    var refused = ["lloyd": "'lloyd': set fused, which computes all distances, or auto"]
    for method in ClusterMethod.allCases.map(\.rawValue) {
      refused[method] = "'\(method)' is a method: set clusters.method"
    }
    options.engine = choice("clusters.engine", or: .auto, notYet: refused)
    options.boundsMemory = byteCount("clusters.bounds_memory", in: 1 << 20...Int.max)
    options.collapse = flag("clusters.collapse")
    options.precision = choice("clusters.precision", or: .float64)
    options.choice = choiceOptions()
    options.startCustomers = texts("clusters.start_customers")
    if options.startCustomers.isEmpty { return options }
    if options.method == .bisecting {
      fail("clusters.start_customers", "bisecting makes its own starts; choose another method")
    }
    options.count = .fixed(options.startCustomers.count)
    if node("clusters.count").origin != .standard,
      clusterCount() != .fixed(options.startCustomers.count)
    {
      fail("clusters.start_customers", "there are not as many as clusters.count says")
    }
    return options
  }

  /// What the methods other than k-means take besides.
  private mutating func familyOptions() -> FamilyOptions {
    var options = FamilyOptions()
    let share = "a share from 0 to below 1"
    options.batchRows = integer("clusters.batch_rows", in: 1...1_000_000_000)
    options.patience = integer("clusters.patience", in: 1...1_000_000)
    options.reassignShare = number("clusters.reassign_share", share) { (0..<1).contains($0) }
    options.trimShare = number("clusters.trim_share", share) { (0..<1).contains($0) }
    options.regularization = number("clusters.regularization", "a number of at least 0") { $0 >= 0 }
    return options
  }

  private mutating func clusterCount() -> ClusterCount {
    let typed = text("clusters.count")
    let bounds = typed.split(separator: ".", omittingEmptySubsequences: true).compactMap { Int($0) }
    let isRange = typed.contains("..") && bounds.count == 2
    let isAllowed = bounds.allSatisfy { (1...65_535).contains($0) }
    if let first = bounds.first, bounds.count == 1, isAllowed, Int(typed) == first {
      return .fixed(first)
    }
    if isRange, isAllowed, bounds[0] >= 2, bounds[0] <= bounds[1] {
      return .sweep(bounds[0]...bounds[1])
    }
    fail("clusters.count", "expected a number, or a range from 2 such as 2..8, not '\(typed)'")
    return .fixed(1)
  }

  private static func isAscending(_ values: [Double]) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }
}

extension SettingNode {
  /// Whether something other than none stands here.
  fileprivate var isSet: Bool { !isNull && text != "none" }
}
