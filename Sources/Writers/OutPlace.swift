internal import Kernels

/// The folder that a run is to publish, and the names beside it that the run may use.
struct OutPlace {
  /// The folder, without slashes at its end.
  let path: String
  /// The folder that it stands in.
  let parent: String
  /// Its last name.
  let name: String

  /// Takes a path apart and looks at where it is.
  init(_ path: String) throws(WriteError) {
    var trimmed = Substring(path)
    while trimmed.last == "/", trimmed.count > 1 { trimmed.removeLast() }
    let slash = trimmed.lastIndex(of: "/")
    let name = slash.map { trimmed[trimmed.index(after: $0)...] } ?? trimmed
    guard !["", ".", ".."].contains(name) else { throw .outName(path: path) }
    let above = slash.map { trimmed[..<$0] } ?? "."
    self.path = String(trimmed)
    self.name = String(name)
    parent = above.isEmpty ? "/" : String(above)
    try checkParent()
  }

  /// The file whose lock owns the folder.
  var lock: String { beside(".\(name).tranche-lock") }

  /// The folder that a failed run leaves.
  var failed: String { path + ".failed" }

  /// A name for a folder that is not yet, or no longer, OUT.
  func makeStagingName() -> String {
    let random = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    let padded = String(repeating: "0", count: 16 - random.count) + random
    return beside("\(stagingPrefix)\(FileSystem.processID)-\(padded)")
  }

  /// Removes what runs left that were killed; the owner lock must be held.
  func removeLeftovers() throws(WriteError) {
    let names = try wrapping { () throws(FileError) in try FileSystem.names(in: parent) }
    for name in names.sorted() where isStagingName(name) {
      try wrapping { () throws(FileError) in try FileSystem.remove(beside(name)) }
    }
  }

  /// Removes what an earlier failed run left, so that nothing misleading stands beside OUT.
  ///
  /// The owner lock must be held. A folder that holds anything else stays.
  func removeFailure() throws(WriteError) {
    guard (try? Replaceable.check(failed, mark: .run)) == .present else { return }
    // Under a staging name it is gone at once, and a kill leaves nothing that the next run would keep.
    let leftover = makeStagingName() + "-failed"
    try wrapping { () throws(FileError) in
      try FileSystem.move(failed, to: leftover)
      try FileSystem.remove(leftover)
    }
  }

  private var stagingPrefix: String { ".\(name).tranche-" }

  private func beside(_ name: String) -> String {
    parent == "." && !path.hasPrefix("./") ? name : parent == "/" ? "/\(name)" : "\(parent)/\(name)"
  }

  /// Whether a name is exactly one that ``makeStagingName()`` makes, with or without `-failed`.
  private func isStagingName(_ name: String) -> Bool {
    guard name.hasPrefix(stagingPrefix) else { return false }
    let parts = name.dropFirst(stagingPrefix.count)
      .split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 || (parts.count == 3 && parts[2] == "failed") else { return false }
    let isNumber = !parts[0].isEmpty && parts[0].utf8.allSatisfy { (0x30...0x39).contains($0) }
    return isNumber && parts[1].utf8.count == 16 && parts[1].allSatisfy(\.isHexDigit)
  }

  private func checkParent() throws(WriteError) {
    let kind = try wrapping { () throws(FileError) in try FileSystem.kind(parent + "/.") }
    if kind == .absent { throw .outMissingParent(path: path, parent: parent) }
  }
}
