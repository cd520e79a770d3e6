internal import CBridge

/// One worker's part of the reduction: the customers of the partitions that it took.
///
/// SAFETY: used by one worker at a time, then read by whoever gathers the results.
@safe final class PartitionReduction: @unchecked Sendable {
  /// Customers of every partition that was reduced, in any order.
  private var customers: [UnsafeMutableBufferPointer<cb_sort_item>] = unsafe []
  /// How many customers that is.
  private(set) var customerCount = 0
  /// Distinct orders of them all.
  private(set) var orderCount: UInt64 = 0
  /// Distinct order-days of them all.
  private(set) var orderDayCount: UInt64 = 0

  private let pool: BlockPool
  private var output: Block?

  private var table = Scratch<UInt64>()
  private var walked = Scratch<UInt64>()
  private var customerOf = Scratch<UInt32>()
  private var grouped = Scratch<UInt64>()
  private var ends = Scratch<UInt32>()
  private var items = Scratch<cb_sort_item>()
  private var nets = Scratch<Int128>()

  /// A reduction whose records go to blocks of `pool`.
  init(pool: BlockPool) {
    self.pool = pool
  }

  deinit {
    // SAFETY: allocated by `reduce`, each once.
    unsafe customers.forEach { unsafe $0.deallocate() }
  }

  /// Copies what stands for each customer; returns the place behind the last.
  func copyCustomers(
    to items: UnsafeMutableBufferPointer<cb_sort_item>,
    at place: Int
  ) -> Int {
    // SAFETY: the caller has room for `customerCount` items from `place` on.
    unsafe customers.reduce(place) { unsafe items[$0...].update(fromContentsOf: $1) }
  }

  /// Reduces the records of one partition and gives their blocks back.
  func reduce(
    _ orderDays: BlockList,
    attributes: BlockList?,
    attributeCount: Int
  ) throws(KernelError) {
    guard orderDays.records > 0 else { return }
    var grouping = unsafe makeGrouping(records: orderDays.records)
    // SAFETY: the scratch has the sizes that the kernel's contract states.
    try unsafe check(cb_group_customers(orderDays.head, &grouping))
    let sorted = unsafe UnsafeMutableBufferPointer<cb_sort_item>.allocate(
      capacity: grouping.customers
    )
    unsafe customers.append(sorted)
    customerCount += sorted.count
    try unsafe writeCustomers(&grouping, attributeCount: attributeCount, sorted: sorted)
    if let list = attributes {
      // The values stay where they are: customers point to them.
      try unsafe check(
        cb_attach_attributes(list.head, &grouping, sorted.baseAddress, UInt32(attributeCount))
      )
    }
    pool.give(orderDays)
  }

  private func makeGrouping(records: Int) -> cb_grouping {
    // SAFETY: the rooms have the sizes that the kernel's contract states, and last until asked for again.
    let slots = cb_table_slots(records)
    return unsafe cb_grouping(
      records: records,
      slots: slots,
      table: table.room(slots),
      walked: walked.room(records),
      customer_of: customerOf.room(records),
      grouped: grouped.room(records),
      ends: ends.room(records + 1),
      customers: 0,
      largest: 0
    )
  }

  /// The block that is being written, or a fresh one.
  private func block(bytes: Int) throws(KernelError) -> Block {
    if let output { return output }
    return try pool.take(bytes: bytes)
  }

  private func writeCustomers(
    _ grouping: inout cb_grouping,
    attributeCount: Int,
    sorted: UnsafeMutableBufferPointer<cb_sort_item>
  ) throws(KernelError) {
    // SAFETY: the rooms fit the customer with the most records.
    var reduction = unsafe cb_reduction(
      items: items.room(2 * grouping.largest),
      nets: nets.room(grouping.largest),
      attributes: UInt32(attributeCount),
      position: 0,
      orders: 0,
      order_days: 0,
      bytes: 0
    )
    while true {
      // SAFETY: `sorted` has an entry for each customer; the block is ours.
      let block = try unsafe block(bytes: reduction.bytes)
      output = block
      let status = unsafe cb_reduce_customers(
        &grouping,
        &reduction,
        block.pointer,
        sorted.baseAddress
      )
      guard status == CB_NO_SPACE else {
        try check(status)
        break
      }
      output = nil
    }
    orderCount += unsafe reduction.orders
    orderDayCount += unsafe reduction.order_days
  }
}

/// Memory whose contents nobody minds, grown to the largest size asked for.
@safe struct Scratch<Element: BitwiseCopyable>: ~Copyable {
  // SAFETY: owned by this value and freed with it; nil before the first use.
  private var buffer = unsafe UnsafeMutableBufferPointer<Element>(start: nil, count: 0)

  init() {}

  deinit { unsafe buffer.deallocate() }

  /// Room for `count` elements, valid until the next call.
  mutating func room(_ count: Int) -> UnsafeMutablePointer<Element>? {
    if unsafe count > buffer.count || buffer.baseAddress == nil {
      unsafe buffer.deallocate()
      unsafe buffer = .allocate(capacity: max(count, 1))
    }
    return unsafe buffer.baseAddress
  }
}
