internal import Glibc
internal import Synchronization

/// A lock that one process at a time holds: a locked file, freed by the system when the process dies.
///
/// The file is removed when the lock is freed, while it is still held, and whoever gets the lock of a
/// file that lost its name meanwhile tries again; so a freed lock leaves nothing behind.
public final class FileLock: Sendable {
  private let path: String
  private let descriptor: Mutex<Int32?>

  /// Takes the lock, or gives nil where another process, or another lock of this one, holds it.
  ///
  /// - Throws: The error of making or locking the file.
  public static func take(_ path: String) throws(FileError) -> FileLock? {
    while true {
      // SAFETY: the path is a C string for the length of the call.
      let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else {
        throw FileError(operation: "lock", path: path, code: errno)
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK { return nil }
        throw FileError(operation: "lock", path: path, code: code)
      }
      if isNamed(path, descriptor) { return FileLock(path: path, descriptor: descriptor) }
      close(descriptor)
    }
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = Mutex(descriptor)
  }

  deinit {
    // A lock that nobody freed is left as a killed process leaves it: file there, lock gone.
    descriptor.withLock { descriptor in
      if let descriptor { close(descriptor) }
    }
  }

  /// Removes the file and frees the lock; does nothing the second time.
  public func free() {
    descriptor.withLock { descriptor in
      guard let open = descriptor else { return }
      // SAFETY: the path is a C string for the length of the call.
      unsafe unlink(path)
      close(open)
      descriptor = nil
    }
  }

  /// Whether the open file is still the one that has the name.
  private static func isNamed(_ path: String, _ descriptor: Int32) -> Bool {
    var named = stat()
    var opened = stat()
    // SAFETY: the path is a C string for the length of the call; both results are locals.
    guard unsafe lstat(path, &named) == 0, unsafe fstat(descriptor, &opened) == 0 else {
      return false
    }
    return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
  }
}
