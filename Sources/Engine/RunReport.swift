/// Rows and money that went one way, as text for people and machines.
public struct RowReport: Hashable, Sendable {
  /// What it is called: `kept`, the name of a rule, `rejected`, `blank`.
  public var name: String
  /// Rows.
  public var rows: Int
  /// Money of the rows whose amount could be read, as an exact decimal; nil where rows have none.
  public var money: String?
  /// Rows whose amount could not be read.
  public var unreadableAmounts: Int
}

/// A segment, a tier or a cluster.
public struct GroupReport: Hashable, Sendable {
  /// Its id in paths and columns.
  public var id: String
  /// Its name for people.
  public var label: String
  /// Customers in it.
  public var customers: Int
  /// Of all customers, 0 to 1.
  public var share: Double
  /// Mean recency in days; nil in an empty group.
  public var recencyDays: Double?
  /// Mean of what frequency counts; nil in an empty group.
  public var frequency: Double?
  /// Mean money; nil in an empty group.
  public var monetary: Double?
  /// All of its money, as an exact decimal.
  public var totalMoney: String
}

/// One number of clusters that was tried.
public struct SweepReport: Hashable, Sendable {
  /// Clusters.
  public var clusterCount: Int
  /// Whether this number was chosen.
  public var isChosen: Bool
  /// Sum of squared distances.
  public var inertia: Double
  /// Higher is better.
  public var calinskiHarabasz: Double
  /// Lower is better.
  public var daviesBouldin: Double
  /// Higher is better.
  public var silhouette: Double
  /// Rounds of the start that won.
  public var rounds: Int
  /// Whether it came to rest.
  public var converged: Bool
  /// What else the choice of the number of clusters goes by.
  public var criteria: CriteriaReport
}

/// What else is known about one number of clusters; nil for what was not asked for.
public struct CriteriaReport: Hashable, Sendable {
  /// Bayesian information criterion; higher is better.
  public var bic: Double
  /// Mean silhouette, estimated, and its standard error; higher is better.
  public var silhouette: EstimateReport?
  /// Gap statistic and its standard error; higher is better.
  public var gap: EstimateReport?
  /// Jaccard similarity of the least stable cluster; higher is better.
  public var lowestJaccard: Double?
  /// Adjusted Rand index between samples; higher is better.
  public var resampledRand: Double?
  /// Names of the criteria that prefer this number.
  public var preferredBy: [String]
}

/// A figure that was estimated.
public struct EstimateReport: Hashable, Sendable {
  /// The estimate.
  public var value: Double
  /// Its standard error.
  public var error: Double
}

/// How the number of clusters came about.
public struct ChoiceReport: Hashable, Sendable {
  /// The rule that picked it, such as `simplified_silhouette`.
  public var rule: String
  /// What the criteria recommend, and who dissents, as a sentence; empty for a single number.
  public var recommendation = ""
  /// For each column its share of the separation between clusters.
  public var separation: [AxisShare] = []
}

/// A column's share of the separation between clusters.
public struct AxisShare: Hashable, Sendable {
  /// The column.
  public var column: String
  /// 0 to 1.
  public var share: Double
}

/// What a run found and used.
public struct RunReport: Sendable {
  /// All records and blank lines behind the headers.
  public var rowsRead = 0
  /// Where they went; their rows add up to `rowsRead`.
  public var rows: [RowReport] = []
  /// Money of all rows whose amount could be read, as an exact decimal.
  public var money = ""
  /// Customers with a kept row.
  public var customers = 0
  /// Orders of kept rows.
  public var orders = 0
  /// The moment that recency counts to; empty for `--until customers`.
  public var asOf = ""
  /// Segments of the main map.
  public var segments: [GroupReport] = []
  /// Tiers of value.
  public var tiers: [GroupReport] = []
  /// Clusters by rank of value.
  public var clusters: [GroupReport] = []
  /// Every number of clusters that was tried.
  public var sweep: [SweepReport] = []
  /// How the number of clusters came about; nil without clusters.
  public var choice: ChoiceReport?
  /// What the steps used.
  public var stages: [StageUse] = []
  /// The most memory that was resident at once, in bytes.
  public var peakResidentBytes = 0
  /// Threads.
  public var workerCount = 1
  /// The published folder.
  public var output = ""
  /// Files in it that the manifest lists.
  public var fileCount = 0
  /// Bytes of those files.
  public var byteCount: UInt64 = 0
  /// Things a user should know.
  public var warnings: [String] = []

  /// Nothing found.
  public init() {}
}
