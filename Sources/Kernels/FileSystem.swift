internal import CBridge
internal import Glibc

/// A call of the operating system that failed.
public struct FileError: Error, Equatable, Sendable {
  /// What was tried, such as `open`.
  public var operation: String
  /// The file or folder that it was tried on.
  public var path: String
  /// The value of errno.
  public var code: Int32

  /// Names a failed call.
  public init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The system's words for the code.
  public var reason: String {
    // SAFETY: strerror gives a string that stays valid until this thread's next call of it.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }

  /// The file system does not have the operation.
  public var isUnsupported: Bool { [EINVAL, ENOSYS, ENOTSUP].contains(code) }
  /// The user lacks the right, or the file system may not be written.
  public var isForbidden: Bool { [EACCES, EPERM, EROFS].contains(code) }
}

/// What a name in a folder stands for.
public enum FileKind: Equatable, Sendable {
  case absent, file, directory, symbolicLink, other
}

/// Folders and names: what the writers need of the operating system.
public enum FileSystem {
  /// The number of this process.
  public static var processID: Int32 { getpid() }

  /// What stands under a path, links not followed.
  public static func kind(_ path: String) throws(FileError) -> FileKind {
    var status = stat()
    // SAFETY: the path is a C string for the length of the call, and `status` is a local.
    guard unsafe lstat(path, &status) == 0 else {
      if errno == ENOENT { return .absent }
      throw FileError(operation: "stat", path: path, code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    case S_IFLNK: return .symbolicLink
    default: return .other
    }
  }

  /// The one absolute path of what stands under a path, all links followed.
  public static func canonical(_ path: String) throws(FileError) -> String {
    // SAFETY: the path is a C string for the length of the call; the result is freed below, once.
    guard let resolved = unsafe realpath(path, nil) else {
      throw FileError(operation: "resolve", path: path, code: errno)
    }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Makes a folder.
  public static func makeDirectory(_ path: String, mode: UInt32 = 0o777) throws(FileError) {
    // SAFETY: the path is a C string for the length of the call.
    guard unsafe mkdir(path, mode) == 0 else {
      throw FileError(operation: "make directory", path: path, code: errno)
    }
  }

  /// The names in a folder, in no order; names that are not UTF-8 come out repaired.
  public static func names(in path: String) throws(FileError) -> [String] {
    // SAFETY: the stream is closed below and used by nobody else.
    guard let stream = unsafe opendir(path) else {
      throw FileError(operation: "list", path: path, code: errno)
    }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    while let name = unsafe nextName(stream) {
      // SAFETY: the name is a C string until the stream's next entry.
      names.append(unsafe String(cString: name))
    }
    return names
  }

  /// The first bytes of a file.
  public static func prefix(of path: String, count: Int) throws(FileError) -> [UInt8] {
    // SAFETY: the path is a C string for the length of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw FileError(operation: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    // SAFETY: the buffer has the `count` bytes that are read at most.
    let length = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress, count)
    }
    guard length >= 0 else { throw FileError(operation: "read", path: path, code: errno) }
    return Array(bytes.prefix(length))
  }

  /// Gives a file or folder a new name that nothing has, in one step.
  public static func move(_ source: String, to target: String) throws(FileError) {
    // SAFETY: both paths are C strings for the length of the call.
    let code = unsafe cb_rename_new(source, target)
    if code != 0 { throw FileError(operation: "rename", path: target, code: code) }
  }

  /// Exchanges two files or folders in one step.
  public static func exchange(_ one: String, with other: String) throws(FileError) {
    // SAFETY: both paths are C strings for the length of the call.
    let code = unsafe cb_rename_exchange(one, other)
    if code != 0 { throw FileError(operation: "exchange", path: other, code: code) }
  }

  /// Brings a file's bytes, or the names in a folder, to the disk.
  public static func synchronize(_ path: String) throws(FileError) {
    // SAFETY: the path is a C string for the length of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(operation: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw FileError(operation: "fsync", path: path, code: errno)
    }
  }

  /// Removes a file, or a folder with all that is in it; links are removed, not followed.
  ///
  /// What is missing, or vanishes meanwhile, is no error.
  public static func remove(_ path: String) throws(FileError) {
    // SAFETY: the path is a C string for the length of the call.
    let code = unsafe path.withCString { unsafe removeEntry($0, in: AT_FDCWD) }
    if code != 0 { throw FileError(operation: "remove", path: path, code: code) }
  }

  /// Removes one entry of an open folder; returns errno, or 0.
  private static func removeEntry(_ name: UnsafePointer<CChar>, in folder: Int32) -> Int32 {
    // SAFETY: `name` is a C string for the length of the call.
    if unsafe unlinkat(folder, name, 0) == 0 || errno == ENOENT { return 0 }
    guard errno == EISDIR || errno == EPERM else { return errno }
    let descriptor = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return errno }
    // SAFETY: the stream owns the descriptor from here on and is closed below.
    guard let stream = unsafe fdopendir(descriptor) else {
      close(descriptor)
      return errno
    }
    var code: Int32 = 0
    while code == 0, let entry = unsafe nextName(stream) {
      code = unsafe removeEntry(entry, in: dirfd(stream))
    }
    unsafe closedir(stream)
    if code == 0, unsafe unlinkat(folder, name, AT_REMOVEDIR) != 0, errno != ENOENT { code = errno }
    return code
  }

  /// The next name of a folder but `.` and `..`, valid until the call after this.
  private static func nextName(_ stream: OpaquePointer) -> UnsafePointer<CChar>? {
    // SAFETY: readdir gives an entry of the stream that stays valid until its next call; the name is
    // a C string within it, and an entry is never moved.
    while let entry = unsafe readdir(stream) {
      let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
      let name = unsafe UnsafeRawPointer(entry).advanced(by: offset)
        .assumingMemoryBound(to: CChar.self)
      if unsafe strcmp(name, ".") != 0, unsafe strcmp(name, "..") != 0 { return unsafe name }
    }
    return nil
  }
}
