internal import Kernels

/// Whether a folder may be replaced, and what is there now.
enum Replaceable {
  case absent
  case present

  /// The file of ours that proves a folder to be ours.
  enum Mark: String {
    /// Of an output folder.
    case manifest = "manifest.json"
    /// Of a failed run's folder.
    case run = "run.json"
  }

  /// Looks at a folder that is to be replaced: every file in it must be one that a run wrote.
  ///
  /// - Parameters:
  ///   - path: OUT or OUT.failed.
  ///   - mark: The file that proves the folder to be ours.
  /// - Returns: Whether there is something to replace.
  /// - Throws: ``WriteError/outIsLink(path:)``, ``WriteError/outNotDirectory(path:)`` or
  ///   ``WriteError/outNotOurs(path:file:)``.
  static func check(_ path: String, mark: Mark) throws(WriteError) -> Replaceable {
    switch try wrapping({ () throws(FileError) in try FileSystem.kind(path) }) {
    case .absent: return .absent
    case .symbolicLink: throw .outIsLink(path: path)
    case .file, .other: throw .outNotDirectory(path: path)
    case .directory: break
    }
    let files = try wrapping { () throws(FileError) in try Self.files(below: path) }
    let own = try wrapping { () throws(FileError) in try OwnFiles(path, mark: mark) }
    if let foreign = files.first(where: { !own.contains($0) }) {
      throw .outNotOurs(path: path, file: foreign)
    }
    return .present
  }

  /// Whatever is no folder, by its path below `folder`, in byte order within each folder.
  private static func files(
    below folder: String,
    prefix: String = ""
  ) throws(FileError) -> [String] {
    var files: [String] = []
    let names = try FileSystem.names(in: folder).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    for name in names {
      let path = "\(folder)/\(name)"
      if try FileSystem.kind(path) == .directory {
        files += try Self.files(below: path, prefix: "\(prefix)\(name)/")
      } else {
        files.append(prefix + name)
      }
    }
    return files
  }
}

/// The files of a folder that a run wrote.
private struct OwnFiles {
  /// What every run writes and no manifest lists.
  private static let unlisted: Set<String> = ["manifest.json", "run.json", "_SUCCESS"]
  /// Files by their paths, as the manifest spells them.
  private var listed: Set<Substring> = []
  private var hasMark = false

  init(_ folder: String, mark: Replaceable.Mark) throws(FileError) {
    let path = "\(folder)/\(mark.rawValue)"
    guard try FileSystem.kind(path) == .file, let text = try Self.text(of: path) else { return }
    hasMark = true
    switch mark {
    case .run: listed = [Self.entry(RejectWriter.name)[...]]
    case .manifest: listed = Self.entries(text)
    }
  }

  /// Whether a run wrote the file with this path.
  func contains(_ path: String) -> Bool {
    hasMark && (Self.unlisted.contains(path) || listed.contains(Self.entry(path)[...]))
  }

  /// The text of a JSON file that begins as ours do: with a format that is ours.
  private static func text(of path: String) throws(FileError) -> String? {
    var size = 1 << 16
    var bytes = try FileSystem.prefix(of: path, count: size)
    let begin = bytes.prefix(64).filter { $0 > 0x20 }
    guard begin.starts(with: #"{"format":"tranche."#.utf8) else { return nil }
    while bytes.count == size {
      size *= 2
      bytes = try FileSystem.prefix(of: path, count: size)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A manifest is written by us alone, with one member a line and the files last: a file is listed
  /// where its line is there, to the byte.
  private static func entries(_ manifest: String) -> Set<Substring> {
    let lines = manifest.split(separator: "\n")
    guard let begin = lines.lastIndex(of: #"  "files": ["#) else { return [] }
    return Set(lines[begin...])
  }

  private static func entry(_ path: String) -> String {
    #"      "path": \#(JSONValue.string(path).text.dropLast()),"#
  }
}
