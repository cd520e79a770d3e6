internal import CBridge
internal import Glibc
internal import Synchronization

/// A new file that is written from its beginning to its end, and hashed on the way.
///
/// Calls may come from several threads, one after the other in the order of the bytes.
public final class OutputFile: Sendable {
  private struct State {
    var descriptor: Int32?
    var hash = SHA256()
    var byteCount: UInt64 = 0
    var flushedCount: UInt64 = 0
  }

  /// Where the file is.
  public let path: String
  private let state: Mutex<State>

  /// Bytes that are hashed and handed to the system at a time: they stay in the second-level cache.
  private static let pieceBytes = 256 << 10
  /// Bytes after which the system is asked to begin with writing them to the disk, so that little is
  /// left to do when the file is finished.
  private static let flushBytes: UInt64 = 8 << 20

  /// Makes the file, which must not exist; `mode` says who may read and write it.
  public init(path: String, mode: UInt32 = 0o666) throws(FileError) {
    // SAFETY: the path is a C string for the length of the call.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else {
      throw FileError(operation: "create", path: path, code: errno)
    }
    self.path = path
    state = Mutex(State(descriptor: descriptor))
  }

  deinit {
    state.withLock { state in
      if let descriptor = state.descriptor { close(descriptor) }
    }
  }

  /// Appends bytes.
  public func append(_ bytes: Span<UInt8>) throws(FileError) {
    var begin = 0
    while begin < bytes.count {
      let end = min(bytes.count, begin + Self.pieceBytes)
      try appendPiece(bytes.extracting(begin..<end))
      begin = end
    }
  }

  /// Appends bytes.
  public func append(_ bytes: [UInt8]) throws(FileError) {
    try append(bytes.span)
  }

  /// Appends numbers, each as 8 bytes, the lowest first.
  public func append(littleEndian numbers: [Double]) throws(FileError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * numbers.count)
    for number in numbers {
      for byte in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(8 * byte)))
      }
    }
    try append(bytes)
  }

  /// Brings the file to the disk and closes it.
  ///
  /// - Returns: Its length and its SHA-256 in hexadecimal digits.
  public func finish() throws(FileError) -> (bytes: UInt64, sha256: String) {
    let (code, bytes, hash) = state.withLock { state -> (Int32, UInt64, SHA256) in
      guard let descriptor = state.descriptor else { return (EBADF, 0, state.hash) }
      state.descriptor = nil
      var code: Int32 = fsync(descriptor) == 0 ? 0 : errno
      if close(descriptor) != 0, code == 0 { code = errno }
      return (code, state.byteCount, state.hash)
    }
    if code != 0 { throw FileError(operation: "fsync", path: path, code: code) }
    return (bytes, hash.hexDigest())
  }

  private func appendPiece(_ piece: Span<UInt8>) throws(FileError) {
    let code: Int32 = state.withLock { state in
      guard let descriptor = state.descriptor else { return EBADF }
      state.hash.update(piece)
      let code = Self.writeAll(piece, to: descriptor)
      state.byteCount += UInt64(piece.count)
      Self.flush(&state, descriptor)
      return code
    }
    if code != 0 { throw FileError(operation: "write", path: path, code: code) }
  }

  /// Writes all bytes; returns errno, or 0.
  private static func writeAll(_ bytes: Span<UInt8>, to descriptor: Int32) -> Int32 {
    // SAFETY: the buffer is valid within the closure, and no write goes beyond its end.
    unsafe bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        let written = unsafe write(descriptor, rest.baseAddress, rest.count)
        if written >= 0 {
          done += written
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }

  /// Has the disk begin with what was written since the last time.
  ///
  /// A hint: an error of the disk shows when the file is finished.
  private static func flush(_ state: inout State, _ descriptor: Int32) {
    let pending = state.byteCount - state.flushedCount
    guard pending >= flushBytes else { return }
    cb_start_writeback(descriptor, state.flushedCount, pending)
    state.flushedCount = state.byteCount
  }
}
