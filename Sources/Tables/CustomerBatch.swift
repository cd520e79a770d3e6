/// Some customers as columns, in ascending byte order of their keys.
///
/// All columns have `count` entries. Instants are microseconds as ``Instant`` counts them, amounts
/// are units of the ledger's money scale.
public struct CustomerBatch: Sendable {
  /// Customer ids, ascending.
  public var keys = KeyColumn()
  /// The moment of each customer's first kept row.
  public var firstInstants: [Int64] = []
  /// The moment of each customer's last kept row.
  public var lastInstants: [Int64] = []
  /// Distinct orders.
  public var orderCounts: [Int64] = []
  /// Kept rows.
  public var rowCounts: [Int64] = []
  /// Distinct days with a kept row.
  public var dayCounts: [Int64] = []
  /// Sum of the amounts above zero.
  public var gross: [Int128] = []
  /// Sum of the amounts below zero; at most zero.
  public var returns: [Int128] = []
  /// Net amount of the order that has the largest.
  public var largestOrders: [Int128] = []
  /// Net amount of the first order: the one that begins earliest, ties by order id.
  public var firstOrders: [Int128] = []
  /// Mean of the days between the beginnings of successive orders; NaN with fewer than two orders.
  public var gapMeanDays: [Double] = []
  /// Population variance of those gaps, in days²; NaN with fewer than two orders.
  public var gapVarianceDays: [Double] = []
  /// Where each customer's first row in the input stands (by place, not by time).
  public var places: [RowPlace] = []
  /// For each declared attribute its latest value that is not empty; empty where there is none.
  public var attributes: [KeyColumn] = []

  /// A batch without customers.
  public init() {}

  /// How many customers there are.
  public var count: Int { keys.count }

  /// Gross plus returns of one customer.
  public func net(_ row: Int) -> Int128 { gross[row] + returns[row] }
}

/// All customers as a sequence of key-sorted batches, each made when it is asked for.
///
/// Row `i` of batch `b` is customer `b * batchRows + i` of every table that has one entry a customer.
public struct CustomerBatches: Sendable {
  /// How many customers there are.
  public let count: Int
  /// Customers in each batch but the last.
  public let batchRows: Int
  private let load: @Sendable (Int) -> CustomerBatch

  /// Describes `count` customers whose batch number `b` is made by `load(b)`.
  ///
  /// `load` may be called from several threads at once and gives the same batch each time.
  public init(count: Int, batchRows: Int, load: @escaping @Sendable (Int) -> CustomerBatch) {
    precondition(batchRows > 0, "a batch holds at least one customer")
    self.count = count
    self.batchRows = batchRows
    self.load = load
  }

  /// How many batches there are.
  public var batchCount: Int { (count + batchRows - 1) / batchRows }

  /// The customers that batch number `index` holds.
  public func rows(ofBatch index: Int) -> Range<Int> {
    index * batchRows..<min(count, (index + 1) * batchRows)
  }

  /// Makes batch number `index`.
  public func batch(at index: Int) -> CustomerBatch {
    precondition((0..<batchCount).contains(index), "there is no such batch")
    return load(index)
  }
}
