import Kernels

/// Reads records one after the other, exactly as ``LedgerReader`` sees them, whatever they mean.
public struct RecordReader: Sendable {
  private let dialect: Dialect
  private let options: ReadOptions

  /// A reader of one dialect.
  public init(dialect: Dialect, options: ReadOptions) {
    self.dialect = dialect
    self.options = options
  }

  /// A record, or what is wrong with the bytes where one should be.
  public enum Item: Hashable, Sendable {
    /// The fields as they read, in UTF-8 from an encoding that was declared; one with a byte that has no
    /// character there is as it stands. Blank lines and comments are no records.
    case record([[UInt8]])
    /// The input ended inside a quoted field of the record that begins here.
    case openQuote(line: Int, byteOffset: UInt64)
  }

  /// The names in the header of a file, in UTF-8; empty without a header.
  public func header(of file: InputFile) throws(ReadError) -> [[UInt8]] {
    let input = try InputOpener(dialect: dialect, options: options).open(file, ordinal: 0)
    return dialect.hasHeader ? input.header : []
  }

  /// Gives every record behind the header to `body`, in order, until it answers false.
  ///
  /// The file is read in splits like any ledger, so the splits can be tried out by their results.
  public func read(_ file: InputFile, _ body: (Item) -> Bool) throws(ReadError) {
    try read(file) { item, _ in body(item) }
  }

  /// As above; what comes with a record tells the physical line that it begins on, by counting.
  func read(_ file: InputFile, _ body: (Item, () -> Int) -> Bool) throws(ReadError) {
    let input: OpenInput
    do throws(ReadError) {
      input = try InputOpener(dialect: dialect, options: options).open(file, ordinal: 0)
    } catch .noHeader {
      return
    }
    let source = PieceSource([input], splitBytes: options.splitBytes)
    var text = SplitText(dialect: dialect.scan)
    var handoff = Handoff(recordBegin: input.dataBegin, lines: 0, identity: IdentityTree())
    while let piece = try next(source, &text) {
      if let range = piece.range, case .ranges(let handle, let fileBytes) = input.storage {
        let target = SplitText.Target(
          handle: handle,
          path: file.path,
          range: range,
          fileBytes: fileBytes,
          dataBegin: input.dataBegin,
          longestRecord: options.longestRecord
        )
        _ = try text.readAhead(target)
        handoff = try text.settle(target, after: handoff)
      }
      guard deliver(text, to: body) else { return }
    }
  }

  private func next(_ source: PieceSource, _ text: inout SplitText) throws(ReadError) -> Piece? {
    do { return try source.next(&text) } catch { throw error.error }
  }

  private func deliver(_ text: SplitText, to body: (Item, () -> Int) -> Bool) -> Bool {
    var index = RowIndex(dialect: dialect.scan)
    index.indexRecords(text.bytes, text.scan)
    for row in 0..<index.rowCount where index.fieldCount(ofRecord: row) > 0 {
      let fields = (0..<index.fieldCount(ofRecord: row)).map {
        dialect.encoding.utf8(of: index.field(text.bytes, text.scan, row: row, column: $0))
      }
      let line = {
        text.line(
          of: index.range(ofRow: row, columnCount: 1, text.scan).lowerBound,
          in: text.bytes
        )
      }
      guard body(.record(fields), line) else { return false }
    }
    guard let open = text.openRecord else { return true }
    let offset = text.originOffset + UInt64(open.lowerBound - SplitText.origin)
    let line = text.line(of: open.lowerBound, in: text.bytes)
    return body(.openQuote(line: line, byteOffset: offset)) { line }
  }
}
