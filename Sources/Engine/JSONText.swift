/// JSON strings, for lines that are written one by one.
public enum JSONText {
  private static let hexDigits = Array("0123456789abcdef".utf8)

  /// A quoted and escaped string.
  public static func string(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(Array(text.utf8), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds a quoted and escaped string; bytes that are no UTF-8 are replaced by U+FFFD.
  static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
    let isASCII = text.allSatisfy { $0 < 0x80 }
    let text = isASCII ? text : Array(String(decoding: text, as: UTF8.self).utf8)
    bytes.append(0x22)
    for byte in text {
      switch byte {
      case 0x22: bytes += [0x5C, 0x22]
      case 0x5C: bytes += [0x5C, 0x5C]
      case 0x0A: bytes += [0x5C, 0x6E]
      case 0x0D: bytes += [0x5C, 0x72]
      case 0x09: bytes += [0x5C, 0x74]
      case ..<0x20:
        bytes += [0x5C, 0x75, 0x30, 0x30, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }
}
