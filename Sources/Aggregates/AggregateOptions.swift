/// What makes rows one order.
public enum OrderIdentity: String, Hashable, Sendable, CaseIterable {
  /// The order column: equal ids of one customer are one order.
  case column
  /// The day: all rows of a customer on one day are one order.
  case day
  /// Each row is an order of its own.
  case row
}

/// What aggregation depends on.
public struct AggregateOptions: Hashable, Sendable {
  /// What makes rows one order.
  public var orders = OrderIdentity.column
  /// Whether order ids start anew in each file, so that equal ids in two files are two orders.
  public var isOrderScopedToFile = false
  /// How many attributes every batch carries.
  public var attributeCount = 0
  /// Seeds the hash that chooses partitions; the result does not depend on it.
  public var hashSeed: UInt64 = 0

  /// The defaults: an order column whose ids are unique in the ledger.
  public init() {}
}
