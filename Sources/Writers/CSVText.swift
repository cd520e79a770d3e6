/// A table as CSV, built up in memory: RFC 4180 with LF, for tables of figures.
public struct CSVText: Equatable, Sendable {
  /// The table so far.
  public private(set) var bytes: [UInt8]

  /// A table with these columns and no rows.
  public init(header: [String]) {
    bytes = csvHeader(header)
  }

  /// Appends a row.
  public mutating func append(_ cells: [String]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if !cell.isEmpty, cell.utf8.allSatisfy(Self.isPlain) {
        bytes += cell.utf8
      } else {
        bytes += csvField(cell.utf8)
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Bytes that are never quoted: most cells are made of these alone.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
