internal import Glibc

/// Why bytes could not be written, as the system names it.
public struct SinkError: Error, Equatable, Sendable {
  /// The value of `errno`.
  public let code: Int32

  /// Wraps a value of `errno`.
  public init(code: Int32) {
    self.code = code
  }

  /// The system's own words.
  public var reason: String {
    // SAFETY: the text is constant, and copied at once.
    unsafe String(cString: strerror(code))
  }
  /// Whether the reader at the other end of a pipe has gone.
  public var isClosedPipe: Bool { code == EPIPE }
}

/// A file, or standard output, that is written from its beginning to its end.
public struct ByteSink: ~Copyable, Sendable {
  private let descriptor: Int32
  private let isOwned: Bool

  /// Opens a file for writing, replacing what it held; `-` is standard output.
  ///
  /// - Throws: ``SinkError`` where the file cannot be opened.
  public init(path: String) throws(SinkError) {
    isOwned = path != "-"
    // SAFETY: the path is a null-terminated copy that lives during the call.
    descriptor = unsafe isOwned ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) : 1
    guard descriptor >= 0 else { throw SinkError(code: errno) }
  }

  deinit {
    if isOwned { close(descriptor) }
  }

  /// Writes all of `bytes` behind what was written before.
  ///
  /// - Throws: ``SinkError`` where the system takes no more.
  public borrowing func write(_ bytes: Span<UInt8>) throws(SinkError) {
    var done = 0
    while done < bytes.count {
      // SAFETY: the system reads at most the bytes from `done` to the span's end, during the call.
      let count = unsafe bytes.extracting(done...).withUnsafeBufferPointer { rest in
        unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw SinkError(code: errno)
      }
    }
  }
}
