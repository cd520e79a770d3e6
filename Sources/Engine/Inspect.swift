internal import Readers

/// Looks at a file and guesses how it would be read.
///
/// Columns and times are guessed from the beginning of the file; numbers, ids and filters by every
/// record within a bound. Records are not kept, so memory does not grow with the file. Guesses are for
/// a person to check: a run never guesses.
public struct Inspect {
  private static let sampledRecords = 1000
  private static let mostRecords = 5_000_000
  private static let mostBytes = 2 << 30

  /// An inspection.
  public init() {}

  /// Inspects a file.
  ///
  /// - Throws: ``RunError``.
  public func file(_ path: String) throws(RunError) -> Inspection {
    do throws(ReadError) {
      guard let file = try InputDiscovery.find(paths: [path], glob: false).first else {
        throw ReadError.noInput(path: path)
      }
      guard file.stamp != nil else {
        throw ReadError.unsupported(
          path: path,
          kind: "a stream that can be read only once",
          remedy: "inspect a file, such as its first lines"
        )
      }
      return try inspect(file, DialectGuess(file).dialect())
    } catch {
      throw RunError(stage: .read, cause: error)
    }
  }

  private func inspect(_ file: InputFile, _ dialect: Dialect) throws(ReadError) -> Inspection {
    var sample: [[[UInt8]]] = []
    var openQuote: Int?
    try each(of: file, dialect) { item in
      switch item {
      case .record(let fields): sample.append(fields)
      case .openQuote(let line, _): openQuote = line
      }
      return sample.count < Self.sampledRecords
    }
    if sample.isEmpty, openQuote != nil { throw .openHeader(path: file.path) }
    let guess = SampleGuess(records: sample, dialect: dialect)
    var figures = LedgerFigures(guess)
    var inspection = guess.inspection
    var isHeader = inspection.hasHeader
    var bytes = 0
    try each(of: file, dialect) { item in
      guard case .record(let fields) = item else {
        if case .openQuote(let line, _) = item { inspection.openQuoteLine = line }
        return false
      }
      guard figures.recordCount < Self.mostRecords, bytes < Self.mostBytes else {
        inspection.hasMore = true
        return false
      }
      bytes += fields.reduce(fields.count) { $0 + $1.count }
      if isHeader { figures.absorbText(fields) } else { figures.absorb(fields) }
      isHeader = false
      return true
    }
    figures.finish(&inspection)
    inspection.path = file.path
    return inspection
  }

  private func each(
    of file: InputFile,
    _ dialect: Dialect,
    _ body: (RecordReader.Item) -> Bool
  ) throws(ReadError) {
    try RecordReader(dialect: dialect, options: ReadOptions()).read(file, body)
  }
}
