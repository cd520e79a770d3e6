internal import CBridge

/// All customers of a ledger, sorted by the bytes of their keys.
///
/// SAFETY: nothing changes after `init`, so any number of threads may read.
@safe public final class CustomerRecords: @unchecked Sendable {
  /// How many customers there are.
  public let count: Int
  /// Distinct orders of them all.
  public let orderCount: Int
  /// Distinct order-days of them all.
  public let orderDayCount: Int

  private let items: UnsafeMutableBufferPointer<cb_sort_item>
  private let pool: BlockPool

  /// Sorts the customers of all partitions.
  init(_ reductions: [PartitionReduction], pool: BlockPool) {
    count = reductions.reduce(0) { $0 + $1.customerCount }
    orderCount = Int(reductions.reduce(0) { $0 + $1.orderCount })
    orderDayCount = Int(reductions.reduce(0) { $0 + $1.orderDayCount })
    self.pool = pool
    // SAFETY: room for every customer of the reductions; freed with this object.
    unsafe items = .allocate(capacity: max(1, count))
    var filled = 0
    for reduction in reductions {
      unsafe filled = reduction.copyCustomers(to: items, at: filled)
    }
    let scratch = UnsafeMutablePointer<cb_sort_item>.allocate(capacity: max(1, count))
    defer { unsafe scratch.deallocate() }
    // SAFETY: both hold `count` items, whose records the pool owns.
    unsafe cb_sort_customers(items.baseAddress, count, scratch)
  }

  deinit { unsafe items.deallocate() }

  /// Bytes that the records take, with what the pool holds in reserve.
  public var bytes: Int { pool.bytes + count * MemoryLayout<cb_sort_item>.size }

  /// Copies some customers to columns.
  public func columns(_ range: Range<Int>) -> CustomerColumns {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "there are no such customers")
    // SAFETY: the range lies within the items.
    let first = unsafe items.baseAddress.map { unsafe $0 + range.lowerBound }
    let keyBytes = unsafe cb_customer_key_bytes(first, range.count)
    var columns = CustomerColumns(count: range.count, keyBytes: keyBytes)
    // SAFETY: every column has `range.count` entries, and the keys their bytes.
    unsafe cb_gather_counts(
      first,
      range.count,
      &columns.firstInstants,
      &columns.lastInstants,
      &columns.orderCounts,
      &columns.rowCounts,
      &columns.dayCounts
    )
    unsafe cb_gather_amounts(
      first,
      range.count,
      &columns.gross,
      &columns.returns,
      &columns.largestOrders,
      &columns.firstOrders,
      &columns.gapMeanDays,
      &columns.gapVarianceDays
    )
    unsafe cb_gather_keys(
      first,
      range.count,
      &columns.placeFiles,
      &columns.placeOffsets,
      &columns.keyEnds,
      &columns.keys
    )
    return columns
  }

  /// Copies the values of one attribute of some customers: the bytes, and the offsets behind each.
  public func attribute(_ index: Int, _ range: Range<Int>) -> (bytes: [UInt8], ends: [Int]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "there are no such customers")
    // SAFETY: as above; an attribute of this number was attached to every record.
    let first = unsafe items.baseAddress.map { unsafe $0 + range.lowerBound }
    let length = unsafe cb_attribute_bytes(first, range.count, UInt32(index))
    var ends = [Int](repeating: 0, count: range.count)
    var bytes = [UInt8](repeating: 0, count: length)
    unsafe cb_gather_attribute(first, range.count, UInt32(index), &ends, &bytes)
    return (bytes, ends)
  }
}

/// Some customers as columns; see ``CustomerRecords``.
public struct CustomerColumns: Sendable {
  /// Earliest instants, microseconds.
  public var firstInstants: [Int64]
  /// Latest instants.
  public var lastInstants: [Int64]
  /// Distinct orders.
  public var orderCounts: [Int64]
  /// Rows.
  public var rowCounts: [Int64]
  /// Distinct days.
  public var dayCounts: [Int64]
  /// Sums of the amounts above zero.
  public var gross: [Int128]
  /// Sums of the amounts below zero.
  public var returns: [Int128]
  /// Net amounts of the largest orders.
  public var largestOrders: [Int128]
  /// Net amounts of the first orders.
  public var firstOrders: [Int128]
  /// Means of the gaps between orders.
  public var gapMeanDays: [Double]
  /// Population variances of the gaps.
  public var gapVarianceDays: [Double]
  /// Files of the first rows.
  public var placeFiles: [UInt32]
  /// Offsets of the first rows.
  public var placeOffsets: [UInt64]
  /// Keys, joined.
  public var keys: [UInt8]
  /// Offsets behind each key.
  public var keyEnds: [Int]

  /// Columns of zeros.
  init(count: Int, keyBytes: Int) {
    firstInstants = Array(repeating: 0, count: count)
    lastInstants = Array(repeating: 0, count: count)
    orderCounts = Array(repeating: 0, count: count)
    rowCounts = Array(repeating: 0, count: count)
    dayCounts = Array(repeating: 0, count: count)
    gross = Array(repeating: 0, count: count)
    returns = Array(repeating: 0, count: count)
    largestOrders = Array(repeating: 0, count: count)
    firstOrders = Array(repeating: 0, count: count)
    gapMeanDays = Array(repeating: 0, count: count)
    gapVarianceDays = Array(repeating: 0, count: count)
    placeFiles = Array(repeating: 0, count: count)
    placeOffsets = Array(repeating: 0, count: count)
    keys = Array(repeating: 0, count: keyBytes)
    keyEnds = Array(repeating: 0, count: count)
  }
}
