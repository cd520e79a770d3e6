internal import Glibc

/// A failed call of the operating system.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was called.
  public var call: String
  /// Its error number.
  public var number: Int32

  /// The system's words for it.
  public var description: String {
    // SAFETY: `strerror` gives a string that lives at least until its next call on this thread.
    unsafe String(cString: strerror(number))
  }

  static func last(_ call: String) -> SystemError { SystemError(call: call, number: errno) }
}

/// What tells one version of one file from another.
public struct FileStamp: Hashable, Sendable {
  /// The device that it is on.
  public var device: UInt64
  /// Its inode.
  public var inode: UInt64
  /// Its size in bytes.
  public var byteCount: UInt64
  /// When its bytes last changed, in nanoseconds.
  public var modified: Int64
  /// When it last changed at all, in nanoseconds.
  public var changed: Int64
  /// Whether it is a regular file.
  public var isRegular: Bool
  /// Whether it is a directory.
  public var isDirectory: Bool
}

/// What a read from where the last one ended has found.
public struct NextBytes: Hashable, Sendable {
  /// How many bytes.
  public var count: Int
  /// Why there are not more.
  public var limit: Limit

  /// What ended a read.
  public enum Limit: Hashable, Sendable {
    /// All the bytes asked for are there.
    case room
    /// Whoever writes into the pipe has paused.
    case pause
    /// The input has ended.
    case end
  }
}

/// An input that is open for reading.
public final class InputHandle: Sendable {
  private let descriptor: Int32
  private let ownsDescriptor: Bool
  /// How long a pipe has to give nothing to count as paused.
  private static let pauseMilliseconds: Int32 = 50

  /// Opens a file.
  ///
  /// - Throws: ``SystemError`` with the system's reason.
  public init(path: String) throws(SystemError) {
    // SAFETY: the path outlives the call.
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    ownsDescriptor = true
    if descriptor < 0 { throw SystemError.last("open") }
  }

  /// Takes standard input.
  public init() {
    descriptor = STDIN_FILENO
    ownsDescriptor = false
  }

  deinit {
    if ownsDescriptor, descriptor >= 0 { close(descriptor) }
  }

  /// What the file is now.
  public func stamp() throws(SystemError) -> FileStamp {
    var status = stat()
    // SAFETY: `status` outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else { throw SystemError.last("fstat") }
    return FileStamp(status)
  }

  /// Reads up to `count` bytes at `offset` into `bytes` from `index` on; fewer at the end alone.
  public func read(
    at offset: UInt64,
    count: Int,
    into bytes: inout [UInt8],
    from index: Int
  ) throws(SystemError) -> Int {
    // SAFETY: `fill` gives a buffer that holds `size` bytes.
    try unsafe fill(&bytes, from: index, count: count) { descriptor, buffer, size, done in
      unsafe pread(descriptor, buffer, size, off_t(offset) + off_t(done))
    }
  }

  /// Reads up to `count` bytes from where the last call ended; fewer at the end and at a pause, where
  /// there may be none.
  public func readNext(
    count: Int,
    into bytes: inout [UInt8],
    from index: Int
  ) throws(SystemError) -> NextBytes {
    var limit = NextBytes.Limit.room
    // SAFETY: `fill` gives a buffer that holds `size` bytes.
    let done = try unsafe fill(&bytes, from: index, count: count) { descriptor, buffer, size, _ in
      guard hasBytes else {
        limit = .pause
        return 0
      }
      let found = unsafe Glibc.read(descriptor, buffer, size)
      if found == 0 { limit = .end }
      return found
    }
    return NextBytes(count: done, limit: limit)
  }

  /// Whether a read would not wait, now or after a short while.
  private var hasBytes: Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // SAFETY: `request` outlives the call.
    let ready = unsafe poll(&request, 1, Self.pauseMilliseconds)
    // What poll cannot tell, the read will; an interruption may pass for a pause.
    return ready > 0 || (ready < 0 && errno != EINTR)
  }

  /// Calls `readSome` until `count` bytes are there or it gives none.
  private func fill(
    _ bytes: inout [UInt8],
    from index: Int,
    count: Int,
    _ readSome: (Int32, UnsafeMutableRawPointer, Int, Int) -> Int
  ) throws(SystemError) -> Int {
    precondition(index >= 0 && count >= 0 && index + count <= bytes.count, "no room to read into")
    var done = 0
    var failure: SystemError?
    unsafe bytes.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      while done < count {
        // SAFETY: `index + count` bytes are there, of which `done` are filled.
        let size = unsafe readSome(descriptor, base + index + done, count - done, done)
        if size < 0, errno == EINTR { continue }
        if size < 0 { failure = SystemError.last("read") }
        guard size > 0 else { return }
        done += size
      }
    }
    if let failure { throw failure }
    return done
  }
}

extension FileStamp {
  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    byteCount = UInt64(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    isRegular = status.st_mode & S_IFMT == S_IFREG
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
  }

  /// What stands at a path, links followed.
  ///
  /// - Throws: ``SystemError`` with the system's reason.
  public init(path: String) throws(SystemError) {
    var status = stat()
    // SAFETY: path and `status` outlive the call.
    guard unsafe stat(path, &status) == 0 else { throw SystemError.last("stat") }
    self.init(status)
  }
}

/// Names in a directory, in byte order, without `.` and `..`.
///
/// - Throws: ``SystemError`` with the system's reason.
public func listDirectory(_ path: String) throws(SystemError) -> [String] {
  // SAFETY: the path outlives the call.
  guard let directory = unsafe opendir(path) else { throw SystemError.last("opendir") }
  defer { unsafe closedir(directory) }
  var names: [String] = []
  // SAFETY: an entry is valid until the next call for this directory.
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Paths that match a shell pattern, in byte order; empty when none does.
public func matchPaths(_ pattern: String) -> [String] {
  var found = unsafe glob_t()
  defer { unsafe globfree(&found) }
  // SAFETY: `found` is freed once it has been copied.
  guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
  let paths = unsafe (0..<Int(found.gl_pathc)).compactMap { index in
    // SAFETY: `gl_pathv` holds `gl_pathc` strings.
    unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
  }
  return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}
