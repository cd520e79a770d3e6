internal import Glibc

/// Hands a value from one numbered piece of work to the next, in ascending order.
///
/// Piece 0 gets the value that the turnstile begins with. Each piece takes its value once its
/// predecessor has passed it on, and passes its own on once: so what happens between the two happens
/// in order, one piece at a time, while everything else runs at once.
@safe public final class Turnstile<Value: Sendable>: @unchecked Sendable {
  // SAFETY: allocated once, freed when nobody holds a reference; `ready` and `lastPiece` are read and
  // written under the mutex alone.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var ready: (piece: Int, value: Value)?
  private var lastPiece = Int.max

  /// Begins with the value of piece 0.
  public init(_ value: Value) {
    ready = (0, value)
    // SAFETY: both are initialised here, once, before anybody can use them.
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    // SAFETY: nobody waits: that would hold a reference.
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Waits for the value of piece `piece`; nil once the turnstile is closed before that piece.
  public func take(_ piece: Int) -> Value? {
    // SAFETY: the mutex is held until the return, save while waiting.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if piece > lastPiece { return nil }
      if let (number, value) = ready, number == piece {
        ready = nil
        return value
      }
      unsafe pthread_cond_wait(changed, mutex)
    }
  }

  /// Passes `value` on to the piece after `piece`.
  public func pass(_ value: Value, after piece: Int) {
    update { ready = (piece + 1, value) }
  }

  /// Sends home whoever stands behind `piece`, which passes nothing on; those before it go on.
  public func close(after piece: Int) {
    update { lastPiece = min(lastPiece, piece) }
  }

  private func update(_ change: () -> Void) {
    // SAFETY: the mutex is held while the state changes.
    unsafe pthread_mutex_lock(mutex)
    change()
    unsafe pthread_mutex_unlock(mutex)
    unsafe pthread_cond_broadcast(changed)
  }
}
