import Synchronization
import Tables

/// Brings the rejects of pieces, which end in any order, into the order of the input.
final class RejectQueue: Sendable {
  private struct State {
    var next = 0
    var early: [Int: [Reject]] = [:]
    var delivered = 0
    var isOver = false
  }

  private let state = Mutex(State())
  private let limit: Int
  private let deliver: @Sendable ([Reject]) -> Void

  /// Rejects behind the piece in which their number exceeds `limit` are dropped.
  init(limit: Int, deliver: @escaping @Sendable ([Reject]) -> Void) {
    self.limit = limit
    self.deliver = deliver
  }

  /// Rejects delivered so far.
  var count: Int { state.withLock { $0.delivered } }

  /// Adds the rejects of piece `piece`; every piece is added once.
  ///
  /// - Returns: Whether there are more than the limit by now.
  func add(_ rejects: [Reject], ofPiece piece: Int) -> Bool {
    state.withLock { state in
      state.early[piece] = rejects
      while let ready = state.early.removeValue(forKey: state.next) {
        state.next += 1
        guard !ready.isEmpty, !state.isOver else { continue }
        deliver(ready)
        state.delivered += ready.count
        state.isOver = state.delivered > limit
      }
      return state.isOver
    }
  }
}
