internal import Kernels
public import Tables

/// What is known about every customer, as the customer files show it.
///
/// All tables have one entry a customer, in the order of `customers`.
public struct CustomerTable: Sendable {
  /// The customers.
  public var customers: CustomerBatches
  /// Decimals of the ledger's amounts.
  public var moneyScale: Int
  /// Names of `CustomerBatch.attributes`.
  public var attributeNames: [String] = []
  /// Recency, frequency and money; nil where the run ends with the customers.
  public var rfm: RFMTable?
  /// Whether frequency counts orders; if not, a column `orders` follows.
  public var frequencyIsOrders = true
  /// Whether monetary is the exact net amount; if not it has six decimals, and a column `net` follows.
  public var monetaryIsNet = true
  /// Scores, segments and tiers.
  public var segments: SegmentTable?
  /// Clusters.
  public var clusters: Grouping?

  /// Customers alone.
  public init(customers: CustomerBatches, moneyScale: Int) {
    self.customers = customers
    self.moneyScale = moneyScale
  }

  /// The groups that a partition column has; nil for none.
  ///
  /// - Throws: ``WriteError/partitionMissing(column:)`` where the table lacks them.
  func grouping(of column: PartitionColumn) throws(WriteError) -> Grouping? {
    let grouping: Grouping?
    switch column {
    case .none: return nil
    case .segment: grouping = segments?.segments
    case .tier: grouping = segments?.tiers
    case .cluster: grouping = clusters
    }
    guard let grouping else { throw .partitionMissing(column: column.rawValue) }
    return grouping
  }
}

/// A column of the customer files.
struct CustomerColumn: Sendable {
  /// Its name in the header.
  let name: String
  /// Its values for a batch whose first customer has the given position among all.
  let values: @Sendable (CustomerBatch, Int) -> TextColumn
}

extension CustomerTable {
  /// The columns in the order of the files, less the one that the files are partitioned by.
  ///
  /// - Throws: ``WriteError/repeatedColumn(_:)``.
  func columns(options: WriteOptions) throws(WriteError) -> [CustomerColumn] {
    var columns = [
      CustomerColumn(name: "customer_id") { batch, _ in
        .text(bytes: batch.keys.bytes, ends: batch.keys.ends)
      },
      CustomerColumn(name: "first_order") { batch, _ in .instants(batch.firstInstants) },
      CustomerColumn(name: "last_order") { batch, _ in .instants(batch.lastInstants) },
    ]
    if let rfm {
      columns += rfmColumns(rfm)
    } else {
      columns.append(ordersColumn)
    }
    if let segments { columns += scoreColumns(segments) }
    columns += groupColumns(isDefused: options.neutralizeFormulas)
    columns += detailColumns
    columns += furtherMapColumns(isDefused: options.neutralizeFormulas)
    columns += attributeColumns
    var names: Set<String> = []
    for column in columns where !names.insert(column.name).inserted {
      throw .repeatedColumn(column.name)
    }
    return columns.filter { options.partition == .none || $0.name != options.partition.rawValue }
  }

  private var ordersColumn: CustomerColumn {
    CustomerColumn(name: "orders") { batch, _ in .integers(batch.orderCounts, from: 0) }
  }

  private func rfmColumns(_ rfm: RFMTable) -> [CustomerColumn] {
    let (scale, isNet) = (moneyScale, monetaryIsNet)
    return [
      CustomerColumn(name: "recency_days") { _, first in .integers(rfm.recencyDays, from: first) },
      CustomerColumn(name: "frequency") { _, first in .integers(rfm.frequency, from: first) },
      CustomerColumn(name: "monetary") { _, first in
        isNet
          ? .money(rfm.net, scale: scale, from: first) : .decimals(rfm.monetary, from: first)
      },
    ]
  }

  private func scoreColumns(_ segments: SegmentTable) -> [CustomerColumn] {
    [
      ("r_score", segments.recencyScores),
      ("f_score", segments.frequencyScores),
      ("m_score", segments.monetaryScores),
    ].map { name, scores in CustomerColumn(name: name) { _, first in .scores(scores, from: first) }
    }
  }

  private func groupColumns(isDefused: Bool) -> [CustomerColumn] {
    var columns: [CustomerColumn] = []
    if let segments {
      columns.append(.group("segment", segments.segments, \.id, isDefused: isDefused))
      columns.append(.group("tier", segments.tiers, \.id, isDefused: isDefused))
    }
    if let clusters {
      columns.append(.group("cluster", clusters, \.id, isDefused: isDefused))
      columns.append(.group("cluster_name", clusters, \.label, isDefused: isDefused))
    }
    return columns
  }

  private var detailColumns: [CustomerColumn] {
    let scale = moneyScale
    let orders = rfm != nil && !frequencyIsOrders ? [ordersColumn] : []
    let net = CustomerColumn(name: "net") { batch, _ in
      .moneySum(batch.gross, batch.returns, scale: scale)
    }
    let hasNet = rfm == nil || !monetaryIsNet
    return orders + [
      CustomerColumn(name: "rows") { batch, _ in .integers(batch.rowCounts, from: 0) },
      CustomerColumn(name: "days") { batch, _ in .integers(batch.dayCounts, from: 0) },
      CustomerColumn(name: "gross") { batch, _ in .money(batch.gross, scale: scale, from: 0) },
      CustomerColumn(name: "returns") { batch, _ in .money(batch.returns, scale: scale, from: 0) },
    ] + (hasNet ? [net] : []) + [
      CustomerColumn(name: "largest_order_amount") { batch, _ in
        .money(batch.largestOrders, scale: scale, from: 0)
      },
      CustomerColumn(name: "first_order_amount") { batch, _ in
        .money(batch.firstOrders, scale: scale, from: 0)
      },
      CustomerColumn(name: "gap_mean_days") { batch, _ in .decimals(batch.gapMeanDays, from: 0) },
      CustomerColumn(name: "gap_variance_days") { batch, _ in
        .decimals(batch.gapVarianceDays, from: 0)
      },
    ]
  }

  private func furtherMapColumns(isDefused: Bool) -> [CustomerColumn] {
    (segments?.furtherMaps ?? []).map { name, grouping in
      .group(name, grouping, \.id, isDefused: isDefused)
    }
  }

  private var attributeColumns: [CustomerColumn] {
    attributeNames.enumerated().map { index, name in
      CustomerColumn(name: name) { batch, _ in
        .text(bytes: batch.attributes[index].bytes, ends: batch.attributes[index].ends)
      }
    }
  }
}

extension CustomerColumn {
  /// A column of the ids or labels of groups.
  fileprivate static func group(
    _ name: String,
    _ grouping: Grouping,
    _ text: KeyPath<GroupName, String>,
    isDefused: Bool
  ) -> CustomerColumn {
    let fields = grouping.names.map { csvField($0[keyPath: text].utf8, isDefused: isDefused) }
    let names = NameTable(fields)
    return CustomerColumn(name: name) { _, first in
      .names(names, grouping.indices, from: first)
    }
  }
}
