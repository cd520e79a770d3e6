public import Kernels

/// A file that will be read, or standard input.
public struct InputFile: Hashable, Sendable {
  /// The path as it was given or found; `-` is standard input.
  public var path: String
  /// What the file was when it was found; nil for standard input, pipes and devices.
  public var stamp: FileStamp?

  /// Whether this is standard input.
  public var isStandardInput: Bool { path == "-" }
}

/// Finds the files that arguments stand for.
public enum InputDiscovery {
  /// Files, the files below folders, and standard input, in byte order of their paths.
  ///
  /// Names that begin with a dot or an underscore are passed over below folders, as Hive does.
  ///
  /// - Parameters:
  ///   - paths: Files, folders, or `-`.
  ///   - glob: Whether paths are shell patterns.
  /// - Returns: The files, none twice.
  /// - Throws: ``ReadError`` when a path is unreadable or empty, or a file stands twice in the list.
  public static func find(paths: [String], glob: Bool) throws(ReadError) -> [InputFile] {
    var files: [InputFile] = []
    for path in try expand(paths, glob: glob) {
      try append(path, to: &files)
    }
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    try refuseTwins(files)
    return files
  }

  /// What arguments name, with patterns expanded: files, folders or `-`, as ``find(paths:glob:)``
  /// looks at them.
  ///
  /// - Throws: ``ReadError/noInput(path:)`` when a pattern matches nothing.
  public static func expand(_ paths: [String], glob: Bool) throws(ReadError) -> [String] {
    guard glob else { return paths }
    var expanded: [String] = []
    for path in paths where path != "-" {
      let matches = matchPaths(path)
      if matches.isEmpty { throw .noInput(path: path) }
      expanded += matches
    }
    return expanded + paths.filter { $0 == "-" }
  }

  private static func append(_ path: String, to files: inout [InputFile]) throws(ReadError) {
    guard path != "-" else { return files.append(InputFile(path: path, stamp: nil)) }
    let stamp = try stamp(of: path)
    if stamp.isRegular { return files.append(InputFile(path: path, stamp: stamp)) }
    // A pipe or a device can only be read once, from front to back.
    guard stamp.isDirectory else { return files.append(InputFile(path: path, stamp: nil)) }
    let before = files.count
    try appendFolder(path, [stamp.identity: path], to: &files)
    if files.count == before { throw .noInput(path: path) }
  }

  /// Appends the files below a folder; a link back to one of the folders `above` would never end.
  private static func appendFolder(
    _ path: String,
    _ above: [[UInt64]: String],
    to files: inout [InputFile]
  ) throws(ReadError) {
    let names: [String]
    do { names = try listDirectory(path) } catch {
      throw .unreadable(path: path, reason: error)
    }
    for name in names where !name.hasPrefix(".") && !name.hasPrefix("_") {
      let child = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      let stamp = try stamp(of: child)
      if stamp.isDirectory {
        if let twin = above[stamp.identity] { throw .sameInput(path: child, as: twin) }
        let way = above.merging([stamp.identity: child]) { known, _ in known }
        try appendFolder(child, way, to: &files)
      } else if stamp.isRegular {
        files.append(InputFile(path: child, stamp: stamp))
      }
    }
  }

  private static func stamp(of path: String) throws(ReadError) -> FileStamp {
    do { return try FileStamp(path: path) } catch {
      throw .unreadable(path: path, reason: error)
    }
  }

  private static func refuseTwins(_ files: [InputFile]) throws(ReadError) {
    var inodes: [[UInt64]: String] = [:]
    var paths: Set<String> = []
    for file in files {
      guard paths.insert(file.path).inserted else {
        throw .sameInput(path: file.path, as: file.path)
      }
      guard let stamp = file.stamp else { continue }
      let twin = inodes.updateValue(file.path, forKey: stamp.identity)
      if let twin { throw .sameInput(path: file.path, as: twin) }
    }
  }
}

extension FileStamp {
  /// What two names of one file or folder have in common.
  fileprivate var identity: [UInt64] { [device, inode] }
}
