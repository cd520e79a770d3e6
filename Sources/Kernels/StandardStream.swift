internal import Glibc

/// One of the two streams that a program writes to.
public enum StandardStream: Int32, Sendable {
  /// Results.
  case output = 1
  /// Everything else.
  case errors = 2

  /// What became of bytes that were to be written.
  public enum Outcome: Equatable, Sendable {
    /// All of them are on their way.
    case written
    /// Nobody reads the pipe any more.
    case closedPipe
    /// The system's error number.
    case failed(Int32)
  }

  /// Whether a person looks at it.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes all of `bytes`.
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Outcome {
    var written = 0
    while written < bytes.count {
      // SAFETY: the pointer lives through the closure, and `written` is below the count.
      let count = unsafe bytes.withUnsafeBytes { all in
        unsafe Glibc.write(rawValue, all.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count > 0 {
        written += count
      } else if errno == EPIPE {
        return .closedPipe
      } else if errno != EINTR && errno != EAGAIN {
        return .failed(errno)
      }
    }
    return .written
  }
}
