public import Tables

/// A JSON document whose keys keep their order, so that equal documents are equal bytes.
public enum JSONValue: Equatable, Sendable {
  /// One key of an object, and its value.
  public struct Member: Equatable, Sendable {
    /// The key.
    public var key: String
    /// Its value.
    public var value: JSONValue

    /// Pairs a key with a value.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// Nothing.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case int(Int)
  /// A number in the fewest digits that read back as the same double; null where it is not finite.
  case double(Double)
  /// Text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Keys with values, in the order in which they are written.
  case object([Member])

  /// An amount as an exact decimal number, in a string so that no reader rounds it.
  public static func money(_ amount: Money, scale: Int) -> JSONValue {
    .string(amount.decimalString(scale: scale))
  }

  /// A count; beyond what 63 bits hold, its digits in a string.
  public static func count(_ value: some BinaryInteger) -> JSONValue {
    Int(exactly: value).map(JSONValue.int) ?? .string(String(value))
  }

  /// A number, or null.
  public static func optional(_ value: Double?) -> JSONValue {
    value.map(JSONValue.double) ?? .null
  }

  /// The value under a key of an object; nil where there is none.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The document on lines of its own, indented by two blanks, with a line feed at the end.
  public var text: String {
    var text = ""
    write(to: &text, indent: "\n")
    return text + "\n"
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Nothing.
  public init(nilLiteral: ()) { self = .null }
  /// A list.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Keys with values, in the order written.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member(key: $0, value: $1) })
  }
}

extension JSONValue {
  /// Writes the value; `indent` is the line feed and the blanks of its own line, nil within a list of
  /// plain values.
  private func write(to text: inout String, indent: String?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .double(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      let isFlat = elements.allSatisfy(\.isScalar)
      Self.writeList(elements, ("[", "]"), to: &text, indent: isFlat ? nil : indent) {
        $1.write(to: &$0, indent: $2)
      }
    case .object(let members):
      Self.writeList(members, ("{", "}"), to: &text, indent: indent) {
        Self.write($1.key, to: &$0)
        $0 += ": "
        $1.value.write(to: &$0, indent: $2)
      }
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func writeList<Element>(
    _ elements: [Element],
    _ brackets: (open: String, close: String),
    to text: inout String,
    indent: String?,
    _ write: (inout String, Element, String?) -> Void
  ) {
    text += brackets.open
    let inner = indent.map { $0 + "  " }
    for (index, element) in elements.enumerated() {
      if index > 0 { text += inner == nil ? ", " : "," }
      text += inner ?? ""
      write(&text, element, inner)
    }
    if !elements.isEmpty { text += indent ?? "" }
    text += brackets.close
  }

  private static func write(_ string: String, to text: inout String) {
    var bytes: [UInt8] = []
    JSONString.append(string.utf8, to: &bytes)
    text += String(decoding: bytes, as: UTF8.self)
  }
}
