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
  /// What was fitted before.
  var models = PlanModels()

  /// Gives the clusters the ids of the previous model, where there is one.
  mutating func matchPreviousModel(_ plan: Plan) throws(RunError) {
    guard let previous = models.previous, let features = features?.model,
      let model = clusters?.model(features, definition: plan.definition)
    else { return }
    clusters?.rename(try previous.matching(model))
  }
}

/// Clusters in the order of their value, best first.
struct RankedClusters: Sendable {
  /// Labels and centroids in the order of rank.
  var clustering: Clustering
  /// Every number of clusters that was tried.
  var sweep: SweepResult
  /// For each rank the label that the cluster has in `sweep`.
  var order: [Int]
  /// Ids `cluster_1` to `cluster_k`, with the names of tiers as labels, such as Platinum.
  var grouping: Grouping
  /// How the ids continue those of a previous model; nil without one.
  var matching: ModelMatching?
  /// For each customer the squared distance to the centroid of a model that was applied; empty where
  /// the clusters were fitted.
  var squaredDistances: [Double] = []
  /// The largest number that an id of the model has ever had.
  var lastNumber: Int

  init(_ sweep: SweepResult, rfm: RFMTable) {
    let ranking = ClusterRanking(sweep.best, rfm: rfm)
    clustering = ranking.clustering
    order = ranking.order
    let names = zip(ranking.clusters.names, ranking.tiers.names).map { cluster, tier in
      GroupName(id: cluster.id, label: tier.label)
    }
    grouping = Grouping(names: names, indices: clustering.labels)
    lastNumber = names.count
    self.sweep = sweep
  }

  /// Clusters of a model that was applied, in its own order.
  init(_ assignment: ModelAssignment, of model: ClusterModel, workers: Workers) {
    clustering = Clustering(
      labels: assignment.labels,
      centroids: model.centroids,
      clusterCount: model.names.count,
      columnCount: model.columns.count,
      inertia: assignment.inertia(workers: workers),
      rounds: 0,
      converged: true,
      engine: "model"
    )
    sweep = SweepResult(applied: clustering)
    order = Array(0..<clustering.clusterCount)
    grouping = assignment.grouping
    squaredDistances = assignment.squaredDistances
    lastNumber = model.lastNumber
  }

  /// The clusters as a model of these features.
  func model(_ features: FeatureModel, definition: RFMDefinition) -> ClusterModel {
    ClusterModel(
      columns: features.columnNames,
      definition: definition,
      features: features,
      names: grouping.names,
      centroids: clustering.centroids,
      lastNumber: lastNumber
    )
  }

  /// Takes the ids of a previous model.
  mutating func rename(_ matching: ModelMatching) {
    grouping.names = zip(grouping.names, matching.ids).map { GroupName(id: $1, label: $0.label) }
    lastNumber = matching.lastNumber
    self.matching = matching
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
