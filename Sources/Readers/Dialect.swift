/// How a ledger's bytes are cut into records and fields.
public struct Dialect: Hashable, Sendable {
  /// What stands between two fields.
  public enum Separator: Hashable, Sendable {
    /// One byte, such as a comma, a semicolon or a tab.
    case byte(UInt8)
    /// Any run of spaces and tabs; blanks at either end of a line mean nothing.
    case blanks
  }

  /// How bytes stand for characters.
  public enum Encoding: String, Hashable, Sendable, CaseIterable {
    /// UTF-8, validated.
    case utf8 = "utf-8"
    /// ISO-8859-1: each byte is one character.
    case latin1 = "iso-8859-1"
    /// Windows code page 1252.
    case windows1252 = "windows-1252"
  }

  /// What stands between two fields.
  public var separator: Separator = .byte(UInt8(ascii: ","))
  /// The quote as in RFC 4180, or nil where quotes are ordinary bytes.
  public var quote: UInt8? = UInt8(ascii: "\"")
  /// Lines that begin with this byte are skipped.
  public var comment: UInt8?
  /// Lines to skip before the header or the first record.
  public var preambleLines = 0
  /// Whether the first record names the columns.
  public var hasHeader = true
  /// How bytes stand for characters.
  public var encoding: Encoding = .utf8

  /// RFC 4180 with a header, in UTF-8.
  public init() {}
}
