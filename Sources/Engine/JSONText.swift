internal import Writers

/// JSON strings, for lines that are written one by one.
public enum JSONText {
  /// A quoted and escaped string.
  public static func string(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONString.append(text.utf8, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds a quoted and escaped string; bytes that are no UTF-8 are replaced by U+FFFD.
  static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
    if text.allSatisfy({ $0 < 0x80 }) {
      JSONString.append(text, to: &bytes)
    } else {
      JSONString.append(String(decoding: text, as: UTF8.self).utf8, to: &bytes)
    }
  }
}
