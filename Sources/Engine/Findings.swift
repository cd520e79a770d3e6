internal import Aggregates
internal import Clusters
internal import Features
internal import Kernels
internal import Readers
internal import Segments
internal import Synchronization
internal import Tables

/// What became of the rows, and the customers that they were folded into.
struct Ledger: Sendable {
  var summary: ReadSummary
  var customers: CustomerBatches
  var orderCount: Int
}

/// What stopped the folding of rows: the readers know only that it stopped.
final class FirstFailure: Sendable {
  private let first = Mutex<AggregateError?>(nil)

  /// The error that came first.
  var error: AggregateError? { first.withLock(\.self) }

  /// Does `body`, and notes what it throws.
  func noting(_ body: () throws(AggregateError) -> Void) throws(AggregateError) {
    do throws(AggregateError) {
      try body()
    } catch {
      first.withLock { if $0 == nil { $0 = error } }
      throw error
    }
  }
}

/// Everything that a run has found so far.
struct Findings: Sendable {
  var ledger: Ledger
  var rfm: RFMTable?
  var features: (matrix: FeatureMatrix, model: FeatureModel)?
  var segmentation: (table: SegmentTable, model: ScoreModel)?
  var clusters: RankedClusters?
}

/// Clusters in the order of their value, best first.
struct RankedClusters: Sendable {
  /// Labels and centroids in the order of rank.
  var clustering: Clustering
  /// Every number of clusters that was tried.
  var sweep: SweepResult
  /// Ids `cluster_1` to `cluster_k`, with the names of tiers as labels, such as Platinum.
  var grouping: Grouping
  /// For each rank the label that the cluster had in the sweep.
  var order: [Int]

  init(_ sweep: SweepResult, rfm: RFMTable) {
    let ranking = ClusterRanking(sweep.best, rfm: rfm)
    clustering = ranking.clustering
    order = ranking.order
    let names = zip(ranking.clusters.names, ranking.tiers.names).map { cluster, tier in
      GroupName(id: cluster.id, label: tier.label)
    }
    grouping = Grouping(names: names, indices: clustering.labels)
    self.sweep = sweep
  }
}

extension AggregateOptions {
  /// What the format of a ledger means for its aggregation.
  init(_ format: LedgerFormat) {
    self.init()
    switch format.order {
    case .column: orders = .column
    case .day: orders = .day
    case .row: orders = .row
    }
    isOrderScopedToFile = format.orderScope == .file
    attributeCount = format.attributes.count
  }
}

extension Instant {
  /// The same time on the next day.
  var after24Hours: Instant {
    Instant(microseconds: microseconds + Self.microsecondsPerDay)
  }
}

extension SegmentOptions {
  /// Whether ties go by first appearance in the input.
  var needsPlaces: Bool {
    [scores.recency, scores.frequency, scores.monetary].contains { rule in
      guard case .quantiles(_, .ordinalByAppearance) = rule else { return false }
      return true
    }
  }
}

extension [InputFile] {
  /// Bytes of all files; nil where one is a pipe.
  var totalBytes: UInt64? {
    var total: UInt64 = 0
    for file in self {
      guard let stamp = file.stamp else { return nil }
      total += stamp.byteCount
    }
    return total
  }
}

extension CustomerBatches {
  /// Where each customer's first row stands.
  var places: [RowPlace] {
    (0..<batchCount).flatMap { batch(at: $0).places }
  }

  /// The row of the customer with this id, or nil.
  func row(of key: [UInt8]) -> Int? {
    var (low, high) = (0, batchCount)
    while low < high {
      let middle = (low + high) / 2
      let keys = batch(at: middle).keys
      if keys[keys.count - 1].lexicographicallyPrecedes(key) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < batchCount else { return nil }
    let keys = batch(at: low).keys
    return (0..<keys.count).first { keys[$0].elementsEqual(key) }.map { low * batchRows + $0 }
  }
}
