// How a run ends when somebody interrupts it.
//
// A signal handler may do next to nothing, so there is none: the signals are held back in every thread,
// and one thread waits for them. It may then do anything, such as removing files, while the others go
// on; in the end it leaves the process without running anything else.

internal import Glibc

/// Ends the process in good order on SIGINT, SIGTERM and SIGHUP.
public enum Interruption {
  /// Calls `cleanUp` on a thread of its own when a signal comes, then exits with 128 + its number; or
  /// with 0 where `cleanUp` says that the work is done already.
  ///
  /// To be called before any other thread starts, since threads inherit which signals they hold back.
  /// A signal that the parent made this process ignore, as `nohup` does, stays ignored.
  public static func watch(_ cleanUp: @escaping @Sendable () -> Bool) {
    var signals = sigset_t()
    // SAFETY: the sets are local and outlive the calls that fill, read and install them.
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(signal) {
      unsafe sigaddset(&signals, signal)
    }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let watch = Watch(signals: signals, cleanUp: cleanUp)
    var thread = pthread_t()
    // SAFETY: the thread takes over the one reference that is passed to it, and releases it.
    let context = unsafe Unmanaged.passRetained(watch).toOpaque()
    let status = unsafe pthread_create(
      &thread,
      nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Watch>.fromOpaque(context).takeRetainedValue().wait()
        return nil
      },
      context
    )
    precondition(status == 0, "the system gave no thread")
    pthread_detach(thread)
  }

  /// Makes writing to a closed pipe an error of the call instead of a signal.
  public static func ignoreClosedPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    // SAFETY: the call fills the struct above, which outlives it; only an address is compared.
    guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// What the waiting thread needs.
private final class Watch: Sendable {
  private let signals: sigset_t
  private let cleanUp: @Sendable () -> Bool

  init(signals: sigset_t, cleanUp: @escaping @Sendable () -> Bool) {
    self.signals = signals
    self.cleanUp = cleanUp
  }

  func wait() {
    var signals = signals
    var signal: Int32 = 0
    // SAFETY: both are local and outlive the call.
    while unsafe sigwait(&signals, &signal) != 0 {}
    let isDone = cleanUp()
    _exit(isDone ? 0 : 128 + signal)
  }
}
