/// A finished file of an output folder.
public struct WrittenFile: Hashable, Sendable {
  /// Where it is, relative to OUT.
  public var path: String
  /// Records behind the header, where it is a table.
  public var rows: Int?
  /// Its length.
  public var bytes: UInt64
  /// Its SHA-256 in hexadecimal digits.
  public var sha256: String
  /// The exact net amount of its rows as a decimal number, where it has customers.
  public var money: String?

  /// Names the facts about a file.
  public init(path: String, rows: Int?, bytes: UInt64, sha256: String, money: String?) {
    self.path = path
    self.rows = rows
    self.bytes = bytes
    self.sha256 = sha256
    self.money = money
  }

  /// The file's entry in the manifest.
  var json: JSONValue {
    [
      "path": .string(path),
      "rows": rows.map(JSONValue.int) ?? .null,
      "bytes": .count(bytes),
      "sha256": .string(sha256),
      "money": money.map(JSONValue.string) ?? .null,
    ]
  }
}
