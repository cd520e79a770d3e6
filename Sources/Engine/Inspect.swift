internal import Readers

/// Looks at the beginning of a file and guesses how it would be read.
///
/// Guesses are for a person to check: a run never guesses.
public struct Inspect {
  private static let dialectRecords = 1000
  private static let sampledRecords = 100_000

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
      let dialect = try dialect(of: file)
      let records = try records(of: file, dialect, limit: Self.sampledRecords + 1)
      var guess = SampleGuess(records: Array(records.prefix(Self.sampledRecords)), dialect: dialect)
      guess.inspection.path = path
      guess.inspection.hasMore = records.count > Self.sampledRecords
      return guess.inspection
    } catch {
      throw RunError(stage: .read, cause: error)
    }
  }

  /// The dialect that cuts most records into the same number of fields, of two at least.
  private func dialect(of file: InputFile) throws(ReadError) -> Dialect {
    var best: (dialect: Dialect, share: Double, fields: Int)?
    for candidate in Self.candidates {
      let counts = try records(of: file, candidate, limit: Self.dialectRecords).map(\.count)
      let occurrences = counts.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
      guard let usual = occurrences.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
        usual.key >= 2
      else { continue }
      let share = Double(usual.value) / Double(counts.count)
      if best.map({ share > $0.share + 0.1 }) ?? true { best = (candidate, share, usual.key) }
    }
    var dialect = best?.dialect ?? Dialect()
    dialect.hasHeader = false
    return dialect
  }

  /// In the order in which they are preferred.
  private static let candidates: [Dialect] = {
    let bytes: [UInt8] = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }
    return (bytes.map { Dialect.Separator.byte($0) } + [.blanks]).map { separator in
      var dialect = Dialect()
      dialect.separator = separator
      dialect.hasHeader = false
      return dialect
    }
  }()

  private func records(
    of file: InputFile,
    _ dialect: Dialect,
    limit: Int
  ) throws(ReadError) -> [[[UInt8]]] {
    var records: [[[UInt8]]] = []
    try RecordReader(dialect: dialect, options: ReadOptions()).read(file) { item in
      guard case .record(let fields) = item else { return false }
      records.append(fields)
      return records.count < limit
    }
    return records
  }
}
