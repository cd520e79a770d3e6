internal import Kernels
internal import Synchronization
internal import Writers

/// Takes back what a run has begun when somebody interrupts it.
public final class Cancellation: Sendable {
  private struct State {
    var isCancelled = false
    /// Takes everything back; answers whether it came too late for that.
    var abandon: @Sendable () -> Bool = { false }
  }

  private let state = Mutex(State())

  /// Nothing begun.
  public init() {}

  /// Whether a signal came: the process is about to end.
  public var isCancelled: Bool { state.withLock(\.isCancelled) }

  /// From now on SIGINT, SIGTERM and SIGHUP abandon the publication, or the file, and end the process
  /// with 128 + n; or with 0 once the new version is in its place.
  ///
  /// To be called before any other thread starts.
  ///
  /// - Parameter tell: Called at the end where everything is as it was.
  public func watchSignals(tell: @escaping @Sendable () -> Void) {
    Interruption.watch { [self] in
      let isPublished = state.withLock { state in
        state.isCancelled = true
        return state.abandon()
      }
      if !isPublished { tell() }
      return isPublished
    }
  }

  /// Never returns once a signal came: the thread that cleans up ends the process.
  public func waitForEndIfCancelled() {
    while isCancelled { ProcessSurroundings.pause() }
  }

  /// Begins a publication that a signal abandons, also while it is being begun.
  func open(_ out: String) throws(WriteError) -> Publication {
    try state.withLock { state throws(WriteError) in
      let publication = try Publication(out: out)
      state.abandon = { publication.abandon() }
      return publication
    }
  }

  /// Has a signal abandon a file.
  func abandonOnSignal(_ file: FileReplacement) {
    state.withLock { $0.abandon = { file.abandon() } }
  }
}
