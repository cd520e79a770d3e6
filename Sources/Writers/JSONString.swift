/// Strings of JSON, as every part of the program writes them.
public enum JSONString {
  private static let hexDigits = Array("0123456789abcdef".utf8)

  /// Adds a quoted string.
  ///
  /// Escaped are the quote, the backslash, and every control character: those below U+0020, U+007F and
  /// U+0080 to U+009F.
  public static func append(_ utf8: some Sequence<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    for byte in utf8 {
      switch byte {
      case 0x22: bytes += [0x5C, 0x22]
      case 0x5C: bytes += [0x5C, 0x5C]
      case 0x0A: bytes += [0x5C, 0x6E]
      case 0x0D: bytes += [0x5C, 0x72]
      case 0x09: bytes += [0x5C, 0x74]
      case ..<0x20, 0x7F: appendCode(byte, to: &bytes)
      // In UTF-8, 0xC2 begins U+0080 to U+00BF, and their second byte is their code.
      case 0x80..<0xA0 where bytes.last == 0xC2:
        bytes.removeLast()
        appendCode(byte, to: &bytes)
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }

  private static func appendCode(_ code: UInt8, to bytes: inout [UInt8]) {
    bytes += [0x5C, 0x75, 0x30, 0x30, hexDigits[Int(code >> 4)], hexDigits[Int(code & 15)]]
  }
}
