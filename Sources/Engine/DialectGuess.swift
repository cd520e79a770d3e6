internal import Readers

/// How the beginning of a file is cut into records, and whether it is text at all.
struct DialectGuess {
  private static let records = 1000
  private static let consistentShare = 0.9

  private let file: InputFile

  init(_ file: InputFile) {
    self.file = file
  }

  /// The dialect whose first record has as many fields as nearly all others, and the most of them.
  ///
  /// - Throws: ``ReadError`` when the file is empty or no text.
  func dialect() throws(ReadError) -> Dialect {
    let lines = try head(Self.plain)
    try refuseForeign(lines)
    let hasComment = lines.first?.first?.first == UInt8(ascii: "#")
    var best: (dialect: Dialect, rank: Rank)?
    for separator in Self.separators {
      var candidate = Dialect()
      candidate.separator = separator
      candidate.hasHeader = false
      candidate.comment = hasComment ? UInt8(ascii: "#") : nil
      guard let rank = Rank(try head(candidate).map(\.count), separator) else { continue }
      if best.map({ $0.rank < rank }) ?? true { best = (candidate, rank) }
    }
    var dialect = best?.dialect ?? Dialect()
    dialect.hasHeader = false
    if hasComment { dialect.comment = UInt8(ascii: "#") }
    return dialect
  }

  /// How well a separator fits: first whether the header fits nearly all rows, then the fields.
  private struct Rank: Comparable {
    let isConsistent: Bool
    /// Blanks stand inside names and times too, so a byte that fits goes first.
    let isByte: Bool
    let share: Double
    let fields: Int

    init?(_ counts: [Int], _ separator: Dialect.Separator) {
      guard let first = counts.first else { return nil }
      let rows = counts.dropFirst()
      let agreeing = rows.count { $0 == first }
      isByte = separator != .blanks
      isConsistent =
        first >= 2 && Double(agreeing) >= DialectGuess.consistentShare * Double(rows.count)
      let occurrences = counts.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
      guard let usual = occurrences.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
        return nil
      }
      guard isConsistent || usual.key >= 2 else { return nil }
      fields = isConsistent ? first : usual.key
      // Between two that fit nearly all rows, the fields decide.
      share = isConsistent ? 1 : Double(usual.value) / Double(counts.count)
    }

    static func < (left: Rank, right: Rank) -> Bool {
      if left.isConsistent != right.isConsistent { return right.isConsistent }
      if left.isConsistent, left.isByte != right.isByte { return right.isByte }
      return (left.share, left.fields) < (right.share, right.fields)
    }
  }

  /// In the order in which they are preferred.
  private static let separators: [Dialect.Separator] =
    [",", ";", "\t", "|"].map { .byte(UInt8(ascii: $0)) } + [.blanks]

  /// Lines, nearly as they stand.
  private static let plain: Dialect = {
    var dialect = Dialect()
    dialect.quote = nil
    dialect.hasHeader = false
    return dialect
  }()

  private func head(_ dialect: Dialect) throws(ReadError) -> [[[UInt8]]] {
    var records: [[[UInt8]]] = []
    try RecordReader(dialect: dialect, options: ReadOptions()).read(file) { item in
      guard case .record(let fields) = item else { return false }
      records.append(fields)
      return records.count < Self.records
    }
    return records
  }

  // MARK: - what is no text

  private func refuseForeign(_ lines: [[[UInt8]]]) throws(ReadError) {
    guard !lines.isEmpty else {
      throw .unsupported(
        path: file.path,
        kind: "an empty file",
        remedy: "inspect one with a header and rows"
      )
    }
    let bytes = lines.joined().joined()
    let total = bytes.count
    let zeros = bytes.count { $0 == 0 }
    // Each second byte of UTF-16 text in Latin letters is zero.
    if zeros * 5 > total * 2, bytes.count(where: Self.isControl) == zeros {
      throw .unsupported(
        path: file.path,
        kind: "UTF-16 text",
        remedy: "convert it to UTF-8, for example with iconv"
      )
    }
    let controls = bytes.count(where: Self.isControl)
    guard zeros == 0, controls * 100 <= total else {
      throw .unsupported(path: file.path, kind: "binary data", remedy: "export it as CSV")
    }
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte == 0x7F || (byte < 0x20 && ![0x09, 0x0A, 0x0D].contains(byte))
  }
}
