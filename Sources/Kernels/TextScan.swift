internal import CBridge

/// How bytes are cut into records and fields, as the scanner sees it.
public struct ScanDialect: Hashable, Sendable {
  /// The byte between two fields, or nil for runs of blanks.
  public var separator: UInt8?
  /// The quote as in RFC 4180, or nil.
  public var quote: UInt8?
  /// The first byte of lines that are skipped, or nil.
  public var comment: UInt8?

  /// Names the three bytes.
  public init(separator: UInt8?, quote: UInt8?, comment: UInt8?) {
    self.separator = separator
    self.quote = quote
    self.comment = comment
  }

  var bridged: cb_dialect {
    cb_dialect(
      separator: separator ?? 0,
      quote: quote ?? 0,
      comment: comment ?? 0,
      has_quote: quote != nil,
      has_comment: comment != nil,
      blanks: separator == nil
    )
  }
}

/// Where the separators and line ends of a text stand, found range by range.
///
/// The text has to have ``padding`` readable bytes behind what is scanned. Positions are offsets into
/// the text; the first of them stands before the first record, one below its first byte.
public struct TextScan: Sendable {
  /// Bytes that have to be readable before and behind any text given to a kernel.
  public static let padding = 64

  /// Entries that a scan may write beyond the last position.
  private static let slack = 64

  var positions: [UInt32] = []
  var state = cb_scan_state()
  private let dialect: ScanDialect
  /// Where the first record begins.
  public private(set) var beginning = 0
  /// Where the scan has come to.
  public private(set) var end = 0
  private var isScalar = false

  /// A scan of nothing yet.
  public init(dialect: ScanDialect) {
    self.dialect = dialect
  }

  /// Line ends outside quotes so far: complete records, blank ones too.
  public var recordCount: Int { state.record_count }
  /// Line ends so far, inside quotes too.
  public var lineCount: Int { state.line_count }
  /// Whether a byte above 0x7F was seen.
  public var hasHighBytes: Bool { state.any_high }
  /// Whether the scan stands inside quotes.
  public var isOpen: Bool {
    var state = state
    // SAFETY: the state outlives the call.
    return unsafe cb_scan_is_open(&state)
  }
  /// Positions so far, the one before the first record included.
  var positionCount: Int { state.position_count }

  /// Begins anew with a record at `offset`.
  public mutating func begin(at offset: Int) {
    precondition(offset >= 1 && offset < Int(UInt32.max), "a text begins behind its padding")
    beginning = offset
    end = offset
    isScalar = false
    reset()
  }

  /// Scans on to `newEnd`, where the byte at `newEnd` is the one that follows in the input.
  public mutating func scan(_ bytes: borrowing [UInt8], upTo newEnd: Int) {
    precondition(newEnd + Self.padding <= bytes.count, "the text lacks its padding")
    while end < newEnd {
      switch scanOnce(bytes, upTo: newEnd) {
      case CB_OK: end = newEnd
      case CB_NO_SPACE: grow()
      default: restartScalar()
      }
    }
  }

  /// Where the record ends that the scan stands in, or nil where that is not before `limit`.
  ///
  /// Scans on in growing steps; positions behind that record's end are dropped again.
  public mutating func finishRecord(_ bytes: borrowing [UInt8], limit: Int) -> Int? {
    let records = recordCount
    var step = 256
    while recordCount == records {
      guard end < limit else { return nil }
      scan(bytes, upTo: min(limit, end + step))
      step *= 2
    }
    keepRecords(records + 1, bytes)
    return Int(positions[positionCount - 1]) + 1
  }

  /// Forgets what was found behind the last complete record.
  ///
  /// - Returns: The end of that record, or the beginning where there is none.
  public mutating func dropIncompleteRecord(_ bytes: borrowing [UInt8]) -> Int {
    keepRecords(recordCount, bytes)
    return Int(positions[positionCount - 1]) + 1
  }

  /// Where the record begins that the scan stands in, or the next one.
  public func lastRecordBegin(_ bytes: borrowing [UInt8]) -> Int {
    var index = positionCount - 1
    while index > 0, !isLineEnd(bytes[Int(positions[index])]) { index -= 1 }
    return Int(positions[index]) + 1
  }

  /// Where the first record begins that has more bytes than `limit`, its line end included, if any.
  ///
  /// A line end at `textEnd`, which the input lacks, does not count.
  public func beginOfRecord(
    longerThan limit: Int,
    _ bytes: borrowing [UInt8],
    textEnd: Int
  ) -> Int? {
    var begin = beginning
    for index in 1..<max(1, positionCount) where isLineEnd(bytes[Int(positions[index])]) {
      let end = Int(positions[index]) + 1
      if min(end, textEnd) - begin > limit { return begin }
      begin = end
    }
    return nil
  }

  /// Whether the last byte scanned ended a record, so that none is incomplete.
  public func isBetweenRecords(_ bytes: borrowing [UInt8]) -> Bool {
    end == beginning || (Int(positions[positionCount - 1]) + 1 == end && isLineEnd(bytes[end - 1]))
  }

  private mutating func reset() {
    state = cb_scan_state()
    if positions.isEmpty { positions = [UInt32](repeating: 0, count: 4096) }
    positions[0] = UInt32(beginning - 1)
    state.position_count = 1
  }

  private mutating func scanOnce(_ bytes: borrowing [UInt8], upTo newEnd: Int) -> cb_status {
    var dialect = dialect.bridged
    let kernel = unsafe isScalar ? cb_scan_scalar : cb_scan
    let capacity = positions.count
    // SAFETY: `bytes` holds `newEnd` bytes and the padding behind them, `positions` holds `capacity`
    // entries, and both outlive the call.
    return unsafe bytes.withUnsafeBufferPointer { text in
      unsafe positions.withUnsafeMutableBufferPointer { positions in
        unsafe kernel(
          text.baseAddress,
          end,
          newEnd,
          &dialect,
          capacity,
          &state,
          positions.baseAddress
        )
      }
    }
  }

  private mutating func grow() {
    positions.append(contentsOf: repeatElement(0, count: positions.count + Self.slack))
  }

  /// Quotes stand where only the scalar machine understands them: begin again with it.
  private mutating func restartScalar() {
    isScalar = true
    end = beginning
    reset()
  }

  /// Forgets what was found behind the first `count` records.
  private mutating func keepRecords(_ count: Int, _ bytes: borrowing [UInt8]) {
    var index = positionCount - 1
    var records = recordCount
    while index > 0, records > count || !isLineEnd(bytes[Int(positions[index])]) {
      if isLineEnd(bytes[Int(positions[index])]) { records -= 1 }
      index -= 1
    }
    state.position_count = index + 1
    state.record_count = count
  }

  private func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}

/// Line ends in a range of a text: LF, CR LF and CR alone.
public func lineCount(_ bytes: borrowing [UInt8], in range: Range<Int>) -> Int {
  precondition(range.upperBound < bytes.count, "the byte behind the range is looked at")
  // SAFETY: the range and the byte behind it lie within `bytes`.
  return unsafe bytes.withUnsafeBufferPointer {
    unsafe cb_count_lines($0.baseAddress, range.lowerBound, range.upperBound)
  }
}

/// The first byte in a range of a text that is not part of valid UTF-8, or nil.
public func firstInvalidUTF8(_ bytes: borrowing [UInt8], in range: Range<Int>) -> Int? {
  precondition(range.upperBound <= bytes.count, "the range lies within the text")
  guard !range.isEmpty else { return nil }
  // SAFETY: the range lies within `bytes` and is not empty, so there is a base address.
  let valid = unsafe bytes.withUnsafeBufferPointer { text -> Int in
    guard let base = text.baseAddress else { return 0 }
    return unsafe cb_invalid_utf8(base + range.lowerBound, range.count)
  }
  return valid == range.count ? nil : range.lowerBound + valid
}
