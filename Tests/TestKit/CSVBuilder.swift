/// Builds delimited text byte by byte, for readers that must get it right.
public struct CSVBuilder: Sendable {
  /// The byte between two fields.
  public var delimiter = UInt8(ascii: ",")
  /// The byte around a quoted field; doubled inside it.
  public var quote = UInt8(ascii: "\"")
  /// The bytes that end a record.
  public var lineEnd = Array("\n".utf8)
  /// Whether each field is quoted, needed or not.
  public var quotesAll = false
  /// What was built so far.
  public private(set) var bytes: [UInt8] = []

  /// Starts with no bytes.
  public init(lineEnd: String = "\n", quotesAll: Bool = false) {
    self.lineEnd = Array(lineEnd.utf8)
    self.quotesAll = quotesAll
  }

  /// Puts the mark that some programs write before UTF-8 text.
  public mutating func byteOrderMark() {
    bytes += [0xEF, 0xBB, 0xBF]
  }

  /// Appends bytes as they are.
  public mutating func raw(_ text: String) {
    bytes += Array(text.utf8)
  }

  /// Appends one record, quoting the fields that need it.
  public mutating func row(_ fields: [String]) {
    row(fields.map { Array($0.utf8) })
  }

  /// Appends one record of any bytes, quoting the fields that need it.
  public mutating func row(_ fields: [[UInt8]]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(delimiter) }
      append(field)
    }
    bytes += lineEnd
  }

  private mutating func append(_ field: [UInt8]) {
    let special = [delimiter, quote, UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    guard quotesAll || field.contains(where: special.contains) else {
      bytes += field
      return
    }
    bytes.append(quote)
    for byte in field {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}

/// Records of RFC 4180 text, field by field and unquoted: short and slow, to compare readers with.
///
/// A line of no bytes is no record; a quoted field may hold line ends.
public func parseCSV(
  _ bytes: [UInt8],
  delimiter: UInt8 = UInt8(ascii: ",")
) -> [[[UInt8]]] {
  var parser = ReferenceParser(delimiter: delimiter)
  for byte in bytes { parser.take(byte) }
  return parser.finish()
}

/// The state machine of RFC 4180, one byte at a time.
private struct ReferenceParser {
  let delimiter: UInt8
  private let quote = UInt8(ascii: "\"")
  private var records: [[[UInt8]]] = []
  private var record: [[UInt8]] = []
  private var field: [UInt8] = []
  private var isQuoted = false
  private var wasQuoted = false
  private var sawQuoteInside = false
  private var sawReturn = false

  init(delimiter: UInt8) {
    self.delimiter = delimiter
  }

  mutating func take(_ byte: UInt8) {
    if isQuoted {
      if sawQuoteInside {
        sawQuoteInside = false
        if byte == quote { return field.append(byte) }
        isQuoted = false
      } else if byte == quote {
        sawQuoteInside = true
        return
      } else {
        return field.append(byte)
      }
    }
    takeOutside(byte)
  }

  private mutating func takeOutside(_ byte: UInt8) {
    let followsReturn = sawReturn
    sawReturn = byte == UInt8(ascii: "\r")
    switch byte {
    case UInt8(ascii: "\n") where followsReturn: break
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endRecord()
    case delimiter: endField()
    case quote where field.isEmpty && !wasQuoted:
      isQuoted = true
      wasQuoted = true
    default: field.append(byte)
    }
  }

  private mutating func endField() {
    record.append(field)
    field = []
    wasQuoted = false
  }

  private mutating func endRecord() {
    guard !record.isEmpty || !field.isEmpty || wasQuoted else { return }
    endField()
    records.append(record)
    record = []
  }

  mutating func finish() -> [[[UInt8]]] {
    endRecord()
    return records
  }
}
