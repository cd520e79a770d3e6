// What a `.npy` file says about itself: a Python dictionary of three entries, as text. Any program may
// have written it, so every size is checked before it is believed; what is not understood is refused.

/// The header of a `.npy` file.
///
/// Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays", versions 1.0 to 3.0.
struct NumpyHeader: Equatable {
  /// What the file begins with.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Bytes that hold the magic, the version and, in versions from 2 on, the length of the dictionary.
  static let prefixBytes = 12
  /// NumPy itself reads no longer dictionary.
  private static let longestDictionary = 10_000

  /// Whether values have 32 bits, not 64.
  var isFloat32: Bool
  /// Whether columns, not rows, are together.
  var isColumnMajor: Bool
  /// Rows.
  var rowCount: Int
  /// Columns; 1 for an array of one axis.
  var columnCount: Int

  /// Bytes of all values.
  var byteCount: UInt64 { UInt64(rowCount * columnCount * (isFloat32 ? 4 : 8)) }

  /// Where the dictionary stands.
  ///
  /// - Parameter prefix: The first ``prefixBytes`` bytes of the file, or all that there are.
  /// - Returns: The range of bytes of the file.
  /// - Throws: ``MatrixProblem/badHeader(_:)``.
  static func dictionaryRange(_ prefix: [UInt8]) throws(MatrixProblem) -> Range<Int> {
    guard prefix.starts(with: magic), prefix.count == prefixBytes else {
      throw .badHeader("it does not begin as one")
    }
    let version = prefix[6]
    guard (1...3).contains(version) else {
      throw .badHeader("version \(version) is not known")
    }
    let lengthBytes = version == 1 ? 2 : 4
    let length = (0..<lengthBytes).reduce(0) { $0 | Int(prefix[8 + $1]) << (8 * $1) }
    guard length <= longestDictionary else {
      throw .badHeader("its header claims \(length) bytes")
    }
    return 8 + lengthBytes..<8 + lengthBytes + length
  }

  /// Reads the dictionary.
  ///
  /// - Throws: ``MatrixProblem``.
  init(dictionary bytes: [UInt8]) throws(MatrixProblem) {
    var text = PythonText(bytes)
    var type: String?
    var isColumnMajor: Bool?
    var shape: [Int]?
    try text.take("{")
    while !text.takes("}") {
      let key = try text.string()
      try text.take(":")
      switch key {
      case "descr" where type == nil: type = try text.type()
      case "fortran_order" where isColumnMajor == nil: isColumnMajor = try text.bool()
      case "shape" where shape == nil: shape = try text.tuple()
      default: throw .badHeader("the entry '\(key.prefix(20))' is not known, or stands twice")
      }
      guard text.takes(",") else {
        try text.take("}")
        break
      }
    }
    try text.end()
    guard let type, let isColumnMajor, let shape else {
      throw .badHeader("one of 'descr', 'fortran_order' and 'shape' is missing")
    }
    guard type == "<f4" || type == "<f8" else { throw .badType(found: String(type.prefix(20))) }
    guard (1...2).contains(shape.count) else { throw .badAxes(count: shape.count) }
    isFloat32 = type == "<f4"
    self.isColumnMajor = isColumnMajor
    rowCount = shape[0]
    columnCount = shape.count == 2 ? shape[1] : 1
    let (count, overflows) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard !overflows, count <= Int.max / 8 else {
      throw .badHeader("\(rowCount) × \(columnCount) values are more than memory can have")
    }
  }
}

/// The few literals of Python that a header is made of.
private struct PythonText {
  private var rest: ArraySlice<UInt8>
  private static let blanks = Array(" \t\n\r".utf8)

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  private mutating func skipBlanks() {
    rest = rest.drop { Self.blanks.contains($0) }
  }

  /// Whether a mark comes next; it is taken then.
  mutating func takes(_ mark: Character) -> Bool {
    skipBlanks()
    guard let byte = mark.asciiValue, rest.first == byte else { return false }
    rest = rest.dropFirst()
    return true
  }

  mutating func take(_ mark: Character) throws(MatrixProblem) {
    guard takes(mark) else { throw .badHeader("a '\(mark)' is missing") }
  }

  mutating func end() throws(MatrixProblem) {
    skipBlanks()
    guard rest.isEmpty else { throw .badHeader("something follows its entries") }
  }

  /// Letters, digits and marks between two quotes, without escapes.
  mutating func string() throws(MatrixProblem) -> String {
    skipBlanks()
    guard let quote = rest.first, Array("'\"".utf8).contains(quote) else {
      throw .badHeader("a text is missing")
    }
    rest = rest.dropFirst()
    guard let end = rest.firstIndex(of: quote) else { throw .badHeader("a text never ends") }
    let text = rest[..<end]
    rest = rest[(end + 1)...]
    guard text.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }) else {
      throw .badHeader("a text has bytes of no name")
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A type; one of several fields is a list, and named so.
  mutating func type() throws(MatrixProblem) -> String {
    skipBlanks()
    guard rest.first != UInt8(ascii: "[") else { throw .badType(found: "a structured array") }
    return try string()
  }

  mutating func bool() throws(MatrixProblem) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
      rest = rest.dropFirst(word.utf8.count)
      return value
    }
    throw .badHeader("'fortran_order' is neither True nor False")
  }

  mutating func tuple() throws(MatrixProblem) -> [Int] {
    var numbers: [Int] = []
    try take("(")
    while !takes(")") {
      numbers.append(try number())
      guard takes(",") else {
        try take(")")
        break
      }
    }
    return numbers
  }

  /// Digits; Python 2 wrote an L behind them.
  private mutating func number() throws(MatrixProblem) -> Int {
    skipBlanks()
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
      throw .badHeader("its shape is not of whole numbers that fit memory")
    }
    rest = rest[digits.endIndex...]
    _ = takes("L")
    return number
  }
}
