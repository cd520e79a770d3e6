internal import CBridge
internal import Synchronization

/// Records of one kind, spread over partitions by customer.
///
/// Each worker appends to blocks of its own, one a partition, without a lock; a full block goes to the
/// shared partition under that partition's lock. A partition that has grown to `foldGrowth` times its
/// size after the last fold is folded by the worker that made it so, while others go on appending.
@safe final class RecordPartitions: Sendable {
  /// How many partitions there are.
  static let count = Int(CB_PARTITIONS)

  /// The kernel that folds a list of records; it has the shape of `cb_fold_order_days`.
  typealias Fold =
    @Sendable (
      UnsafeMutablePointer<cb_block>?, UnsafeMutablePointer<cb_block>?,
      UnsafeMutablePointer<UInt64>?, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<cb_block>?>?,
      UnsafeMutablePointer<UnsafeMutablePointer<cb_block>?>?
    ) -> cb_status

  private let pool: BlockPool
  private let minimumFoldBytes: Int
  private let fold: Fold
  private let desks: [WorkerBlocks]
  private let partitions: [Partition]

  /// Empty partitions whose blocks come from `pool`.
  init(pool: BlockPool, workers: Int, minimumFoldBytes: Int, fold: @escaping Fold) {
    self.pool = pool
    self.minimumFoldBytes = minimumFoldBytes
    unsafe self.fold = unsafe fold
    desks = (0..<workers).map { _ in WorkerBlocks() }
    partitions = (0..<Self.count).map { _ in Partition(foldBytes: minimumFoldBytes) }
  }

  /// Runs a kernel that appends records until it has come to its end, with fresh blocks as it asks for
  /// them; one call at a time for each worker.
  func append(
    worker: Int,
    _ kernel: (
      UnsafeMutablePointer<cb_cursor>, inout cb_fold_progress
    ) -> cb_status
  ) throws(KernelError) {
    let desk = desks[worker]
    var progress = cb_fold_progress()
    while true {
      let status = unsafe kernel(desk.cursors, &progress)
      guard status == CB_NO_SPACE else { return try check(status) }
      let fresh = try pool.take(bytes: progress.bytes)
      let full = desk.exchange(progress.partition, for: fresh)
      if let full { try add(full, to: progress.partition) }
    }
  }

  /// Moves what the workers hold to the partitions; when none of them appends any longer.
  func handOver() throws(KernelError) {
    for desk in desks {
      for partition in 0..<Self.count {
        let block = desk.exchange(partition, for: nil)
        if let block { try add(block, to: partition) }
      }
    }
  }

  /// Takes all records of a partition out of it.
  func take(_ partition: Int) -> BlockList {
    partitions[partition].state.withLock { $0.takeList() }
  }

  /// Merges the records of a list.
  func folded(_ list: consuming BlockList) throws(KernelError) -> BlockList {
    let slots = cb_table_slots(list.records)
    let spare = try pool.take(bytes: 0)
    let table = UnsafeMutablePointer<UInt64>.allocate(capacity: slots)
    defer { unsafe table.deallocate() }
    var left: UnsafeMutablePointer<cb_block>?
    var released: UnsafeMutablePointer<cb_block>?
    // SAFETY: the list and the spare block are ours; the table has as many slots as it says.
    try unsafe check(fold(list.head, spare.pointer, table, slots, &left, &released))
    unsafe pool.give(BlockList(head: released))
    return unsafe BlockList(head: left)
  }

  private func add(_ block: Block, to index: Int) throws(KernelError) {
    let partition = partitions[index]
    let due = partition.state.withLock { $0.add(block) }
    guard let due else { return }
    let result = try folded(due)
    partition.state.withLock { state in
      state.foldBytes = max(minimumFoldBytes, Partition.foldGrowth * result.bytes)
      state.list.take(result)
      state.isFolding = false
    }
  }
}

/// The blocks that one worker appends to.
///
/// SAFETY: used by one worker at a time; the blocks' memory belongs to the pool.
@safe private final class WorkerBlocks: @unchecked Sendable {
  let cursors: UnsafeMutablePointer<cb_cursor>

  init() {
    unsafe cursors = .allocate(capacity: RecordPartitions.count)
    unsafe cursors.initialize(repeating: cb_cursor(), count: RecordPartitions.count)
  }

  deinit { unsafe cursors.deallocate() }

  /// Puts a block in a partition's place and returns the one that was there.
  func exchange(_ partition: Int, for fresh: Block?) -> Block? {
    let old = unsafe cursors[partition]
    unsafe cursors[partition] = unsafe fresh?.cursor ?? cb_cursor()
    guard let block = unsafe old.block else { return nil }
    unsafe block.pointee.used = UInt64(old.at - cb_block_bytes(block))
    unsafe block.pointee.records = unsafe old.records
    return unsafe Block(pointer: block)
  }
}

/// What the workers have handed over of one partition.
private final class Partition: Sendable {
  /// Growth since the last fold that calls for another.
  ///
  /// Twice bounds the folding of a record to two
  /// looks on average and the memory to twice what is distinct.
  static let foldGrowth = 2

  struct State {
    var list = BlockList()
    var foldBytes: Int
    var isFolding = false

    mutating func takeList() -> BlockList {
      let taken = list
      list = BlockList()
      return taken
    }

    /// Adds a block; returns the whole list when the caller is to fold it.
    mutating func add(_ block: Block) -> BlockList? {
      list.push(block)
      guard !isFolding, list.bytes >= foldBytes else { return nil }
      isFolding = true
      return takeList()
    }
  }

  let state: Mutex<State>

  init(foldBytes: Int) {
    state = Mutex(State(foldBytes: foldBytes))
  }
}
