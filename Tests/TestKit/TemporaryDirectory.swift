public import Foundation

/// Runs `body` with a fresh directory of its own, and removes it afterwards, also after an error.
///
/// - Parameter body: Gets the directory, whose path is absolute and free of symbolic links.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or the error of making the directory.
public func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let directory = try makeTemporaryDirectory()
  defer { removeTemporaryDirectory(directory) }
  return try body(directory)
}

/// Runs an asynchronous `body` with a fresh directory of its own, and removes it afterwards.
///
/// - Parameter body: Gets the directory, whose path is absolute and free of symbolic links.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or the error of making the directory.
public func withTemporaryDirectory<Result>(
  _ body: (URL) async throws -> Result
) async throws -> Result {
  let directory = try makeTemporaryDirectory()
  defer { removeTemporaryDirectory(directory) }
  return try await body(directory)
}

private func makeTemporaryDirectory() throws -> URL {
  let directory = FileManager.default.temporaryDirectory
    .resolvingSymlinksInPath()
    .appendingPathComponent("tranche-test-\(UUID().uuidString)", isDirectory: true)
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  return directory
}

private func removeTemporaryDirectory(_ directory: URL) {
  // A test that fails for another reason should say that reason, so this error is not reported.
  try? FileManager.default.removeItem(at: directory)
}

extension URL {
  /// The place of a file or folder below this directory.
  public func child(_ name: String) -> URL {
    appendingPathComponent(name)
  }

  /// Writes a file under this directory, making the directories between, and returns its place.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> URL {
    let file = appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(bytes).write(to: file)
    return file
  }

  /// Writes a file of UTF-8 text under this directory and returns its place.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> URL {
    try write(Array(text.utf8), to: name)
  }

  /// The bytes of the file at this place.
  public func bytes() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: self))
  }

  /// The text of the file at this place; bytes that are no UTF-8 are replaced.
  public func text() throws -> String {
    String(decoding: try bytes(), as: UTF8.self)
  }

  /// Paths of all files below this directory, relative to it, in byte order.
  public func filesBelow() throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: path)
    let files = try names.filter { name in
      let file = appendingPathComponent(name)
      return try file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory != true
    }
    return files.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }
}
