internal import Synchronization

/// Tells how far a run is, whenever that looks different.
public final class Progress: Sendable {
  /// What there is to show.
  public struct Snapshot: Hashable, Sendable {
    /// The step that is being done.
    public var stage: RunStage
    /// Its share in whole percent; nil where nobody knows the whole.
    public var percent: Int?
  }

  private struct State {
    var shown: Snapshot?
    var total: UInt64?
    var done: UInt64 = 0
  }

  private let state = Mutex(State())
  private let show: @Sendable (Snapshot) -> Void

  /// Calls `show` for each change, never twice at once.
  public init(_ show: @escaping @Sendable (Snapshot) -> Void) {
    self.show = show
  }

  /// A step begins; `totalBytes` is what it will pass, where that is known.
  func begin(_ stage: RunStage, totalBytes: UInt64? = nil) {
    state.withLock { state in
      let percent = totalBytes.map { _ in 0 }
      state = State(shown: Snapshot(stage: stage, percent: percent), total: totalBytes)
      state.shown.map(show)
    }
  }

  /// So many more bytes have passed.
  func advance(_ bytes: UInt64) {
    state.withLock { state in
      state.done += bytes
      guard let total = state.total, total > 0, var snapshot = state.shown else { return }
      snapshot.percent = min(100, Int(Double(state.done) / Double(total) * 100))
      guard snapshot != state.shown else { return }
      state.shown = snapshot
      show(snapshot)
    }
  }
}
