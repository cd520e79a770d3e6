internal import Glibc
internal import Synchronization

/// A file that takes another's place in one step once it is whole, so that nobody sees half of it.
///
/// Until then it has a hidden name beside that place. Pipes, devices and standard output have no such
/// place, and are written as they are.
public final class FileReplacement: Sendable {
  private struct State {
    var isOpen = true
    var isDone = false
  }

  /// What was asked for; `-` is standard output.
  public let path: String
  /// What is replaced, all links followed.
  private let target: String
  /// The hidden name; nil where `path` is written as it is.
  private let staging: String?
  private let state = Mutex(State())

  /// Prepares a replacement, and makes no file yet.
  public init(path: String) {
    self.path = path
    let existing = path == "-" ? nil : try? FileStamp(path: path)
    let isAbsent = path != "-" && (try? FileSystem.kind(path)) == .absent
    target = (try? FileSystem.canonical(path)) ?? path
    staging = existing?.isRegular ?? isAbsent ? Self.stagingName(beside: target) : nil
  }

  /// Whether nobody sees what is written before ``commit()``.
  public var isStaged: Bool { staging != nil }

  /// Makes the file.
  ///
  /// - Throws: ``SinkError`` where the system refuses, or after ``abandon()``.
  public func open() throws(SinkError) -> ByteSink {
    try state.withLock { state throws(SinkError) in
      guard state.isOpen else { throw SinkError(code: ECANCELED) }
      guard let staging else { return try ByteSink(path: path) }
      try refuseProtected()
      return try ByteSink(path: staging)
    }
  }

  /// Puts the file in its place; what was there is gone.
  ///
  /// - Throws: ``SinkError`` where the system refuses, or after ``abandon()``.
  public func commit() throws(SinkError) {
    try state.withLock { state throws(SinkError) in
      guard state.isOpen else { throw SinkError(code: ECANCELED) }
      // SAFETY: both paths are C strings for the length of the call.
      if let staging, unsafe rename(staging, target) != 0 { throw SinkError(code: errno) }
      state.isOpen = false
      state.isDone = true
    }
  }

  /// Removes what was written, unless it has its place already.
  ///
  /// - Returns: Whether it has.
  @discardableResult
  public func abandon() -> Bool {
    state.withLock { state in
      // What cannot be removed has a name that no folder is read by.
      if state.isOpen, let staging { try? FileSystem.remove(staging) }
      state.isOpen = false
      return state.isDone
    }
  }

  /// Refuses to replace a file that may not be written itself.
  private func refuseProtected() throws(SinkError) {
    // SAFETY: the path is a C string for the length of the call.
    guard unsafe access(target, W_OK) != 0, errno != ENOENT else { return }
    throw SinkError(code: errno)
  }

  private static func stagingName(beside target: String) -> String? {
    let slash = target.lastIndex(of: "/")
    let name = slash.map { target[target.index(after: $0)...] } ?? target[...]
    guard !name.isEmpty else { return nil }
    let folder = slash.map { target[...$0] } ?? ""
    return "\(folder).\(name).tranche-\(FileSystem.processID)"
  }
}
