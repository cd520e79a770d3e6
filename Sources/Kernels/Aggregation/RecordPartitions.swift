internal import CBridge
internal import Synchronization

/// Records of one kind, spread over partitions by customer.
///
/// Each worker appends to blocks of its own, one a partition, without a lock; a full block goes to the
/// shared partition under that partition's lock. A partition that has doubled since its last fold is
/// folded by the worker that made it so, while others go on appending: two looks at a record on
/// average, for twice the bytes of what is distinct.
///
/// Where nothing repeats, folds gain nothing. Partitions hold customers at random, so the first few that
/// reach a size speak for all: when their folds merged little, the others wait until they are larger by
/// half. One that is unlike them, such as that of a customer with most of the lines, outgrows them by
/// that much at most.
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
  private let experience = FoldExperience()

  /// Empty partitions whose blocks come from `pool`.
  init(pool: BlockPool, workers: Int, minimumFoldBytes: Int, fold: @escaping Fold) {
    self.pool = pool
    self.minimumFoldBytes = minimumFoldBytes
    // SAFETY: called by `folded` alone, with what its contract asks for.
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
      // SAFETY: the cursors are the worker's own, one for each partition.
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
    // SAFETY: nobody keeps the table.
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
    let due = partition.state.withLock { $0.add(block, experience) }
    guard let due else { return }
    let before = due.bytes
    let result = try folded(due)
    experience.note(result.bytes, of: before)
    let next = max(minimumFoldBytes, Partition.foldGrowth * result.bytes)
    partition.state.withLock { $0.endFold(result, next: next) }
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
    // SAFETY: there is a cursor for each partition, whose block is handed over with it.
    let old = unsafe cursors[partition]
    unsafe cursors[partition] = unsafe fresh?.cursor ?? cb_cursor()
    guard let block = unsafe old.block else { return nil }
    unsafe block.pointee.used = UInt64(old.at - cb_block_bytes(block))
    unsafe block.pointee.records = unsafe old.records
    return unsafe Block(pointer: block)
  }
}

/// What folds gained, by the size of what was folded.
///
/// Sizes are told apart by their two highest bits. A fold that leaves more than three quarters gained
/// little; at the next size, at most half as large again, a partition still has no more than twice the
/// bytes of what is distinct.
private final class FoldExperience: Sendable {
  /// Folds of a size that have to gain little before others of that size are passed over.
  ///
  /// Where half of the partitions repeat, all eight come from the other half once in 256 times.
  private static let witnesses = 8

  private let barrenFolds = Mutex<[Int: Int]>([:])

  /// Whether a fold of so many bytes may gain something.
  func isWorthwhile(_ bytes: Int) -> Bool {
    barrenFolds.withLock { $0[Self.size(bytes), default: 0] < Self.witnesses }
  }

  /// Takes notice of a fold that left `left` of `bytes`; one that gained puts all others in doubt.
  func note(_ left: Int, of bytes: Int) {
    let gainedLittle = 4 * left > 3 * bytes
    barrenFolds.withLock { folds in
      if gainedLittle { folds[Self.size(bytes), default: 0] += 1 } else { folds = [:] }
    }
  }

  /// The least number of bytes that counts as larger.
  static func nextSize(_ bytes: Int) -> Int { size(bytes) + (1 << shift(bytes)) }

  /// The two highest bits, with their place.
  private static func size(_ bytes: Int) -> Int { (bytes >> shift(bytes)) << shift(bytes) }

  private static func shift(_ bytes: Int) -> Int {
    max(0, Int.bitWidth - 2 - bytes.leadingZeroBitCount)
  }
}

/// What the workers have handed over of one partition.
private final class Partition: Sendable {
  /// Growth since the last fold that calls for another.
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
    mutating func add(_ block: Block, _ experience: FoldExperience) -> BlockList? {
      list.push(block)
      guard !isFolding, list.bytes >= foldBytes else { return nil }
      guard experience.isWorthwhile(list.bytes) else {
        foldBytes = FoldExperience.nextSize(list.bytes)
        return nil
      }
      isFolding = true
      return takeList()
    }

    /// Takes back what a fold left, and waits for `next` bytes with another.
    mutating func endFold(_ left: consuming BlockList, next: Int) {
      list.take(left)
      foldBytes = next
      isFolding = false
    }
  }

  let state: Mutex<State>

  init(foldBytes: Int) {
    state = Mutex(State(foldBytes: foldBytes))
  }
}
