// A run writes into a staging folder beside OUT, on the same file system, and puts it in OUT's place in
// one step: OUT is the old complete version before that step and the new complete one after it. What is
// killed before leaves a staging folder, what is killed after leaves the old version under a staging
// name; both are removed by the next run that holds OUT's lock, which the system frees when a process
// dies. Only names that a run itself could have made are ever removed.

internal import Kernels
internal import Synchronization

/// The outputs of one run, from the first file to the moment when they take the place of OUT.
///
/// To be made at the very start of a run: it takes the owner lock, refuses an OUT that is not ours to
/// replace, and removes what killed and failed runs left. It ends with ``publish()``, ``fail(run:)`` or
/// ``abandon()``; without any of them it leaves what a killed run leaves.
public final class Publication: Sendable {
  private struct State {
    var isOpen = true
    var isPublished = false
    var folders: Set<String> = []
    var files: [WrittenFile] = []
  }

  /// The steps of publishing, for tests that stop between them.
  package enum Step: CaseIterable, Sendable {
    /// All folders are on the disk.
    case synchronized
    /// OUT is the new version, and the old one has a staging name.
    case exchanged
  }

  private let place: OutPlace
  private let staging: String
  private let lock: FileLock
  private let state = Mutex(State())
  /// Held while the publication ends, so that whoever else ends it waits until nothing is left to do:
  /// a signal's thread may end the process right after ``abandon()``.
  private let ending = Mutex(())

  /// Takes OUT's owner lock and makes an empty staging folder.
  ///
  /// - Parameter out: The folder to publish; the folder that it stands in must exist.
  /// - Throws: ``WriteError/outInUse(path:)`` where another run holds the lock;
  ///   ``WriteError/outNotOurs(path:file:)`` and its kin where OUT must not be replaced;
  ///   ``WriteError/system(operation:path:code:reason:)``.
  public init(out: String) throws(WriteError) {
    let place = try OutPlace(out)
    let lock = try wrapping { () throws(FileError) in try FileLock.take(place.lock) }
    guard let lock else { throw .outInUse(path: place.path) }
    let staging = place.makeStagingName()
    do throws(WriteError) {
      _ = try Replaceable.check(place.path, mark: .manifest)
      try place.removeLeftovers()
      try place.removeFailure()
      try wrapping { () throws(FileError) in try FileSystem.makeDirectory(staging) }
    } catch {
      lock.free()
      throw error
    }
    self.place = place
    self.lock = lock
    self.staging = staging
  }

  /// The folder that is published.
  public var out: String { place.path }

  /// The listed files that were finished so far, in ascending order of their paths.
  public var files: [WrittenFile] {
    state.withLock(\.files).sorted { Array($0.path.utf8).lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Brings everything to the disk and puts it in OUT's place in one step.
  ///
  /// - Throws: ``WriteError/abandoned``, ``WriteError/exchangeUnsupported(path:)``,
  ///   ``WriteError/outNotOurs(path:file:)`` where OUT changed meanwhile, or an error of the system. OUT is
  ///   as it was, unless the error comes from removing the old version.
  public func publish() throws(WriteError) {
    try publish { _ throws(WriteError) in }
  }

  /// Publishes and calls `reached` after each step; what it throws stops there, as a kill would.
  package func publish(
    reached: (Step) throws(WriteError) -> Void
  ) throws(WriteError) {
    try ending.withLock { _ throws(WriteError) in
      try synchronizeFolders()
      try reached(.synchronized)
      try whileOpen { (state: inout State) throws(WriteError) in
        try Self.replace(place.path, by: staging, mark: .manifest)
        state.isOpen = false
        state.isPublished = true
      }
      try reached(.exchanged)
      defer { lock.free() }
      try wrapping { () throws(FileError) in
        try FileSystem.synchronize(place.parent)
        try FileSystem.remove(staging)
      }
    }
  }

  /// Removes the staging folder and frees OUT; after the end, it waits for what is left to be done.
  ///
  /// May be called at any time from any thread, but not from within a signal handler.
  ///
  /// - Returns: Whether it came too late: OUT is the new version.
  @discardableResult
  public func abandon() -> Bool {
    let (wasOpen, isPublished) = state.withLock { state in
      defer { state.isOpen = false }
      return (state.isOpen, state.isPublished)
    }
    ending.withLock { _ in
      guard wasOpen else { return }
      // Whatever cannot be removed now is removed by the next run.
      try? FileSystem.remove(staging)
      lock.free()
    }
    return isPublished
  }

  /// Leaves OUT.failed with `run.json` and the rejects written so far, in one step, and abandons the
  /// rest.
  ///
  /// - Returns: The path of OUT.failed.
  /// - Throws: ``WriteError/outNotOurs(path:file:)`` where OUT.failed is not ours; ``WriteError/abandoned``;
  ///   an error of the system. The publication is abandoned in any case.
  public func fail(run: JSONValue) throws(WriteError) -> String {
    defer { abandon() }
    try ending.withLock { _ throws(WriteError) in
      let folder = staging + "-failed"
      do throws(WriteError) {
        try whileOpen { (_: inout State) throws(WriteError) in try gather(run: run, in: folder) }
        try Self.replace(place.failed, by: folder, mark: .run)
      } catch {
        // The first error is the one to report.
        try? FileSystem.remove(folder)
        throw error
      }
      try wrapping { () throws(FileError) in
        try FileSystem.synchronize(place.parent)
        try FileSystem.remove(folder)
      }
    }
    return place.failed
  }
}

extension Publication {
  /// Makes a file below the staging folder, and the folders between.
  func makeFile(_ name: String, mode: UInt32 = 0o666) throws(WriteError) -> OutputFile {
    try whileOpen { (state: inout State) throws(WriteError) in
      var folder = staging
      for part in name.split(separator: "/").dropLast() {
        folder += "/\(part)"
        guard state.folders.insert(folder).inserted else { continue }
        try wrapping { () throws(FileError) in try FileSystem.makeDirectory(folder) }
      }
      return try wrapping { () throws(FileError) in
        try OutputFile(path: "\(staging)/\(name)", mode: mode)
      }
    }
  }

  /// Finishes a file and lists it in the manifest.
  func finish(
    _ file: OutputFile,
    name: String,
    rows: Int?,
    money: String? = nil,
    isListed: Bool = true
  ) throws(WriteError) -> WrittenFile {
    let (bytes, sha256) = try wrapping { () throws(FileError) in try file.finish() }
    let written = WrittenFile(path: name, rows: rows, bytes: bytes, sha256: sha256, money: money)
    if isListed { state.withLock { $0.files.append(written) } }
    return written
  }

  /// Does `body` while nobody can end the publication.
  private func whileOpen<Value>(
    _ body: (inout State) throws(WriteError) -> sending Value
  ) throws(WriteError) -> sending Value {
    try state.withLock { (state: inout sending State) throws(WriteError) in
      guard state.isOpen else { throw .abandoned }
      return try body(&state)
    }
  }

  private func synchronizeFolders() throws(WriteError) {
    let folders = try whileOpen { state throws(WriteError) in state.folders.sorted() } + [staging]
    for folder in folders {
      do throws(FileError) {
        try FileSystem.synchronize(folder)
      } catch {
        _ = try whileOpen { _ throws(WriteError) in }
        throw WriteError(error)
      }
    }
  }

  /// Puts what a failed run leaves into a folder of its own.
  private func gather(run: JSONValue, in folder: String) throws(WriteError) {
    try wrapping { () throws(FileError) in
      try FileSystem.makeDirectory(folder)
      if try FileSystem.kind("\(staging)/\(RejectWriter.folder)") != .absent {
        let rejects = "\(folder)/\(RejectWriter.folder)"
        try FileSystem.move("\(staging)/\(RejectWriter.folder)", to: rejects)
        try FileSystem.synchronize("\(folder)/\(RejectWriter.name)")
        try FileSystem.synchronize(rejects)
      }
      let file = try OutputFile(path: "\(folder)/\(Replaceable.Mark.run.rawValue)")
      try file.append(Array(run.marked("run").text.utf8))
      _ = try file.finish()
      try FileSystem.synchronize(folder)
    }
  }

  /// Puts `source` in the place of `target`; what was there is then under `source`'s name.
  private static func replace(
    _ target: String,
    by source: String,
    mark: Replaceable.Mark
  ) throws(WriteError) {
    let isPresent = try Replaceable.check(target, mark: mark) == .present
    do throws(FileError) {
      try isPresent
        ? FileSystem.exchange(source, with: target) : FileSystem.move(source, to: target)
    } catch {
      throw error.isUnsupported ? .exchangeUnsupported(path: target) : WriteError(error)
    }
    guard isPresent else { return }
    do throws(WriteError) {
      // Somebody may have put a folder of theirs there between the look and the exchange.
      _ = try Replaceable.check(source, mark: mark)
    } catch {
      try wrapping { () throws(FileError) in try FileSystem.exchange(source, with: target) }
      throw error.names(target)
    }
  }
}

extension WriteError {
  /// The error of what stands under `path` by now.
  fileprivate func names(_ path: String) -> WriteError {
    if case .outNotOurs(_, let file) = self { return .outNotOurs(path: path, file: file) }
    return self
  }
}
