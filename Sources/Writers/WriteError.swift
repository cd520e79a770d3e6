internal import Kernels

/// Why outputs could not be written.
public enum WriteError: Error, Equatable, Sendable {
  /// The operating system refused: disk full, no permission, and so on.
  case system(operation: String, path: String, code: Int32, reason: String)
  /// OUT does not end in a name: it is empty, `.`, `..` or `/`.
  case outName(path: String)
  /// The folder that OUT is to stand in does not exist.
  case outMissingParent(path: String, parent: String)
  /// OUT is a symbolic link; exchanging it would replace the link and not what it points to.
  case outIsLink(path: String)
  /// OUT is a file.
  case outNotDirectory(path: String)
  /// A file in OUT is not one that a run wrote.
  case outNotOurs(path: String, file: String)
  /// Another run is about to publish OUT.
  case outInUse(path: String)
  /// The file system cannot exchange two folders in one step.
  case exchangeUnsupported(path: String)
  /// The publication was abandoned or published meanwhile.
  case abandoned
  /// An attribute or a map has the name of another column.
  case repeatedColumn(String)
  /// The customers are to be partitioned by a column that they do not have.
  case partitionMissing(column: String)
  /// A cross table would have more cells than can be numbered.
  case tooManyGroups(count: Int)
  /// A number is too large to be written, or a group's index stands for no group.
  case badValue

  /// Takes over the facts of a failed system call.
  init(_ error: FileError) {
    self = .system(
      operation: error.operation,
      path: error.path,
      code: error.code,
      reason: error.reason
    )
  }
}

/// Does `body` and turns an error of the operating system into a ``WriteError``.
func wrapping<Value>(
  _ body: () throws(FileError) -> Value
) throws(WriteError) -> Value {
  do throws(FileError) {
    return try body()
  } catch {
    throw WriteError(error)
  }
}
