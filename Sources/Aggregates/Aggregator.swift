// Transactions -> order-days -> orders -> customers.
//
// Rows fold into order-days, keyed by customer, order and day, in radix partitions by a keyed hash of
// the customer; `finish` reduces each partition alone to orders and customers and sorts these by key.
// Everything summed is an integer, and order-days merge in any order: so the customers are the same
// bits for any number of workers, any cuts into batches, and any order in which these are absorbed.

public import Kernels
public import Tables

/// Folds batches of transactions into customers.
public final class Aggregator: Sendable {
  /// Customers in a batch of the result: its columns, 1.2 MiB, stay in a core's second cache.
  public static let batchRows = 8192

  private let options: AggregateOptions
  private let fold: CustomerFold

  /// An aggregator without rows.
  ///
  /// - Parameters:
  ///   - options: What makes an order, and how many attributes there are.
  ///   - workers: Those that absorb; they are numbered from 0.
  public convenience init(options: AggregateOptions, workers: Workers) {
    self.init(options: options, workers: workers, sizes: CustomerFoldSizes())
  }

  /// An aggregator with other sizes of blocks and folds than the usual ones.
  package init(options: AggregateOptions, workers: Workers, sizes: CustomerFoldSizes) {
    self.options = options
    fold = CustomerFold(
      orders: options.orders.kernelKey,
      isPerFile: options.isOrderScopedToFile,
      attributeCount: options.attributeCount,
      hashSeed: options.hashSeed,
      workers: workers.count,
      sizes: sizes
    )
  }

  /// Bytes that order-days and attributes take now.
  public var bytes: Int { fold.bytes }

  /// Folds in the kept rows of a batch; the calls of one worker come one after the other.
  ///
  /// - Throws: ``AggregateError/badBatch(fileOrdinal:originOffset:)`` when the batch contradicts
  ///   itself, ``AggregateError/tooLarge``, ``AggregateError/outOfMemory``.
  /// - Complexity: O(rows); allocates only when a block of records is full.
  public func absorb(
    _ batch: borrowing TransactionBatch,
    worker: Int
  ) throws(AggregateError) {
    var rows = LedgerRows(copy batch)
    do throws(KernelError) {
      guard batch.attributes.count == options.attributeCount else { throw .badShape }
      try fold.absorb(rows, worker: worker)
      for attribute in 0..<options.attributeCount {
        rows.orderBegins = batch.attributes[attribute].begins
        rows.orderLengths = batch.attributes[attribute].lengths
        try fold.absorb(rows, attribute: attribute, worker: worker)
      }
    } catch {
      throw AggregateError(
        error,
        fileOrdinal: batch.fileOrdinal,
        originOffset: batch.originOffset
      )
    }
  }

  /// Reduces everything to customers, sorted by key; called once, when nothing is absorbed any longer.
  ///
  /// - Throws: ``AggregateError/tooLarge`` or ``AggregateError/outOfMemory``.
  /// - Complexity: O(n log n) in the order-days of the largest customer, else linear.
  public func finish(workers: Workers) throws(AggregateError) -> Aggregation {
    do throws(KernelError) {
      return Aggregation(try fold.finish(workers: workers), options: options)
    } catch {
      throw AggregateError(error)
    }
  }
}

/// All customers of a ledger, and how much there was of what.
public struct Aggregation: Sendable {
  /// The customers, in ascending byte order of their keys.
  public let customers: CustomerBatches
  /// Distinct orders.
  public let orderCount: Int
  /// Distinct combinations of customer, order and day.
  public let orderDayCount: Int
  /// Bytes that the customers take in memory, reserve included.
  public let bytes: Int

  init(_ records: CustomerRecords, options: AggregateOptions) {
    orderCount = records.orderCount
    orderDayCount = records.orderDayCount
    bytes = records.bytes
    let batchRows = Aggregator.batchRows
    let count = records.count
    customers = CustomerBatches(count: count, batchRows: batchRows) { index in
      let range = index * batchRows..<min(count, (index + 1) * batchRows)
      return CustomerBatch(records, range: range, attributeCount: options.attributeCount)
    }
  }
}

extension OrderIdentity {
  fileprivate var kernelKey: OrderKey {
    switch self {
    case .column: .column
    case .day: .day
    case .row: .row
    }
  }
}

extension LedgerRows {
  fileprivate init(_ batch: TransactionBatch) {
    self.init(
      bytes: batch.bytes,
      rowCount: batch.rowCount,
      keptRows: batch.keptRows,
      customerBegins: batch.customers.begins,
      customerLengths: batch.customers.lengths,
      orderBegins: batch.orders.begins,
      orderLengths: batch.orders.lengths,
      instants: batch.instants,
      amounts: batch.amounts,
      rowBegins: batch.rowBegins,
      originOffset: batch.originOffset,
      fileOrdinal: batch.fileOrdinal
    )
  }
}

extension CustomerBatch {
  fileprivate init(_ records: CustomerRecords, range: Range<Int>, attributeCount: Int) {
    let columns = records.columns(range)
    self.init()
    keys.bytes = columns.keys
    keys.ends = columns.keyEnds
    firstInstants = columns.firstInstants
    lastInstants = columns.lastInstants
    orderCounts = columns.orderCounts
    rowCounts = columns.rowCounts
    dayCounts = columns.dayCounts
    gross = columns.gross
    returns = columns.returns
    largestOrders = columns.largestOrders
    firstOrders = columns.firstOrders
    gapMeanDays = columns.gapMeanDays
    gapVarianceDays = columns.gapVarianceDays
    places = zip(columns.placeFiles, columns.placeOffsets).map {
      RowPlace(fileOrdinal: $0, byteOffset: $1)
    }
    attributes = (0..<attributeCount).map { index in
      var column = KeyColumn()
      (column.bytes, column.ends) = records.attribute(index, range)
      return column
    }
  }
}
