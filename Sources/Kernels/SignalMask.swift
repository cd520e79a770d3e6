internal import Glibc

/// Which signals the calling thread holds back.
///
/// A process inherits the mask of the thread that started it, and Dispatch's threads hold back nearly
/// all signals: a program started by one of them would never see an interrupt.
public enum SignalMask {
  /// Lets all signals through to the calling thread and to the processes that it starts.
  public static func clear() {
    var none = sigset_t()
    // SAFETY: both calls read or write only the set above, which outlives them.
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
  }
}
