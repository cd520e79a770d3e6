import Synchronization
import Tables

/// How far reading is still of use.
enum ReadingUse {
  /// To the end.
  case all
  /// As far as it need not wait: more rejects may be shown, but the limit is exceeded.
  case untilPause
  /// No further.
  case none
}

/// Brings the rejects of pieces, which end in any order, into the order of the input.
final class RejectQueue: Sendable {
  private struct State {
    var next = 0
    var early: [Int: [Reject]] = [:]
    var delivered = 0
    var last: Reject?
  }

  private let state = Mutex(State())
  private let limit: Int
  private let most: Int
  private let deliver: @Sendable ([Reject]) -> Void

  /// Rejects beyond the limit that are delivered, to show what else is wrong.
  private static let surplus = 10

  /// Delivers the first `limit` rejects and a few more, however the inputs are cut into pieces.
  init(limit: Int, deliver: @escaping @Sendable ([Reject]) -> Void) {
    self.limit = limit
    most = limit > Int.max - Self.surplus ? Int.max : limit + Self.surplus
    self.deliver = deliver
  }

  /// Rejects delivered so far.
  var count: Int { state.withLock { $0.delivered } }

  /// Where the last reject stands, or the first over the limit, such as `a.csv:7`; empty where there is none.
  var lastPlace: String { state.withLock { $0.last.map { "\($0.file):\($0.line)" } ?? "" } }

  /// Whether all were delivered that ever will be.
  var isOver: Bool { state.withLock { $0.delivered == most } }

  /// Adds the rejects of piece `piece`; every piece is added once.
  ///
  /// - Returns: How far reading should go on.
  func add(_ rejects: [Reject], ofPiece piece: Int) -> ReadingUse {
    state.withLock { state in
      state.early[piece] = rejects
      while let ready = state.early.removeValue(forKey: state.next) {
        state.next += 1
        let wanted = Array(ready.prefix(most - state.delivered))
        guard !wanted.isEmpty else { continue }
        deliver(wanted)
        state.delivered += wanted.count
        // A count that is exceeded is told with the first reject too many, wherever reading stopped.
        let told = min(wanted.count, most - Self.surplus + 1 - (state.delivered - wanted.count))
        if told > 0 { state.last = wanted[told - 1] }
      }
      if state.delivered == most { return .none }
      return state.delivered > limit ? .untilPause : .all
    }
  }
}
