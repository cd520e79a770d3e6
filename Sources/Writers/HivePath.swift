/// Names of partition folders, as Apache Hive and Apache Spark write and read them.
public enum HivePath {
  /// The folder name of one value of a partition column, `column=value`.
  ///
  /// A value without bytes is `__HIVE_DEFAULT_PARTITION__`. Escaped bytes come out as `%` and two
  /// upper-case hexadecimal digits; everything else, UTF-8 included, stays as it is. No value can name
  /// another folder: slashes are escaped, and `.` and `..` follow the column's name.
  ///
  /// Source: Hive's `FileUtils.escapePathName`, Spark's `ExternalCatalogUtils.escapePathName`.
  public static func folder(column: String, value: String) -> String {
    let name = value.isEmpty ? "__HIVE_DEFAULT_PARTITION__" : escape(value)
    return "\(escape(column))=\(name)"
  }

  /// The value with reserved characters escaped.
  public static func escape(_ value: String) -> String {
    var escaped: [UInt8] = []
    for byte in value.utf8 {
      if isReserved(byte) {
        escaped += [UInt8(ascii: "%"), hexadecimal(byte >> 4), hexadecimal(byte & 15)]
      } else {
        escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  private static let reserved = Set("\"#%'*/:=?\\{[]^\u{7F}".utf8)

  private static func isReserved(_ byte: UInt8) -> Bool {
    byte < 0x20 || reserved.contains(byte)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
  }
}
