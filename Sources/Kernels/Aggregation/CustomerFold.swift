// Rows to customers: the owner of all order-days and attributes while a ledger is read.

internal import CBridge

/// What makes rows one order.
public enum OrderKey: Sendable {
  /// The order column.
  case column
  /// The day.
  case day
  /// Each row alone.
  case row
}

/// Sizes that speed and memory depend on, and results never do.
public struct CustomerFoldSizes: Hashable, Sendable {
  /// Bytes of a block of records.
  ///
  /// 16 KiB: with 256 partitions 4 MiB a worker, and a hand-over under a lock every 340 order-days.
  public var blockBytes = 16 << 10
  /// Bytes of a partition below which it is not folded while rows still arrive.
  ///
  /// 128 KiB, 32 MiB in all partitions, is little beside the smallest job.
  public var minimumFoldBytes = 128 << 10

  /// The sizes that suit a ledger of millions of customers.
  public init() {}
}

/// Folds rows to order-days in radix partitions, and these to customers.
///
/// Memory grows with the distinct order-days and not with the rows: at most twice their bytes, or the
/// least size of a fold in each of 256 partitions (32 MiB in all) where that is more. To this come a
/// block a partition and worker (4 MiB a worker), and what other workers append during a fold.
@safe public final class CustomerFold: Sendable {
  private let rule: OrderKey
  private let isPerFile: Bool
  private let attributeCount: Int
  private let hashSeed: UInt64
  private let pool: BlockPool
  private let orderDays: RecordPartitions
  private let attributes: RecordPartitions?

  /// An empty fold.
  ///
  /// - Parameters:
  ///   - orders: What makes rows one order.
  ///   - isPerFile: Whether equal order ids in different files are different orders.
  ///   - attributeCount: How many attributes each customer has.
  ///   - hashSeed: Seeds every hash; results do not depend on it.
  ///   - workers: Workers that call ``absorb(_:worker:)``.
  ///   - sizes: Sizes that results do not depend on.
  public init(
    orders: OrderKey,
    isPerFile: Bool,
    attributeCount: Int,
    hashSeed: UInt64,
    workers: Int,
    sizes: CustomerFoldSizes = CustomerFoldSizes()
  ) {
    rule = orders
    self.isPerFile = isPerFile
    self.attributeCount = attributeCount
    self.hashSeed = hashSeed
    let pool = BlockPool(blockBytes: sizes.blockBytes)
    self.pool = pool
    // SAFETY: `RecordPartitions` calls both kernels with what their contract asks for.
    unsafe orderDays = RecordPartitions(
      pool: pool,
      workers: workers,
      minimumFoldBytes: sizes.minimumFoldBytes,
      fold: { unsafe cb_fold_order_days($0, $1, $2, $3, $4, $5) }
    )
    guard attributeCount > 0 else {
      attributes = nil
      return
    }
    unsafe attributes = RecordPartitions(
      pool: pool,
      workers: workers,
      minimumFoldBytes: sizes.minimumFoldBytes,
      fold: { unsafe cb_fold_attributes($0, $1, $2, $3, $4, $5) }
    )
  }

  /// Bytes that records take now.
  public var bytes: Int { pool.bytes }

  /// Folds rows in; the calls of one worker come one after the other.
  ///
  /// - Throws: ``KernelError/badShape`` when a field lies outside the bytes,
  ///   ``KernelError/overflow`` for a key of 2^31 bytes, ``KernelError/noMemory``.
  public func absorb(_ rows: LedgerRows, worker: Int) throws(KernelError) {
    guard rows.hasShape(orderColumn: rule == .column) else { throw .badShape }
    var kernelRule = cb_order_rule(
      identity: identity,
      per_file: isPerFile,
      hash_seed: hashSeed
    )
    // SAFETY: the columns are as long as they say and outlive the call; the kernel checks each field.
    try unsafe withPointers(to: rows) { columns throws(KernelError) in
      try unsafe orderDays.append(worker: worker) { blocks, progress in
        unsafe cb_fold_rows(&columns, &kernelRule, blocks, &progress)
      }
    }
  }

  /// Folds in one attribute of rows, whose fields stand in `orderBegins` and `orderLengths`.
  ///
  /// - Throws: As ``absorb(_:worker:)``.
  public func absorb(
    _ rows: LedgerRows,
    attribute: Int,
    worker: Int
  ) throws(KernelError) {
    guard let attributes, attribute < attributeCount, rows.hasShape(orderColumn: true) else {
      throw .badShape
    }
    // SAFETY: as above.
    try unsafe withPointers(to: rows) { columns throws(KernelError) in
      try unsafe attributes.append(worker: worker) { blocks, progress in
        unsafe cb_fold_attribute(&columns, UInt32(attribute), hashSeed, blocks, &progress)
      }
    }
  }

  /// Reduces everything to customers, sorted by key; called once, when nothing is absorbed any longer.
  ///
  /// - Throws: ``KernelError/overflow`` when a partition has 2^32 order-days or more,
  ///   ``KernelError/noMemory``.
  public func finish(workers: Workers) throws(KernelError) -> CustomerRecords {
    try orderDays.handOver()
    try attributes?.handOver()
    let reductions = try workers.fold(
      blocks: RecordPartitions.count,
      into: { [pool] _ in PartitionReduction(pool: pool) },
      { (reduction: inout PartitionReduction, partition: Int) throws(KernelError) in
        try reduction.reduce(
          orderDays.take(partition),
          attributes: attributes.map { $0.take(partition) },
          attributeCount: attributeCount
        )
      }
    )
    return CustomerRecords(reductions, pool: pool)
  }

  private var identity: cb_order_identity {
    switch rule {
    case .column: CB_ORDER_COLUMN
    case .day: CB_ORDER_DAY
    case .row: CB_ORDER_ROW
    }
  }

  private func withPointers(
    to rows: LedgerRows,
    _ body: (inout cb_ledger_rows) throws(KernelError) -> Void
  ) throws(KernelError) {
    // SAFETY: the arrays outlive the call, and the pointers are used within it alone.
    try unsafe call(
      body,
      rows,
      rows.bytes,
      rows.keptRows,
      rows.customerBegins,
      rows.customerLengths,
      rows.orderBegins,
      rows.orderLengths,
      rows.instants,
      rows.amounts,
      rows.rowBegins
    )
  }

  // Arrays become pointers where they are passed as such, and stay so for the call.
  private func call(
    _ body: (inout cb_ledger_rows) throws(KernelError) -> Void,
    _ rows: LedgerRows,
    _ bytes: UnsafePointer<UInt8>,
    _ kept: UnsafePointer<UInt32>,
    _ customerBegins: UnsafePointer<UInt32>,
    _ customerLengths: UnsafePointer<UInt32>,
    _ orderBegins: UnsafePointer<UInt32>,
    _ orderLengths: UnsafePointer<UInt32>,
    _ instants: UnsafePointer<Int64>,
    _ amounts: UnsafePointer<Int64>,
    _ rowBegins: UnsafePointer<UInt32>
  ) throws(KernelError) {
    // SAFETY: `hasShape` has compared the lengths; the kernel checks each field.
    var columns = unsafe cb_ledger_rows(
      bytes: bytes,
      byte_count: rows.bytes.count,
      kept: kept,
      kept_count: rows.keptRows.count,
      row_count: rows.rowCount,
      customer_begins: customerBegins,
      customer_lengths: customerLengths,
      order_begins: orderBegins,
      order_lengths: orderLengths,
      instants: instants,
      amounts: amounts,
      row_begins: rowBegins,
      origin: rows.originOffset,
      file: rows.fileOrdinal
    )
    try unsafe body(&columns)
  }
}
