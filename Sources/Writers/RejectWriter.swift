internal import Kernels
internal import Synchronization
public import Tables

/// Writes the rows that could not be read, as they come, to `rejects/rejects-00000.csv`.
///
/// Columns: file, line, byte_offset, column, reason, raw. The file has mode 0600, since raw rows may
/// hold what should not be seen; without rejects there is none.
public final class RejectWriter: Sendable {
  private struct State {
    var file: OutputFile?
    var count = 0
    var failure: WriteError?
  }

  /// The folder of the rejects, below OUT and OUT.failed.
  static let folder = "rejects"
  /// The file of the rejects, below OUT and OUT.failed.
  static let name = "\(folder)/rejects-00000.csv"
  private let publication: Publication
  private let state = Mutex(State())

  /// Writes nothing yet.
  public init(publication: Publication) {
    self.publication = publication
  }

  /// How many rejects were written.
  public var count: Int { state.withLock(\.count) }

  /// Appends rejects, which come in the order of their places.
  ///
  /// The first error is kept for ``finish()``, and what comes after it is dropped.
  public func append(_ rejects: [Reject]) {
    guard !rejects.isEmpty else { return }
    state.withLock { state in
      guard state.failure == nil else { return }
      do throws(WriteError) {
        if state.file == nil { state.file = try begin() }
        try state.file?.append(Self.columns(of: rejects), count: rejects.count)
        state.count += rejects.count
      } catch {
        state.failure = error
      }
    }
  }

  /// Brings the file to the disk.
  ///
  /// - Returns: The file, or nil where there were no rejects.
  /// - Throws: The first error of any ``append(_:)``.
  @discardableResult
  public func finish() throws(WriteError) -> WrittenFile? {
    let (file, count, failure) = state.withLock { state in
      defer { state.file = nil }
      return (state.file, state.count, state.failure)
    }
    if let failure { throw failure }
    guard let file else { return nil }
    return try publication.finish(file, name: Self.name, rows: count)
  }

  private func begin() throws(WriteError) -> OutputFile {
    let file = try publication.makeFile(Self.name, mode: 0o600)
    let header = csvHeader(["file", "line", "byte_offset", "column", "reason", "raw"])
    try wrapping { () throws(FileError) in try file.append(header) }
    return file
  }

  private static func columns(of rejects: [Reject]) -> [TextColumn] {
    [
      textColumn(rejects.map(\.file.utf8)),
      .integers(rejects.map { Int64($0.line) }, from: 0),
      .integers(rejects.map { Int64(clamping: $0.byteOffset) }, from: 0),
      textColumn(rejects.map(\.column.utf8)),
      textColumn(rejects.map(\.reason.rawValue.utf8)),
      textColumn(rejects.map(\.raw)),
    ]
  }
}
