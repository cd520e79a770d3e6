internal import CBridge
internal import Glibc
internal import Synchronization

/// A new file that is hashed from its beginning to its end, and written meanwhile.
///
/// Bytes are claimed one after the other in their order, which hashes them; what was claimed may be
/// written by several threads at once.
public final class OutputFile: Sendable {
  private struct State {
    var descriptor: Int32?
    var hash = SHA256()
    var byteCount: UInt64 = 0
    /// Claims whose bytes are not written yet.
    var openClaims = 0
    var pendingFlush: Range<UInt64> = 0..<0
  }

  /// A place in the file whose bytes are hashed, and have to be written.
  public struct Claim: Sendable {
    let offset: UInt64
  }

  /// Where the file is.
  public let path: String
  private let state: Mutex<State>

  /// Bytes after which the system is asked to begin with writing them to the disk, so that little is
  /// left to do when the file is finished.
  private static let flushBytes = 8 << 20

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

  /// Appends bytes: claims their place and writes them.
  public func append(_ bytes: Span<UInt8>) throws(FileError) {
    try write(bytes, at: claim(bytes))
  }

  /// Claims the place behind everything claimed so far; claims are made in the order of the bytes.
  public func claim(_ bytes: Span<UInt8>) -> Claim {
    state.withLock { state in
      state.hash.update(bytes)
      state.openClaims += 1
      defer { state.byteCount += UInt64(bytes.count) }
      return Claim(offset: state.byteCount)
    }
  }

  /// Whether there are claims whose bytes are not written yet.
  public var hasOpenClaims: Bool { state.withLock { $0.openClaims > 0 } }

  /// Writes the bytes of a claim, once.
  public func write(_ bytes: Span<UInt8>, at claim: Claim) throws(FileError) {
    let descriptor = state.withLock(\.descriptor)
    let code = descriptor.map { Self.writeAll(bytes, to: $0, at: claim.offset) } ?? EBADF
    state.withLock { state in
      state.openClaims -= 1
      guard let descriptor, code == 0 else { return }
      Self.flush(&state, descriptor, claim.offset..<claim.offset + UInt64(bytes.count))
    }
    if code != 0 { throw FileError(operation: "write", path: path, code: code) }
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

  /// Brings the file to the disk and closes it; every claim has been written.
  ///
  /// - Returns: Its length and its SHA-256 in hexadecimal digits.
  public func finish() throws(FileError) -> (bytes: UInt64, sha256: String) {
    precondition(!hasOpenClaims, "claimed bytes are not written yet")
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

  /// Writes all bytes; returns errno, or 0.
  private static func writeAll(
    _ bytes: Span<UInt8>,
    to descriptor: Int32,
    at offset: UInt64
  ) -> Int32 {
    // SAFETY: the buffer is valid within the closure, and no write goes beyond its end.
    unsafe bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        let written = unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + done)
        if written >= 0 {
          done += written
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }

  /// Has the disk begin with what was written, some megabytes at a time.
  ///
  /// A hint: ranges that come out of order are joined, and an error of the disk shows when the file is
  /// finished.
  private static func flush(_ state: inout State, _ descriptor: Int32, _ written: Range<UInt64>) {
    let pending = state.pendingFlush
    state.pendingFlush =
      pending.isEmpty
      ? written
      : min(pending.lowerBound, written.lowerBound)..<max(pending.upperBound, written.upperBound)
    guard state.pendingFlush.count >= flushBytes else { return }
    cb_start_writeback(descriptor, state.pendingFlush.lowerBound, UInt64(state.pendingFlush.count))
    state.pendingFlush = 0..<0
  }
}
