internal import Clusters
internal import Features
internal import Readers
internal import Segments
internal import Tables
internal import Writers

/// What the figures of a run mean: the part of the manifest that makes an output understood, and made
/// again, without this run's settings file.
///
/// Nothing here depends on how a run was done: no paths, workers, engines or times.
struct Definitions {
  let plan: Plan
  let findings: Findings

  var json: JSONValue {
    var members: [(String, JSONValue)] = [("ledger", ledger)]
    if findings.rfm != nil { members.append(("rfm", rfm)) }
    if let model = findings.segmentation?.model { members.append(("scores", scores(model))) }
    if let features = findings.features {
      members.append(("features", self.features(features.model)))
    }
    if findings.clusters != nil { members.append(("clusters", clusters)) }
    return .members(members)
  }

  // MARK: - ledger

  private var ledger: JSONValue {
    let format = plan.format
    return .members([
      (
        "customer",
        .members([
          ("column", format.customer.json), ("strip_suffix", .string(format.customerSuffix)),
        ])
      ),
      ("order", order),
      (
        "time",
        .members([
          ("column", format.time.json), ("format", .string(format.timeFormat.name)),
          ("zone_offset_seconds", .int(format.timeFormat.zoneOffsetSeconds)),
        ])
      ),
      ("amount", amount),
      ("money_decimals", .int(format.moneyScale)),
      ("currency", format.currency?.json ?? .null),
      ("encoding", .string(format.dialect.encoding.rawValue)),
      ("repeated_rows", .string(format.repeatedRows.rawValue)),
      ("filters", .array(format.filters.map(\.json))),
      ("attributes", .array(format.attributes.map { .string($0.name) })),
    ])
  }

  private var order: JSONValue {
    switch plan.format.order {
    case .column(let column):
      .members([
        ("by", "column"), ("column", column.json),
        ("unique_in", .string(plan.format.orderScope.rawValue)),
      ])
    case .day: .members([("by", "day")])
    case .row: .members([("by", "row")])
    }
  }

  private var amount: JSONValue {
    switch plan.format.amount {
    case .amount(let column): .members([("column", column.json)])
    case .product(let quantity, let price, let discount):
      .members([
        ("quantity", quantity.json), ("price", price.json), ("discount", discount?.json ?? .null),
      ])
    }
  }

  // MARK: - recency, frequency, monetary

  private var rfm: JSONValue {
    .members([
      ("as_of", .string(findings.rfm.map { "\($0.asOf)" } ?? "")),
      ("as_of_rule", plan.read.asOf == nil ? "newest kept row + 24 hours" : "declared"),
      ("recency", .string(plan.definition.recency.rawValue)),
      ("recency_meaning", .string(plan.definition.recency.meaning)),
      ("frequency", .string(plan.definition.frequency.rawValue)),
      ("frequency_meaning", .string(plan.definition.frequency.meaning)),
      ("monetary", .string(plan.definition.monetary.rawValue)),
      ("monetary_meaning", .string(plan.definition.monetary.meaning)),
    ])
  }

  private func scores(_ model: ScoreModel) -> JSONValue {
    .members([
      ("recency", model.recency.definition), ("frequency", model.frequency.definition),
      ("monetary", model.monetary.definition),
      ("maps", .array(plan.segments.maps.map { .string($0.id) })),
      (
        "tiers",
        .members([
          ("ids", .array(plan.segments.tiers.ids.map { .string($0) })),
          ("quantiles", .numbers(plan.segments.tiers.quantiles)),
          ("cuts", .numbers(model.tierCuts)),
        ])
      ),
    ])
  }

  private func features(_ model: FeatureModel) -> JSONValue {
    .array(
      model.axes.map { axis in
        .members([
          ("axis", .string(axis.axis.rawValue)), ("transform", .string(axis.transform.rawValue)),
          ("scaling", .string(axis.scaling.rawValue)), ("weight", .double(axis.weight)),
        ])
      }
    )
  }

  private var clusters: JSONValue {
    guard findings.models.applied == nil else {
      return .members([
        ("rule", "nearest centroid of a model that was fitted before"),
        ("model_sha256", .string(findings.models.appliedDigest)),
      ])
    }
    return plan.clusters.json(rank: "mean money, then mean frequency, then mean recency")
  }
}

extension ClusterOptions {
  /// What made the clusters, and what they are ordered by.
  func json(rank: String) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("count", .string(count.text)), ("starts", .int(starts)),
      ("max_rounds", .int(maxRounds)), ("tolerance", .double(tolerance)),
      ("seed", .count(seed)), ("precision", .string(precision.rawValue)),
      ("start_customers", .array(startCustomers.map { .string($0) })),
      ("rank", .string(rank)),
      ("choose_by", .string(choice.rule.rawValue)), ("choice", choice.json),
    ]
    if let seconds = maxSeconds { members.append(("max_seconds", .double(seconds))) }
    return .members(members)
  }
}

extension ChoiceOptions {
  /// What the criteria of the number of clusters were computed from.
  fileprivate var json: JSONValue {
    let computed = ChoiceCriterion.allCases.filter(criteria.contains)
    var members: [(String, JSONValue)] = [
      ("criteria", .array(computed.map { .string($0.rawValue) }))
    ]
    if criteria.contains(.silhouette) {
      members.append(("silhouette_rows", .int(silhouetteRows)))
    }
    if criteria.contains(.gap) {
      members += [
        ("references", .int(references)), ("reference_rows", .int(referenceRows)),
        ("reference_shape", .string(referenceShape.rawValue)),
      ]
    }
    if criteria.contains(.stability) {
      members += [
        ("resamples", .int(resamples)), ("resample_rows", .int(resampleRows)),
      ]
    }
    return .members(members)
  }
}

extension JSONValue {
  /// An array of numbers.
  static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .double($0) }) }

  /// An object from its keys and values.
  static func members(_ pairs: [(String, JSONValue)]) -> JSONValue {
    .object(pairs.map { Member(key: $0, value: $1) })
  }
}

extension ClusterCount {
  fileprivate var text: String {
    switch self {
    case .fixed(let count): "\(count)"
    case .sweep(let range): "\(range.lowerBound)..\(range.upperBound)"
    }
  }
}

extension ColumnReference {
  fileprivate var json: JSONValue {
    switch self {
    case .name(let name): .string(name)
    case .number(let number): .int(number)
    }
  }
}

extension TimeFormat {
  fileprivate var name: String {
    switch pattern {
    case .iso8601: "iso8601"
    case .pattern(let text): text
    case .epochSeconds: "epoch_seconds"
    case .epochMilliseconds: "epoch_milliseconds"
    }
  }
}

extension RFMDefinition.Recency {
  fileprivate var meaning: String {
    switch self {
    case .elapsed: "whole periods of 24 hours from the customer's last kept row to as_of"
    case .calendar: "midnights from the customer's last kept row to as_of"
    }
  }
}

extension RFMDefinition.Frequency {
  fileprivate var meaning: String {
    switch self {
    case .orders: "distinct orders"
    case .rows: "kept rows"
    case .days: "distinct days with a kept row"
    case .repeatDays: "distinct days with a kept row after the first"
    }
  }
}

extension RFMDefinition.Monetary {
  fileprivate var meaning: String {
    switch self {
    case .sum: "sum of the kept amounts"
    case .meanPerOrder: "sum of the kept amounts over the number of orders"
    case .meanPerRepeatOrder: "mean amount of the orders after the first; 0 with one order"
    }
  }
}

extension FilterRule {
  fileprivate var json: JSONValue {
    let (column, condition, value) = parts
    return .members([("name", .string(name)), ("column", .string(column)), (condition, value)])
  }

  private var parts: (column: String, condition: String, value: JSONValue) {
    switch condition {
    case .missing(let text, let words): (text.name, "missing", Self.list(words))
    case .prefix(let text, let prefixes): (text.name, "prefix", Self.list(prefixes))
    case .isOneOf(let text, let values): (text.name, "one_of", Self.list(values))
    case .isNoneOf(let text, let values): (text.name, "none_of", Self.list(values))
    case .number(let quantity, let comparison, let constant):
      (quantity.rawValue, comparison.rawValue, .string(constant))
    case .before(let instant): ("time", "before", .string("\(instant)"))
    case .after(let instant): ("time", "after", .string("\(instant)"))
    }
  }

  private static func list(_ texts: [String]) -> JSONValue {
    .array(texts.map { .string($0) })
  }
}

extension FilterRule.Text {
  fileprivate var name: String {
    switch self {
    case .customer: "customer"
    case .order: "order"
    case .column(let name): name
    }
  }
}
