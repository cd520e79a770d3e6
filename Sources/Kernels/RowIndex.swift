internal import CBridge

/// What is wrong with a field.
///
/// Raw values are those of `cb_fault`.
public enum FieldFault: UInt8, Hashable, Sendable {
  /// Not a number as declared.
  case number = 1
  /// More decimals than declared.
  case decimals = 2
  /// Does not fit 64 bits.
  case overflow = 3
  /// Not a time as declared.
  case time = 4
}

/// The rows of a scanned text, and the records that are none.
///
/// Columns are written into arrays of the caller's, which grow to at least ``rowCount`` entries.
public struct RowIndex: Sendable {
  /// A record that is no row.
  public struct OddRecord: Hashable, Sendable {
    /// Its bytes in the text, without its line end.
    public var range: Range<Int>
    /// Its fields; 0 for blank lines and comments.
    public var fieldCount: Int
  }

  /// Rows with the expected number of fields.
  public private(set) var rowCount = 0
  /// How many records are no rows.
  public private(set) var oddCount = 0
  private let dialect: ScanDialect
  private var firsts: [UInt32] = []
  private var odd: [UInt32] = []
  private var oddFields: [UInt32] = []
  private var knotty: [UInt32] = []

  /// An index of nothing yet.
  public init(dialect: ScanDialect) {
    self.dialect = dialect
  }

  /// Tells the rows of a scanned text from its odd records.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - scan: What was found in it.
  ///   - columnCount: Fields that a row has, at least 1.
  public mutating func index(
    _ bytes: borrowing [UInt8],
    _ scan: borrowing TextScan,
    columnCount: Int
  ) {
    precondition(columnCount >= 1, "a row has a field")
    let records = scan.recordCount
    firsts.grow(to: records)
    odd.grow(to: records)
    oddFields.grow(to: records)
    var dialect = dialect.bridged
    // SAFETY: every position lies within `bytes`; the three lists hold `records` entries.
    unsafe bytes.withUnsafeBufferPointer { text in
      unsafe scan.positions.withUnsafeBufferPointer { positions in
        unsafe cb_index_rows(
          text.baseAddress,
          positions.baseAddress,
          scan.positionCount,
          records,
          UInt32(columnCount),
          &dialect,
          &firsts,
          &odd,
          &oddFields,
          &rowCount,
          &oddCount
        )
      }
    }
  }

  /// Takes every record as a row, however many fields it has; blank lines and comments have none.
  public mutating func indexRecords(_ bytes: borrowing [UInt8], _ scan: borrowing TextScan) {
    index(bytes, scan, columnCount: Int(UInt32.max))
    swap(&firsts, &odd)
    rowCount = oddCount
    oddCount = 0
  }

  /// Fields of a record, after ``indexRecords(_:_:)``.
  public func fieldCount(ofRecord record: Int) -> Int { Int(oddFields[record]) }

  /// One of the records that are no rows.
  public func oddRecord(_ index: Int, _ scan: borrowing TextScan) -> OddRecord {
    let first = Int(odd[index])
    let fields = Int(oddFields[index])
    let begin = Int(scan.positions[first] &+ 1)
    return OddRecord(range: begin..<Int(scan.positions[first + max(1, fields)]), fieldCount: fields)
  }

  /// The bytes of a row in the text, without its line end.
  public func range(ofRow row: Int, columnCount: Int, _ scan: borrowing TextScan) -> Range<Int> {
    let first = Int(firsts[row])
    return Int(scan.positions[first] &+ 1)..<Int(scan.positions[first + columnCount])
  }

  /// Where a row ends, its line end included.
  public func end(ofRow row: Int, columnCount: Int, _ scan: borrowing TextScan) -> Int {
    Int(scan.positions[Int(firsts[row]) + columnCount]) + 1
  }

  /// A copy of one field, as it reads.
  public func field(
    _ bytes: borrowing [UInt8],
    _ scan: borrowing TextScan,
    row: Int,
    column: Int
  ) -> [UInt8] {
    let longest = longestField(scan, row: row, column: column)
    return unsafe [UInt8](unsafeUninitializedCapacity: longest + 1) { field, count in
      guard let target = field.baseAddress else { return }
      // SAFETY: a field never reads longer than it is written, and it lies within `bytes`.
      count = unsafe withRows(bytes, scan) { unsafe cb_unquote(&$0, row, UInt32(column), target) }
    }
  }

  /// Where each row begins, less `origin`.
  public func beginnings(_ scan: borrowing TextScan, origin: Int, into begins: inout [UInt32]) {
    begins.grow(to: rowCount)
    let shift = UInt32(origin) &- 1
    for row in 0..<rowCount {
      begins[row] = scan.positions[Int(firsts[row])] &- shift
    }
  }

  /// Cuts one column out, quotes taken off.
  ///
  /// - Returns: Rows whose field has quotes inside, and so has to be written anew by ``unquote(_:_:row:column:at:)``.
  public mutating func cut(
    _ bytes: borrowing [UInt8],
    _ scan: borrowing TextScan,
    column: Int,
    begins: inout [UInt32],
    lengths: inout [UInt32]
  ) -> ArraySlice<UInt32> {
    begins.grow(to: rowCount)
    lengths.grow(to: rowCount)
    knotty.grow(to: rowCount + 1)
    var knots = self.knotty
    self.knotty = []
    // SAFETY: the three lists hold a row's entry each.
    let count = unsafe withRows(bytes, scan) { rows in
      unsafe cb_cut_column(&rows, UInt32(column), &begins, &lengths, &knots)
    }
    self.knotty = knots
    return self.knotty[..<count]
  }

  /// Bytes that a field takes at most when it is written anew.
  public func longestField(_ scan: borrowing TextScan, row: Int, column: Int) -> Int {
    let first = Int(firsts[row]) + column
    return Int(scan.positions[first + 1] &- scan.positions[first])
  }

  /// Writes a field as it reads at `offset` of the text, and says how long it is.
  public func unquote(
    _ bytes: inout [UInt8],
    _ scan: borrowing TextScan,
    row: Int,
    column: Int,
    at offset: Int
  ) -> Int {
    let longest = longestField(scan, row: row, column: column)
    precondition(offset + longest + TextScan.padding <= bytes.count, "no room for the field")
    // SAFETY: the field's bytes lie before `offset`, and there is room for all of them behind it.
    return unsafe bytes.withUnsafeMutableBufferPointer { text -> Int in
      guard let base = text.baseAddress else { return 0 }
      return unsafe withRows(UnsafePointer(base), scan) { rows in
        unsafe cb_unquote(&rows, row, UInt32(column), base + offset)
      }
    }
  }

  /// Reads a column of numbers; says how many rows have a fault.
  public func numbers(
    _ bytes: borrowing [UInt8],
    _ scan: borrowing TextScan,
    column: Int,
    syntax: NumberSyntax,
    values: inout [Int64],
    faults: inout [UInt8]
  ) -> Int {
    values.grow(to: rowCount)
    faults.grow(to: rowCount)
    // SAFETY: both lists hold an entry for each row.
    return unsafe withRows(bytes, scan) { rows in
      unsafe syntax.withBridged { format in
        unsafe cb_parse_numbers(&rows, UInt32(column), &format, &values, &faults)
      }
    }
  }

  /// Reads a column of times; says how many rows have a new fault.
  public func times(
    _ bytes: borrowing [UInt8],
    _ scan: borrowing TextScan,
    column: Int,
    syntax: TimeSyntax,
    instants: inout [Int64],
    faults: inout [UInt8]
  ) -> Int {
    instants.grow(to: rowCount)
    faults.grow(to: rowCount)
    // SAFETY: both lists hold an entry for each row.
    return unsafe withRows(bytes, scan) { rows in
      unsafe syntax.withBridged { format in
        unsafe cb_parse_times(&rows, UInt32(column), &format, &instants, &faults)
      }
    }
  }

  private func withRows<Result>(
    _ bytes: borrowing [UInt8],
    _ scan: borrowing TextScan,
    _ body: (inout cb_rows) -> Result
  ) -> Result {
    // SAFETY: the pointer is used within the call alone.
    unsafe bytes.withUnsafeBufferPointer { text in
      unsafe withRows(text.baseAddress, scan, body)
    }
  }

  private func withRows<Result>(
    _ text: UnsafePointer<UInt8>?,
    _ scan: borrowing TextScan,
    _ body: (inout cb_rows) -> Result
  ) -> Result {
    // SAFETY: the pointers are used within the call alone; every position lies within the text.
    unsafe scan.positions.withUnsafeBufferPointer { positions in
      unsafe firsts.withUnsafeBufferPointer { firsts in
        var rows = unsafe cb_rows(
          bytes: text,
          positions: positions.baseAddress,
          firsts: firsts.baseAddress,
          count: rowCount,
          quote: dialect.quote ?? 0,
          any_quote: scan.state.any_quote,
          any_return: scan.state.any_return,
          blanks: dialect.separator == nil
        )
        return unsafe body(&rows)
      }
    }
  }
}

extension Array where Element: FixedWidthInteger {
  /// Makes room for at least `count` entries; what is there stays.
  mutating func grow(to count: Int) {
    guard self.count < count else { return }
    append(contentsOf: repeatElement(0, count: Swift.max(count, self.count * 3 / 2) - self.count))
  }
}

/// Writes text of a one-byte encoding as UTF-8 at `offset` of the same bytes.
///
/// - Parameters:
///   - bytes: Holds the text, and room for three times as much at `offset`.
///   - range: The text.
///   - isWindows: Whether 0x80 to 0x9F are those of Windows-1252.
///   - offset: Where the result goes, behind the text.
/// - Returns: Bytes written, or nil when a byte has no character.
public func transcode(
  _ bytes: inout [UInt8],
  _ range: Range<Int>,
  isWindows: Bool,
  at offset: Int
) -> Int? {
  precondition(range.upperBound <= offset && offset + 3 * range.count <= bytes.count, "no room")
  // SAFETY: source and target lie within `bytes` and do not overlap.
  let written = unsafe bytes.withUnsafeMutableBufferPointer { text -> Int in
    guard let base = text.baseAddress else { return 0 }
    return unsafe cb_transcode(base + range.lowerBound, range.count, isWindows, base + offset)
  }
  return written == Int(bitPattern: UInt.max) ? nil : written
}
