import Kernels

/// An input that is open, with what its first bytes say.
struct OpenInput {
  /// How its bytes are got at.
  enum Storage {
    /// By offset, in any order.
    case ranges(InputHandle, byteCount: UInt64)
    /// From front to back.
    case stream(StreamText)
  }

  let file: InputFile
  let ordinal: UInt32
  let storage: Storage
  /// Names of the columns in UTF-8; empty strings for a file without a header.
  let header: [[UInt8]]
  /// Where the first record behind the header begins.
  let dataBegin: UInt64
  /// Physical lines before that.
  let linesBefore: Int

  /// Whether bytes stand behind the header; always true where that shows later.
  var mayHaveRows: Bool {
    guard case .ranges(_, let byteCount) = storage else { return true }
    return byteCount > dataBegin
  }
}

/// Opens inputs: tells kinds of files apart and reads headers.
struct InputOpener {
  let dialect: Dialect
  let options: ReadOptions

  /// Bytes that tell every kind of file.
  private static let markBytes = 6

  /// Opens one input.
  ///
  /// - Throws: ``ReadError`` when it cannot be read, is of a kind that is not read, or has no header.
  func open(_ file: InputFile, ordinal: Int) throws(ReadError) -> OpenInput {
    let handle = try handle(of: file)
    let stream = StreamText(
      handle: handle,
      path: file.path,
      dialect: dialect.scan,
      options: options
    )
    try stream.load(atLeast: Self.markBytes, upTo: 64 << 10)
    try refuseForeign(stream.head, path: file.path)
    let top = try findHeader(in: stream, path: file.path)
    let storage: OpenInput.Storage
    if let stamp = file.stamp, !stream.isCompressed {
      storage = .ranges(handle, byteCount: stamp.byteCount)
    } else {
      stream.drop(top.end, lines: top.lines)
      storage = .stream(stream)
    }
    return OpenInput(
      file: file,
      ordinal: UInt32(ordinal),
      storage: storage,
      header: top.fields,
      dataBegin: UInt64(top.end),
      linesBefore: top.lines
    )
  }

  private func handle(of file: InputFile) throws(ReadError) -> InputHandle {
    if file.isStandardInput { return InputHandle() }
    let handle: InputHandle
    let found: FileStamp
    do throws(SystemError) {
      handle = try InputHandle(path: file.path)
      found = try handle.stamp()
    } catch {
      throw .unreadable(path: file.path, reason: error)
    }
    if let stamp = file.stamp, found != stamp { throw .changed(path: file.path) }
    return handle
  }

  private func refuseForeign(_ head: ArraySlice<UInt8>, path: String) throws(ReadError) {
    let decompress = "decompress it first, or pipe it into `-`"
    let kinds: [(magic: [UInt8], kind: String, remedy: String)] = [
      ([0xFF, 0xFE], "UTF-16 text", "convert it to UTF-8, for example with iconv"),
      ([0xFE, 0xFF], "UTF-16 text", "convert it to UTF-8, for example with iconv"),
      ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard", decompress),
      ([0x42, 0x5A, 0x68], "bzip2", decompress),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz", decompress),
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive or a spreadsheet", "export it as CSV"),
      ([0x50, 0x41, 0x52, 0x31], "Parquet", "export it as CSV"),
    ]
    for (magic, kind, remedy) in kinds where head.starts(with: magic) {
      throw .unsupported(path: path, kind: kind, remedy: remedy)
    }
  }

  private struct Top {
    var fields: [[UInt8]]
    var end: Int
    var lines: Int
  }

  /// Reads the header, or the number of columns from the first record where there is none.
  private func findHeader(in stream: StreamText, path: String) throws(ReadError) -> Top {
    while true {
      if let top = try top(of: stream.head, isWhole: stream.isAtEnd, path: path) { return top }
      if stream.isAtEnd { throw .noHeader(path: path) }
      if stream.head.count > options.longestRecord {
        throw .recordTooLong(path: path, byteOffset: 0, limit: options.longestRecord)
      }
      try stream.load(atLeast: stream.head.count + 1, upTo: max(64 << 10, stream.head.count * 2))
    }
  }

  private func top(
    of head: ArraySlice<UInt8>,
    isWhole: Bool,
    path: String
  ) throws(ReadError) -> Top? {
    let pad = [UInt8](repeating: 0, count: TextScan.padding)
    var text = pad + head
    if isWhole, text.last != UInt8(ascii: "\n"), text.last != UInt8(ascii: "\r") {
      text.append(UInt8(ascii: "\n"))
    }
    // Unless this is the end, a CR there is only looked at: it may belong to a CR LF.
    let end = isWhole || text.last == UInt8(ascii: "\n") ? text.count : text.count - 1
    text += pad
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var begin = TextScan.padding + (head.starts(with: mark) ? mark.count : 0)
    for _ in 0..<dialect.preambleLines {
      guard let next = lineEnd(in: text, from: begin, to: end) else { return nil }
      begin = next
    }
    if let top = firstRecord(in: text, from: begin, to: end, size: head.count) { return top }
    guard isWhole, isOpen(text, from: begin, to: end) else { return nil }
    if dialect.hasHeader { throw .openHeader(path: path) }
    return Top(fields: [[]], end: begin - TextScan.padding, lines: 0)
  }

  private func lineEnd(in text: [UInt8], from begin: Int, to end: Int) -> Int? {
    (begin..<max(begin, end)).first { at in
      text[at] == UInt8(ascii: "\n")
        || (text[at] == UInt8(ascii: "\r") && text[at + 1] != UInt8(ascii: "\n"))
    }.map { $0 + 1 }
  }

  private func isOpen(_ text: [UInt8], from begin: Int, to end: Int) -> Bool {
    var scan = TextScan(dialect: dialect.scan)
    scan.begin(at: begin)
    scan.scan(text, upTo: max(begin, end))
    return scan.isOpen
  }

  private func firstRecord(in text: [UInt8], from begin: Int, to end: Int, size: Int) -> Top? {
    guard begin < end else { return nil }
    var scan = TextScan(dialect: dialect.scan)
    scan.begin(at: begin)
    scan.scan(text, upTo: end)
    var index = RowIndex(dialect: dialect.scan)
    index.indexRecords(text, scan)
    guard let first = (0..<index.rowCount).first(where: { index.fieldCount(ofRecord: $0) > 0 })
    else { return nil }
    let count = index.fieldCount(ofRecord: first)
    var fields = [[UInt8]](repeating: [], count: count)
    var dataBegin = begin
    if dialect.hasHeader {
      fields = (0..<count).map {
        dialect.encoding.utf8(of: index.field(text, scan, row: first, column: $0))
      }
      dataBegin = index.end(ofRow: first, columnCount: count, scan)
    }
    let origin = TextScan.padding
    return Top(
      fields: fields,
      end: min(dataBegin - origin, size),
      lines: lineCount(text, in: origin..<dataBegin)
    )
  }
}

extension Dialect.Encoding {
  /// The text in UTF-8; as it stands where a byte has no character.
  func utf8(of text: [UInt8]) -> [UInt8] {
    guard self != .utf8, text.contains(where: { $0 > 0x7F }) else { return text }
    var bytes = text + [UInt8](repeating: 0, count: 3 * text.count)
    let length = transcode(&bytes, 0..<text.count, isWindows: self == .windows1252, at: text.count)
    return length.map { Array(bytes[text.count..<text.count + $0]) } ?? text
  }
}

extension Dialect {
  /// The dialect in the scanner's terms.
  var scan: ScanDialect {
    switch separator {
    case .byte(let byte): ScanDialect(separator: byte, quote: quote, comment: comment)
    case .blanks: ScanDialect(separator: nil, quote: quote, comment: comment)
    }
  }
}
