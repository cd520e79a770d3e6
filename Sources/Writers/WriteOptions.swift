/// What the customer files are partitioned by.
public enum PartitionColumn: String, Hashable, Sendable, CaseIterable {
  /// One folder a segment of the main map.
  case segment
  /// One folder a value tier.
  case tier
  /// One folder a cluster.
  case cluster
  /// No folders.
  case none
}

/// How outputs are written.
public struct WriteOptions: Hashable, Sendable {
  /// What the customer files are partitioned by.
  public var partition: PartitionColumn = .segment
  /// Rows in each part file at most.
  public var rowsPerPart = 5_000_000
  /// Whether text fields that a spreadsheet would run as formulas get a leading apostrophe.
  public var neutralizeFormulas = false

  /// Partitioned by segment, byte-exact.
  public init() {}
}
