// Blocks of records for the aggregation: cut from large mappings, lent, taken back, lent again.
//
// All blocks but the oversized have one size, so nothing is ever copied to a larger place and memory
// that one partition gives back serves the next: order-days that were reduced make room for customers.
// Mappings are aligned for huge pages; with 4 KiB pages the first touch of 350 MB of order-days alone
// takes a tenth of a second.

internal import CBridge
internal import Glibc
internal import Synchronization

/// One block, owned by whoever holds the value.
///
/// SAFETY: a block belongs to one owner at a time (a worker, a partition under its lock, the pool under
/// its lock), so passing it to another thread is a hand-over.
@safe struct Block: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<cb_block>

  var records: Int { unsafe Int(pointer.pointee.records) }
  var capacity: Int { unsafe Int(pointer.pointee.capacity) }

  /// Where the first record of an empty block goes.
  var cursor: cb_cursor {
    // SAFETY: `capacity` bytes for records stand behind the header.
    let bytes = unsafe cb_block_bytes(pointer)
    return unsafe cb_cursor(
      block: pointer,
      at: bytes,
      end: bytes.map { unsafe $0 + capacity },
      records: 0
    )
  }
}

/// A list of blocks with its totals.
///
/// SAFETY: as for ``Block``: the list owns its blocks.
@safe struct BlockList: @unchecked Sendable {
  private(set) var head: UnsafeMutablePointer<cb_block>?
  private(set) var records = 0
  private(set) var bytes = 0

  /// No blocks.
  init() {
    unsafe head = nil
  }

  /// The blocks that `head` leads to.
  init(head: UnsafeMutablePointer<cb_block>?) {
    // SAFETY: the caller hands over the list, which ends with nil.
    unsafe self.head = unsafe head
    var next = unsafe head
    while let block = unsafe next {
      records += unsafe Int(block.pointee.records)
      bytes += unsafe Int(block.pointee.capacity)
      unsafe next = unsafe block.pointee.next
    }
  }

  /// Puts a block at the front.
  mutating func push(_ block: Block) {
    // SAFETY: the block is handed over, and in no other list.
    unsafe block.pointer.pointee.next = unsafe head
    unsafe head = unsafe block.pointer
    records += block.records
    bytes += block.capacity
  }

  /// Takes the block at the front.
  mutating func pop() -> Block? {
    guard let first = unsafe head else { return nil }
    // SAFETY: the list owns its first block until it is popped here.
    let block = unsafe Block(pointer: first)
    unsafe head = unsafe first.pointee.next
    records -= block.records
    bytes -= block.capacity
    return block
  }

  /// Moves all blocks of another list to the front.
  mutating func take(_ other: consuming BlockList) {
    while let block = other.pop() { push(block) }
  }
}

/// Where blocks come from and go back to; owns their memory until it is itself let go.
@safe final class BlockPool: Sendable {
  /// What `MADV_HUGEPAGE` wants mappings aligned to.
  static let hugePageBytes = 2 << 20
  /// Bytes mapped at once: a few huge pages, little beside the smallest job.
  static let mappingBytes = 4 << 20
  /// Bytes that every block begins further on than a power of two would have it.
  ///
  /// Without, the blocks that a worker writes at once compete for the same sets of each cache.
  static let skewBytes = 64

  /// Bytes from one block to the next, header and slack included.
  let strideBytes: Int

  /// A mapping, and how much of it has been lent.
  ///
  /// SAFETY: owned by the pool, and reached under its lock alone once it is listed.
  @safe private struct Mapping: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    var used = 0
  }

  /// SAFETY: reached under the lock alone.
  @safe private struct State: @unchecked Sendable {
    var mappings: [Mapping] = []
    var free = BlockList()
    var oversized: [Block] = []
    var bytes = 0
  }

  private let state = Mutex(State())

  /// A pool of blocks of about `blockBytes` each.
  init(blockBytes: Int) {
    precondition(blockBytes >= 256 && blockBytes % 8 == 0 && blockBytes < Self.mappingBytes)
    strideBytes = blockBytes + Self.skewBytes
  }

  deinit {
    state.withLock { state in
      // SAFETY: nobody holds a block any longer; each mapping and allocation is released once.
      state.mappings.forEach { unsafe _ = munmap($0.base, Self.mappingBytes) }
      state.oversized.forEach { unsafe free($0.pointer) }
    }
  }

  /// Bytes that records may take of an ordinary block.
  var capacity: Int { strideBytes - Self.overheadBytes }

  /// Bytes mapped or allocated now.
  var bytes: Int { state.withLock(\.bytes) }

  private static let overheadBytes = Int(CB_BLOCK_HEADER + CB_BLOCK_SLACK)

  /// An empty block that has room for `bytes`; an oversized one has room for exactly that.
  func take(bytes: Int) throws(KernelError) -> Block {
    if bytes > capacity { return try oversized(bytes: bytes) }
    while true {
      if let block = state.withLock({ ordinary(&$0) }) { return block }
      try addMapping()
    }
  }

  /// Takes back a list of blocks.
  func give(_ list: consuming BlockList) {
    var blocks = list
    state.withLock { state in
      while let block = blocks.pop() {
        if block.capacity == capacity {
          reset(block)
          state.free.push(block)
        } else {
          // SAFETY: an oversized block was allocated by `oversized` and is let go here, once.
          state.oversized.removeAll { unsafe $0.pointer == block.pointer }
          state.bytes -= block.capacity
          unsafe free(block.pointer)
        }
      }
    }
  }

  private func reset(_ block: Block) {
    // SAFETY: whoever gives a block back holds it no longer.
    unsafe block.pointer.pointee.used = 0
    unsafe block.pointer.pointee.records = 0
  }

  /// A block that was given back, or the next of a mapping; nil when every mapping is used up.
  private func ordinary(_ state: inout State) -> Block? {
    if let block = state.free.pop() { return block }
    // Workers that run out together add a mapping each, so room may be left in one before the last.
    guard
      let place = state.mappings.lastIndex(where: { $0.used + strideBytes <= Self.mappingBytes })
    else { return nil }
    // SAFETY: `used + strideBytes` lies within the mapping, whose base is page-aligned.
    let memory = unsafe state.mappings[place].base + state.mappings[place].used
    state.mappings[place].used += strideBytes
    return unsafe make(at: memory, capacity: capacity)
  }

  /// Adds a mapping whose pages are there already.
  ///
  /// Touching them is what takes time, so it is done before anybody else has to wait for the lock.
  private func addMapping() throws(KernelError) {
    guard let mapping = unsafe Self.map().map({ unsafe Mapping(base: $0) }) else {
      throw .noMemory
    }
    for offset in stride(from: 0, to: Self.mappingBytes, by: Self.hugePageBytes) {
      // SAFETY: the offset lies within the mapping, which nobody else knows yet.
      unsafe (mapping.base + offset).storeBytes(of: 0, as: UInt8.self)
    }
    state.withLock { state in
      state.mappings.append(mapping)
      state.bytes += Self.mappingBytes
    }
  }

  private func oversized(bytes: Int) throws(KernelError) -> Block {
    // SAFETY: owned by the pool from here on.
    guard let memory = unsafe malloc(bytes + Self.overheadBytes) else { throw .noMemory }
    let block = unsafe make(at: memory, capacity: bytes)
    state.withLock { state in
      state.oversized.append(block)
      state.bytes += bytes
    }
    return block
  }

  private func make(at memory: UnsafeMutableRawPointer, capacity: Int) -> Block {
    // SAFETY: the memory is aligned to 8 and holds the header, the capacity and the slack.
    let header = unsafe memory.bindMemory(to: cb_block.self, capacity: 1)
    unsafe header.initialize(
      to: cb_block(next: nil, capacity: UInt64(capacity), used: 0, records: 0)
    )
    return unsafe Block(pointer: header)
  }

  /// Maps memory aligned to huge pages, or nil when there is none.
  private static func map() -> UnsafeMutableRawPointer? {
    let asked = mappingBytes + hugePageBytes
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    // SAFETY: a private mapping of our own; what lies outside the aligned part is given back at once.
    let raw = unsafe mmap(nil, asked, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let start = unsafe raw, unsafe start != MAP_FAILED else { return nil }
    let before = (hugePageBytes - Int(bitPattern: start) % hugePageBytes) % hugePageBytes
    let base = unsafe start + before
    if before > 0 { unsafe _ = munmap(start, before) }
    unsafe _ = munmap(base + mappingBytes, hugePageBytes - before)
    unsafe _ = madvise(base, mappingBytes, Int32(MADV_HUGEPAGE))
    return unsafe base
  }
}
