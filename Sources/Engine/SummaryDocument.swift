internal import Clusters
internal import Readers
internal import Segments
internal import Tables
internal import Writers

/// `summary.json`: what became of the rows, and the groups of customers.
struct SummaryDocument {
  let plan: Plan
  let findings: Findings
  let profiles: Profiles

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("rows", rows), ("money", money), ("customers", .int(findings.ledger.customers.count)),
      ("orders", .int(findings.ledger.orderCount)),
    ]
    if let rfm = findings.rfm { members.append(("as_of", .string("\(rfm.asOf)"))) }
    let groups = [
      ("segments", profiles.segments), ("tiers", profiles.tiers), ("clusters", profiles.clusters),
    ]
    for (name, group) in groups where !group.isEmpty {
      members.append((name, .array(group.map { $0.json(moneyScale: scale) })))
    }
    let further = profiles.furtherMaps.map { name, group in
      (name, JSONValue.array(group.map { $0.json(moneyScale: scale) }))
    }
    if !further.isEmpty { members.append(("further_maps", .members(further))) }
    if let clusters = findings.clusters {
      members.append(("sweep", clusters.sweepJSON))
      let names = findings.features?.matrix.names ?? []
      let choice = ChoiceDocument(clusters: clusters, columnNames: names)
      members.append(("choice", choice.json))
      if let matching = clusters.matching { members.append(("matching", matching.json)) }
    }
    return .members(members)
  }

  private var scale: Int { plan.format.moneyScale }

  private var rows: JSONValue {
    let summary = findings.ledger.summary
    return .members([
      ("read", .int(summary.rowsRead)), ("kept", .int(summary.kept.rows)),
      ("rejected", .int(summary.rejected.rows)), ("blank", .int(summary.blank)),
      ("filtered", .members(summary.filtered.map { ($0.rule, .int($0.tally.rows)) })),
    ])
  }

  private var money: JSONValue {
    let summary = findings.ledger.summary
    let filtered = summary.filtered.reduce(Money.zero) { $0 + $1.tally.money }
    let unreadable = summary.filtered.reduce(summary.rejected.unreadableAmounts) {
      $0 + $1.tally.unreadableAmounts
    }
    return .members([
      ("kept", .money(summary.kept.money, scale: scale)),
      ("filtered", .money(filtered, scale: scale)),
      ("rejected", .money(summary.rejected.money, scale: scale)),
      ("rows_without_readable_amount", .int(unreadable)),
      (
        "filtered_by_rule",
        .members(
          summary.filtered.map { ($0.rule, .money($0.tally.money, scale: scale)) }
        )
      ),
    ])
  }
}

extension RankedClusters {
  /// Figures of every number of clusters that was tried.
  var sweepJSON: JSONValue { sweep.json }
}

extension SweepResult {
  /// Figures of every number of clusters that was tried.
  var json: JSONValue {
    .array(
      quality.indices.map { index in
        let (quality, tried) = (quality[index], tried[index])
        let figures: [(String, JSONValue)] = [
          ("clusters", .int(quality.clusterCount)), ("inertia", .double(quality.inertia)),
          ("calinski_harabasz", .double(quality.calinskiHarabasz)),
          ("davies_bouldin", .double(quality.daviesBouldin)),
          ("simplified_silhouette", .double(quality.simplifiedSilhouette)),
        ]
        let run: [(String, JSONValue)] = [
          ("rounds", .int(tried.rounds)), ("converged", .bool(tried.converged)),
          ("is_chosen", .bool(quality.clusterCount == best.clusterCount)),
        ]
        return .members(figures + choice.figures[index].json + run)
      }
    )
  }
}
