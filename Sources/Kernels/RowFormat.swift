internal import CBridge

/// The values of one column of a table that is to be written, one a row.
///
/// `from` is the position of the table's row 0, where an array holds the rows of other tables too.
public enum TextColumn: Sendable {
  /// Bytes, joined, and the end of each row's; quoted as RFC 4180 says, or where blanks enclose them.
  case text(bytes: [UInt8], ends: [Int])
  /// Microseconds since 1970, written as `2011-12-09T12:50:00`, with a fraction where there is one.
  case instants([Int64])
  /// Whole numbers.
  case integers([Int64], from: Int)
  /// Small whole numbers.
  case scores([UInt8], from: Int)
  /// Amounts in units of 10^-scale.
  case money([Int128], scale: Int, from: Int)
  /// Sums of two amounts.
  case moneySum([Int128], [Int128], scale: Int)
  /// Numbers with six decimals; nothing where one is not finite.
  case decimals([Double], from: Int)
  /// Indices into texts that are written as they are.
  case names(NameTable, [UInt16], from: Int)
}

/// Texts that rows refer to by their index.
public struct NameTable: Sendable {
  fileprivate var bytes: [UInt8] = []
  fileprivate var ends: [Int] = []

  /// A table of texts that are fields of CSV already.
  public init(_ names: [[UInt8]]) {
    for name in names {
      bytes += name
      ends.append(bytes.count)
    }
  }
}

/// Text that grows; its memory is kept when it is emptied.
public struct TextBuffer: Sendable {
  fileprivate var bytes: [UInt8] = []
  /// Bytes of text in it.
  public private(set) var count = 0

  /// An empty buffer.
  public init() {}

  /// The text, or a part of it.
  public func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range] }

  /// Empties it.
  public mutating func removeAll() { count = 0 }

  /// Appends bytes as they are.
  public mutating func append(_ text: [UInt8]) {
    reserve(text.count)
    bytes.replaceSubrange(count..<count + text.count, with: text)
    count += text.count
  }

  /// Gives `body` the text without copying it.
  public func withText<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes.span.extracting(range))
  }

  /// Makes room for this many bytes behind the text.
  fileprivate mutating func reserve(_ room: Int) {
    let missing = count + room - bytes.count
    if missing > 0 { bytes.append(contentsOf: repeatElement(0, count: missing)) }
  }

  fileprivate mutating func appendRows(
    bound: Int,
    _ write: (UnsafeMutablePointer<UInt8>, Int, inout Int) -> cb_status
  ) throws(KernelError) {
    reserve(bound)
    var length = 0
    let used = count
    // SAFETY: the array holds `bytes.count` bytes, of which `used` are kept; `write` stays within the
    // rest, whose size it gets.
    let status = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return CB_NO_SPACE }
      return unsafe write(base + used, buffer.count - used, &length)
    }
    try check(status)
    count += length
  }
}

/// Writes rows of typed columns as CSV.
public struct RowFormat: Sendable {
  private let columns: [TextColumn]
  private let isDefused: Bool
  /// For each column of text, whether no byte of it needs a look.
  private let isPlain: [Bool]
  /// Rows that every column has.
  private let rowCount: Int

  /// Looks over the columns once.
  ///
  /// - Parameters:
  ///   - columns: At least one.
  ///   - isDefused: An apostrophe goes before text that a spreadsheet takes for a formula.
  public init(columns: [TextColumn], isDefused: Bool = false) {
    self.columns = columns
    self.isDefused = isDefused
    rowCount = columns.map(\.rowCount).min() ?? 0
    isPlain = columns.map { column in
      guard case .text(let bytes, _) = column, !isDefused else { return false }
      // SAFETY: the pointer covers the array for the length of the call.
      return unsafe bytes.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return true }
        return unsafe cb_text_is_plain(base, bytes.count) != 0
      }
    }
  }

  /// Appends the rows with these indices, each of which the columns have; none may be there twice.
  ///
  /// - Throws: ``KernelError/overflow`` for a number of 2^127 or more, ``KernelError/badData`` for the
  ///   index of no name, ``KernelError/badShape`` for a scale above 38.
  public func append(
    rows: ArraySlice<UInt32>,
    to buffer: inout TextBuffer
  ) throws(KernelError) {
    guard !rows.isEmpty else { return }
    precondition(rows.allSatisfy { $0 < rowCount }, "a column lacks a row")
    try unsafe append(count: rows.count, to: &buffer) { columns, out, capacity, length in
      // SAFETY: the indices are checked above; pointers are valid for the length of the call.
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe cb_format_rows(
          columns.baseAddress,
          columns.count,
          rows.baseAddress,
          0,
          rows.count,
          out,
          capacity,
          &length
        )
      }
    }
  }

  /// Appends all rows in a range, which the columns have.
  ///
  /// - Throws: As ``append(rows:to:)``.
  public func append(range: Range<Int>, to buffer: inout TextBuffer) throws(KernelError) {
    guard !range.isEmpty else { return }
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "a column lacks a row")
    try unsafe append(count: range.count, to: &buffer) { columns, out, capacity, length in
      // SAFETY: the range is checked above; pointers are valid for the length of the call.
      unsafe cb_format_rows(
        columns.baseAddress,
        columns.count,
        nil,
        range.lowerBound,
        range.count,
        out,
        capacity,
        &length
      )
    }
  }

  private typealias Columns = UnsafeBufferPointer<cb_column>

  private func append(
    count: Int,
    to buffer: inout TextBuffer,
    _ format: (Columns, UnsafeMutablePointer<UInt8>, Int, inout Int) -> cb_status
  ) throws(KernelError) {
    var failure: KernelError?
    // SAFETY: the columns' pointers are valid within the closure, which does not keep them.
    unsafe withColumns(from: 0, described: []) { columns in
      do throws(KernelError) {
        var bound = 0
        try check(
          unsafe cb_format_bound(columns.baseAddress, columns.count, count, textBytes, &bound)
        )
        try unsafe buffer.appendRows(bound: bound) { out, capacity, length in
          unsafe format(columns, out, capacity, &length)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private var textBytes: Int {
    columns.reduce(0) { total, column in
      guard case .text(let bytes, _) = column else { return total }
      return total + bytes.count
    }
  }

  /// Describes the columns from number `index` on, each by a pointer that is valid within `body`.
  private func withColumns(
    from index: Int,
    described: [cb_column],
    _ body: (Columns) -> Void
  ) {
    guard index < columns.count else {
      // SAFETY: the buffer is valid for the length of the call, and `body` does not keep it.
      return unsafe described.withUnsafeBufferPointer { unsafe body($0) }
    }
    // SAFETY: `body` runs within the closures that lend the pointers.
    unsafe columns[index].withDescription { description in
      var description = unsafe description
      unsafe description.is_plain = isPlain[index] ? 1 : 0
      unsafe description.is_defused = isDefused ? 1 : 0
      unsafe withColumns(from: index + 1, described: described + [description], body)
    }
  }
}

extension TextColumn {
  /// How many rows the column has.
  fileprivate var rowCount: Int {
    switch self {
    case .text(_, let ends): ends.count
    case .instants(let values): values.count
    case .integers(let values, let from): values.count - from
    case .scores(let values, let from): values.count - from
    case .money(let values, _, let from): values.count - from
    case .moneySum(let left, let right, _): min(left.count, right.count)
    case .decimals(let values, let from): values.count - from
    case .names(_, let indices, let from): indices.count - from
    }
  }

  /// Lends the column's memory to `body`, which must not keep it.
  fileprivate func withDescription(_ body: (cb_column) -> Void) {
    // SAFETY: each pointer is valid within the closure that lends it, and `body` runs within; `from`
    // lies within the array, as `rowCount` is not negative for a table with rows.
    // SAFETY: each column lends arrays that outlive the call of `body`.
    switch self {
    case .text(let bytes, let ends):
      unsafe Self.lendText(CB_COLUMN_TEXT, bytes: bytes, ends: ends, body)
    case .instants(let values):
      unsafe Self.lend(CB_COLUMN_INSTANT, values, from: 0, body)
    case .integers(let values, let from):
      unsafe Self.lend(CB_COLUMN_INTEGER, values, from: from, body)
    case .scores(let values, let from):
      unsafe Self.lend(CB_COLUMN_SCORE, values, from: from, body)
    case .money(let values, let scale, let from):
      unsafe Self.lend(CB_COLUMN_MONEY, values, from: from) { column in
        var column = unsafe column
        unsafe column.scale = UInt32(scale)
        unsafe body(column)
      }
    case .moneySum(let left, let right, let scale):
      unsafe Self.lend(CB_COLUMN_MONEY_SUM, left, from: 0) { column in
        unsafe right.withUnsafeBufferPointer { right in
          var column = unsafe column
          unsafe column.others = UnsafeRawPointer(right.baseAddress)
          unsafe column.scale = UInt32(scale)
          unsafe body(column)
        }
      }
    case .decimals(let values, let from):
      unsafe Self.lend(CB_COLUMN_DECIMAL, values, from: from, body)
    case .names(let table, let indices, let from):
      // SAFETY: the table outlives the call of `body`, too.
      unsafe Self.lend(CB_COLUMN_NAME, indices, from: from) { column in
        unsafe Self.lendText(CB_COLUMN_NAME, bytes: table.bytes, ends: table.ends) { names in
          var column = unsafe column
          unsafe column.bytes = names.bytes
          unsafe column.ends = names.ends
          unsafe column.name_count = table.ends.count
          unsafe body(column)
        }
      }
    }
  }

  private static func lend<Value>(
    _ kind: cb_column_kind,
    _ values: [Value],
    from: Int,
    _ body: (cb_column) -> Void
  ) {
    // SAFETY: the pointer is valid within the closure, in which `body` runs.
    unsafe values.withUnsafeBufferPointer { values in
      var column = unsafe cb_column()
      unsafe column.kind = kind
      unsafe column.values = values.baseAddress.map { unsafe UnsafeRawPointer($0 + from) }
      unsafe body(column)
    }
  }

  private static func lendText(
    _ kind: cb_column_kind,
    bytes: [UInt8],
    ends: [Int],
    _ body: (cb_column) -> Void
  ) {
    // SAFETY: the pointers are valid within the closures, in which `body` runs. Int is 64 bits wide on
    // every platform that the package builds for.
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe ends.withUnsafeBufferPointer { ends in
        unsafe ends.withMemoryRebound(to: Int64.self) { ends in
          var column = unsafe cb_column()
          unsafe column.kind = kind
          unsafe column.bytes = bytes.baseAddress
          unsafe column.ends = ends.baseAddress
          unsafe body(column)
        }
      }
    }
  }
}
