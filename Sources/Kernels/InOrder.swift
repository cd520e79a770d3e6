internal import Glibc
internal import Synchronization

/// Lets blocks that several workers finish in any order be taken one by one, in ascending order.
///
/// Whoever hands in the block whose turn it is takes it, and those behind it that wait. Nobody holds a
/// lock while a block is taken, so the other workers go on. A worker that runs too far ahead naps, so
/// at most `limit` blocks wait, whatever the blocks' sizes.
public final class InOrder<Item: Sendable>: Sendable {
  private struct State {
    var next = 0
    var waiting: [Int: Item] = [:]
    var isTaking = false
    var isCancelled = false
  }

  private let limit: Int
  private let state = Mutex(State())

  /// Starts at block 0 with room for `limit` blocks, at least 1.
  public init(limit: Int) {
    self.limit = max(1, limit)
  }

  /// Hands in a block; takes it and those behind it if it is their turn.
  ///
  /// - Parameters:
  ///   - item: The block.
  ///   - block: Its number; every number from 0 on is handed in once.
  ///   - take: Called for one block at a time, in ascending order.
  /// - Throws: What `take` throws.
  public func submit<Failure: Error>(
    _ item: Item,
    as block: Int,
    take: (inout Item) throws(Failure) -> Void
  ) throws(Failure) {
    try submit(item, as: block, take: take, complete: { (_: inout Item) throws(Failure) in })
  }

  /// Hands in a block; takes it and those behind it if it is their turn.
  ///
  /// After ``cancel()``, or after `take` threw, blocks are dropped.
  ///
  /// - Parameters:
  ///   - item: The block.
  ///   - block: Its number; every number from 0 on is handed in once.
  ///   - take: Called for one block at a time, in ascending order.
  ///   - complete: Called once for each block that was taken, while the next one may be taken already.
  /// - Throws: What `take` or `complete` throws.
  public func submit<Failure: Error>(
    _ item: Item,
    as block: Int,
    take: (inout Item) throws(Failure) -> Void,
    complete: (inout Item) throws(Failure) -> Void
  ) throws(Failure) {
    while !enter(item, as: block) {
      // Rare: the worker with the lowest block is far behind, and napping costs it nothing.
      usleep(200)
    }
    while var item = nextTurn() {
      do throws(Failure) {
        try take(&item)
        state.withLock { $0.isTaking = false }
        try complete(&item)
      } catch {
        cancel()
        throw error
      }
    }
  }

  /// Drops what waits and what comes, so that nobody waits for a block that failed.
  public func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.waiting = [:]
    }
  }

  /// Puts the block among those that wait; false while there is no room.
  private func enter(_ item: Item, as block: Int) -> Bool {
    state.withLock { state in
      guard !state.isCancelled else { return true }
      guard block - state.next < limit else { return false }
      state.waiting[block] = item
      return true
    }
  }

  /// The block whose turn it is, unless another is being taken.
  private func nextTurn() -> Item? {
    state.withLock { state in
      guard !state.isTaking, !state.isCancelled,
        let item = state.waiting.removeValue(forKey: state.next)
      else { return nil }
      state.isTaking = true
      state.next += 1
      return item
    }
  }
}
