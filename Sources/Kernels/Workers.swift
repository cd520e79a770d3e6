// The one file that knows Dispatch.
//
// A stage that runs in parallel takes a `Workers` value. Work is cut into numbered blocks that do not
// depend on how many workers there are; workers take the blocks in ascending order, each folding into a
// state of its own. When blocks fail, every block below the lowest failure has still been done, and the
// error of the lowest failing block is thrown: so the error, too, is the same for any number of workers.

internal import CBridge
internal import Dispatch
internal import Synchronization

/// How many threads a stage may use, and the ways in which it may use them.
public struct Workers: Sendable {
  /// Blocks that are worked on at once, at least 1.
  public let count: Int

  /// Uses `count` threads, or one where `count` is less than 1.
  public init(count: Int) {
    self.count = max(1, count)
  }

  /// As many threads as the process may use processors.
  public static var all: Workers { Workers(count: Int(cb_processor_count())) }

  /// Computes one value a block.
  ///
  /// - Parameters:
  ///   - blocks: How many blocks there are.
  ///   - body: Computes the value of the block with the given number; called from several threads.
  /// - Returns: The values in the order of the blocks.
  /// - Throws: The error of the lowest block that failed.
  public func map<Value: Sendable, Failure: Error>(
    blocks: Int,
    _ body: @Sendable (Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    let states = try fold(blocks: blocks, into: { _ in [(Int, Value)]() }) {
      (state: inout [(Int, Value)], block: Int) throws(Failure) in
      state.append((block, try body(block)))
    }
    return states.joined().sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Does every block, for what that writes.
  ///
  /// - Parameters:
  ///   - blocks: How many blocks there are.
  ///   - body: Does the block with the given number; called from several threads.
  /// - Throws: The error of the lowest block that failed.
  public func each<Failure: Error>(
    blocks: Int,
    _ body: @Sendable (Int) throws(Failure) -> Void
  ) throws(Failure) {
    _ = try fold(blocks: blocks, into: { _ in () }) { (_: inout Void, block) throws(Failure) in
      try body(block)
    }
  }

  /// Does every block, each worker folding the blocks that it takes into a state of its own.
  ///
  /// Which worker takes which block is up to the clock, so the states must merge to the same result
  /// in any distribution and order.
  ///
  /// - Parameters:
  ///   - blocks: How many blocks there are.
  ///   - makeState: Makes the state of the worker with the given number.
  ///   - body: Folds the block with the given number into a state.
  /// - Returns: The states of all workers, in the order of their numbers.
  /// - Throws: The error of the lowest block that failed.
  public func fold<State: Sendable, Failure: Error>(
    blocks: Int,
    into makeState: @Sendable (Int) -> State,
    _ body: @Sendable (inout State, Int) throws(Failure) -> Void
  ) throws(Failure) -> [State] {
    let next = Atomic<Int>(0)
    let failure = Mutex<(block: Int, error: Failure)?>(nil)
    let stop = Atomic<Bool>(false)
    let used = max(1, min(count, blocks))
    let finished = Mutex<[State?]>(Array(repeating: nil, count: used))
    runEach(used) { worker in
      var state = makeState(worker)
      while !stop.load(ordering: .relaxed) {
        let block = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard block < blocks else { break }
        do throws(Failure) {
          try body(&state, block)
        } catch {
          failure.withLock { lowest in
            if lowest.map({ block < $0.block }) ?? true { lowest = (block, error) }
          }
          stop.store(true, ordering: .relaxed)
        }
      }
      finished.withLock { $0[worker] = state }
    }
    if let (_, error) = failure.withLock({ $0 }) { throw error }
    return finished.withLock { $0.compactMap(\.self) }
  }

  /// Calls `body` once for each number in `0..<workers`, at once as far as there are processors.
  private func runEach(_ workers: Int, _ body: @Sendable (Int) -> Void) {
    guard workers > 1 else { return body(0) }
    DispatchQueue.concurrentPerform(iterations: workers, execute: body)
  }
}
