// Every key that a settings file may have, with its default.
//
// The table is what unknown keys are measured against, what defaults come from, and the order in which
// `check --print` lists the values. `config/example.yaml` explains each key; a test holds it to this
// table.

/// The keys of the settings.
package enum Schema {
  /// Key paths and what stands there unless somebody types something else; `none` is no value.
  package static let keys: [(path: String, standard: String)] = [
    ("input.paths", "[]"),
    ("input.glob", "false"),
    ("input.delimiter", "comma"),
    ("input.quote", "'\"'"),
    ("input.comment", "none"),
    ("input.preamble_lines", "0"),
    ("input.header", "true"),
    ("input.encoding", "utf-8"),
    ("input.longest_record", "16 MiB"),
    ("input.identity", "xxh3"),
    ("customer.column", "none"),
    ("customer.strip_suffix", ""),
    ("order.by", "column"),
    ("order.column", "none"),
    ("order.scope", "ledger"),
    ("time.column", "none"),
    ("time.format", "iso8601"),
    ("time.zone", "UTC"),
    ("amount.column", "none"),
    ("amount.quantity", "none"),
    ("amount.price", "none"),
    ("amount.discount", "none"),
    ("amount.decimals", "2"),
    ("amount.quantity_decimals", "0"),
    ("amount.decimal_mark", "."),
    ("amount.thousands_mark", "none"),
    ("amount.currency_signs", "[]"),
    ("amount.accounting_negatives", "false"),
    ("amount.zero_words", "[]"),
    ("currency.column", "none"),
    ("dimensions", "{}"),
    ("attributes", "{}"),
    ("filters", "[]"),
    ("repeated_rows.action", "keep"),
    ("repeated_rows.memory", "4 GiB"),
    ("rejects.limit", "0"),
    ("definitions.as_of", "newest"),
    ("definitions.recency", "elapsed"),
    ("definitions.frequency", "orders"),
    ("definitions.monetary", "sum"),
    ("scores.recency.bins", "5"),
    ("scores.recency.ties", "value"),
    ("scores.recency.cuts", "none"),
    ("scores.frequency.bins", "5"),
    ("scores.frequency.ties", "ordinal_by_key"),
    ("scores.frequency.cuts", "none"),
    ("scores.monetary.bins", "5"),
    ("scores.monetary.ties", "value"),
    ("scores.monetary.cuts", "none"),
    ("segments.maps", "[rf_grid_10, rfm_125_11]"),
    ("tiers.quantiles", "[0.5, 0.8]"),
    ("tiers.ids", "[low_value, mid_value, high_value]"),
    ("tiers.labels", "[Low value, Mid value, High value]"),
    ("features.axes", "[recency, frequency, monetary]"),
    ("features.recency.transform", "log1p"),
    ("features.recency.scaling", "z_score"),
    ("features.recency.weight", "1"),
    ("features.frequency.transform", "log1p"),
    ("features.frequency.scaling", "z_score"),
    ("features.frequency.weight", "1"),
    ("features.monetary.transform", "log1p"),
    ("features.monetary.scaling", "z_score"),
    ("features.monetary.weight", "1"),
    ("features.principal_components", "none"),
    ("clusters.method", "kmeans"),
    ("clusters.count", "2..8"),
    ("clusters.starts", "10"),
    ("clusters.max_rounds", "300"),
    ("clusters.max_seconds", "none"),
    ("clusters.tolerance", "0.0001"),
    ("clusters.seed", "0"),
    ("clusters.seeding", "sampled"),
    ("clusters.engine", "auto"),
    ("clusters.bounds_memory", "4 GiB"),
    ("clusters.collapse", "false"),
    ("clusters.precision", "float64"),
    ("clusters.start_customers", "[]"),
    ("clusters.batch_rows", "1024"),
    ("clusters.patience", "10"),
    ("clusters.reassign_share", "0.01"),
    ("clusters.trim_share", "0.05"),
    ("clusters.regularization", "0.000001"),
    ("clusters.model", "none"),
    ("clusters.previous_model", "none"),
    ("clusters.choose_by", "simplified_silhouette"),
    (
      "clusters.choice.criteria",
      "[simplified_silhouette, davies_bouldin, calinski_harabasz, bic]"
    ),
    ("clusters.choice.silhouette_rows", "2000"),
    ("clusters.choice.references", "20"),
    ("clusters.choice.reference_rows", "4096"),
    ("clusters.choice.reference_shape", "tightest"),
    ("clusters.choice.resamples", "20"),
    ("clusters.choice.resample_rows", "4096"),
    ("output.path", "none"),
    ("output.partition", "segment"),
    ("output.rows_per_part", "5000000"),
    ("output.neutralize_formulas", "false"),
    ("run.until", "all"),
    ("run.workers", "auto"),
    ("run.split_bytes", "256 KiB"),
    ("run.simd", "auto"),
  ]

  /// Keys that somebody could expect, and why they are refused.
  static let refused: [String: String] = [
    "run.memory": "a memory limit with spill to disk is not there yet; leave it out",
    "run.spill": "spill to disk is not there yet; leave it out",
    "repeated_rows.spill":
      "removing repeated rows beyond memory is not there yet; raise repeated_rows.memory",
    "returns": "matching returns with their sales (cancel_matched) is not there yet; use `filters`",
    "returns.policy":
      "matching returns with their sales (cancel_matched) is not there yet; use `filters`",
    "input.format": "inputs are CSV; Parquet, Arrow and JSON lines are not there yet",
    "output.format": "outputs are CSV; Parquet and Arrow are not there yet",
    "output.report": "the HTML report is not there yet; use profiles/*.csv and summary.json",
    "report": "the HTML report is not there yet; use profiles/*.csv and summary.json",
    "profiles": "profiles by dimension are not there yet; `dimensions` serve the filters",
    "profiles.dimensions":
      "profiles by dimension are not there yet; `dimensions` serve the filters",
  ]

  /// The layer below all others.
  static let standard: SettingNode = {
    let empty = SettingNode(value: .map([]), origin: .standard)
    return keys.reduce(empty) { root, key in
      let file = SettingsFile.value(key.standard, at: key.path, origin: .standard)
      return root.overlaid(with: file.root)
    }
  }()

  /// Whether a path is a section, or begins with one and `_`.
  static func beginsWithSection(_ path: String) -> Bool {
    sections.contains { path == $0 || path.hasPrefix($0 + "_") }
  }

  /// What is wrong with the keys of one layer, and the layer without them.
  static func checked(_ file: SettingsFile) -> SettingsFile {
    var result = SettingsFile(root: file.root, problems: file.problems)
    result.root.value = .map(known(file.root.entries ?? [], under: "", &result.problems))
    return result
  }

  private static func known(
    _ entries: [(key: String, node: SettingNode)],
    under prefix: String,
    _ problems: inout [SettingProblem]
  ) -> [(key: String, node: SettingNode)] {
    entries.compactMap { key, node in
      let path = prefix + key
      if keys.contains(where: { $0.path == path }) { return (key, node) }
      let isSection = keys.contains { $0.path.hasPrefix(path + ".") }
      if isSection, let inner = node.entries {
        var section = node
        section.value = .map(known(inner, under: path + ".", &problems))
        return (key, section)
      }
      if isSection, node.isNull { return nil }
      let message = isSection ? "expected keys under it" : refusal(of: path, node)
      problems.append(SettingProblem(keyPath: path, message: message, origin: node.origin))
      return nil
    }
  }

  private static func refusal(of path: String, _ node: SettingNode) -> String {
    if let reason = refused[path] { return reason }
    let candidates = keys.map(\.path) + sections
    let near = NearMiss.suggestion(for: path, among: candidates)
    return "unknown key" + (near.map { "; did you mean '\($0)'?" } ?? "")
  }

  private static var sections: [String] {
    var seen: [String] = []
    for key in keys {
      let section = String(key.path.split(separator: ".")[0])
      if !seen.contains(section) { seen.append(section) }
    }
    return seen
  }
}
