// A model may come from anywhere: cut off, edited by hand, or meant to do harm. So nothing is taken that
// RFC 8259 does not allow, no key stands twice, nothing nests beyond what a model needs, and no number
// leaves the doubles.

internal import Writers

/// Why bytes are no JSON.
struct JSONProblem: Error, Equatable {
  /// The line, counted from 1.
  var line: Int
  /// What is wrong there.
  var reason: String
}

/// Reads JSON text.
///
/// Source: T. Bray, "The JavaScript Object Notation (JSON) Data Interchange Format", RFC 8259.
struct JSONReader {
  private static let deepest = 32

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  /// The value that some bytes are.
  ///
  /// - Throws: ``JSONProblem`` at the first byte that cannot be.
  static func read(_ bytes: [UInt8]) throws(JSONProblem) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONProblem(line: 1, reason: "bytes that are not UTF-8")
    }
    var reader = JSONReader(bytes: bytes)
    let value = try reader.value()
    reader.skipBlanks()
    guard reader.position == bytes.count else {
      throw reader.problem("something follows the end")
    }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func problem(_ reason: String) -> JSONProblem {
    let lines = bytes[..<min(position, bytes.count)].count { $0 == 0x0A }
    return JSONProblem(line: lines + 1, reason: next == nil ? "it is cut off" : reason)
  }

  private mutating func skipBlanks() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func takes(_ mark: Character) -> Bool {
    skipBlanks()
    guard let byte = next, byte == mark.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func take(_ mark: Character) throws(JSONProblem) {
    guard takes(mark) else { throw problem("a '\(mark)' is missing") }
  }

  private mutating func value() throws(JSONProblem) -> JSONValue {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try nested { reader throws(JSONProblem) in try reader.object() }
    case UInt8(ascii: "["): return try nested { reader throws(JSONProblem) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      return try number()
    default: return try word()
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(JSONProblem) -> JSONValue
  ) throws(JSONProblem) -> JSONValue {
    guard depth < Self.deepest else { throw problem("it nests too deeply") }
    position += 1
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func object() throws(JSONProblem) -> JSONValue {
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    guard !takes("}") else { return .object([]) }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw problem("a key is missing") }
      let key = try string()
      guard keys.insert(key).inserted else {
        throw problem("the key '\(key.prefix(40))' stands twice")
      }
      try take(":")
      members.append(JSONValue.Member(key: key, value: try value()))
    } while takes(",")
    try take("}")
    return .object(members)
  }

  private mutating func array() throws(JSONProblem) -> JSONValue {
    var elements: [JSONValue] = []
    guard !takes("]") else { return .array([]) }
    repeat { elements.append(try value()) } while takes(",")
    try take("]")
    return .array(elements)
  }

  private mutating func word() throws(JSONProblem) -> JSONValue {
    let words: [(String, JSONValue)] = [
      ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
    ]
    for (word, value) in words where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw problem("a value is missing")
  }

  // MARK: - numbers

  private mutating func number() throws(JSONProblem) -> JSONValue {
    let begin = position
    if next == UInt8(ascii: "-") { position += 1 }
    let leading = next
    let digits = skipDigits()
    guard digits > 0, digits == 1 || leading != UInt8(ascii: "0") else {
      throw problem("a number has wrong digits")
    }
    var isWhole = true
    if next == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      guard skipDigits() > 0 else { throw problem("a number has wrong digits") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { position += 1 }
      guard skipDigits() > 0 else { throw problem("a number has wrong digits") }
    }
    let text = String(decoding: bytes[begin..<position], as: UTF8.self)
    if isWhole, let whole = Int(text), text != "-0" { return .int(whole) }
    guard let value = Double(text), value.isFinite else {
      throw problem("the number \(text.prefix(40)) is beyond the doubles")
    }
    return .double(value)
  }

  private mutating func skipDigits() -> Int {
    let begin = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - begin
  }

  // MARK: - strings

  private mutating func string() throws(JSONProblem) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw problem("a control character in a text") }
      position += 1
      if byte == UInt8(ascii: "\\") { text += try escaped() } else { text.append(byte) }
    }
    guard next != nil else { throw problem("it is cut off") }
    position += 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func escaped() throws(JSONProblem) -> [UInt8] {
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
      UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
      UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]
    guard let letter = next else { throw problem("it is cut off") }
    if let byte = plain[letter] {
      position += 1
      return [byte]
    }
    guard letter == UInt8(ascii: "u") else { throw problem("an escape is not known") }
    var code = try codeUnit()
    if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: "\\u".utf8) {
      position += 1
      let low = try codeUnit()
      guard (0xDC00..<0xE000).contains(low) else { throw problem("half a character in a text") }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw problem("half a character in a text") }
    return Array(String(Character(scalar)).utf8)
  }

  /// The four digits behind `u`.
  private mutating func codeUnit() throws(JSONProblem) -> UInt32 {
    let digits = bytes[position...].dropFirst().prefix(4)
    let isHex = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }
    let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    guard digits.count == 4, isHex, let code else { throw problem("an escape has wrong digits") }
    position += 5
    return code
  }
}
