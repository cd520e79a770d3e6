import Foundation
import Readers
import Tables
import TestKit
import Testing

/// A `.npy` file as NumPy writes it.
struct NumpyBytes {
  var version: UInt8 = 1
  var type = "<f8"
  var isColumnMajor = false
  var shape = "(2, 3)"
  var values: [Double] = [1, 2, 3, 4, 5, 6]
  var dictionary: String?

  var bytes: [UInt8] {
    let order = isColumnMajor ? "True" : "False"
    let facts =
      dictionary
      ?? "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    let lengthBytes = version == 1 ? 2 : 4
    let used = 8 + lengthBytes + facts.utf8.count + 1
    let padded = facts + String(repeating: " ", count: (64 - used % 64) % 64) + "\n"
    let length = (0..<lengthBytes).map { UInt8(padded.utf8.count >> (8 * $0) & 255) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(padded.utf8) + data
  }

  private var data: [UInt8] {
    values.flatMap { value -> [UInt8] in
      type == "<f4"
        ? (0..<4).map { UInt8(truncatingIfNeeded: Float(value).bitPattern >> (8 * $0)) }
        : (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
    }
  }
}

private func read(_ bytes: [UInt8]) throws -> MatrixTable {
  try withTemporaryDirectory { folder in try readMatrix(folder.write(bytes, to: "m.npy")) }
}

private func read(_ file: NumpyBytes) throws -> MatrixTable { try read(file.bytes) }

@Suite struct NumpyTests {
  @Test(arguments: [UInt8(1), 2, 3], ["<f4", "<f8"])
  func `rows and columns in either order, every version and type`(
    version: UInt8,
    type: String
  ) throws {
    var file = NumpyBytes(version: version, type: type)
    #expect(try read(file).matrix.values == [1, 4, 2, 5, 3, 6])
    #expect(try read(file).matrix.names == ["x1", "x2", "x3"])
    file.isColumnMajor = true
    #expect(try read(file).matrix.values == [1, 2, 3, 4, 5, 6])
    #expect(try read(file).matrix.rowCount == 2)
  }

  @Test func `one axis is one column`() throws {
    let table = try read(NumpyBytes(shape: "(6,)"))
    #expect(table.matrix.columnCount == 1)
    #expect(table.matrix.values == [1, 2, 3, 4, 5, 6])
  }

  @Test func `a file is known by its first bytes, whatever its name`() throws {
    try withTemporaryDirectory { folder in
      let place = try folder.write(NumpyBytes().bytes, to: "matrix.bin")
      #expect(try readMatrix(place).matrix.rowCount == 2)
    }
  }

  @Test func `more values than a piece holds keep their places`() throws {
    let count = 700_001
    let values = (0..<2 * count).map(Double.init)
    let table = try read(NumpyBytes(shape: "(\(count), 2)", values: values))
    #expect(table.matrix.values[0] == 0 && table.matrix.values[count] == 1)
    #expect(table.matrix.values[count - 1] == Double(2 * count - 2))
    #expect(table.matrix.values[2 * count - 1] == Double(2 * count - 1))
  }

  @Test func `other kinds of numbers are refused by name`() throws {
    for type in [">f8", "<i8", "|O", "<f2", "<c16", "|S3", "<U4"] {
      #expect(try problem { try read(NumpyBytes(type: type)) } == .badType(found: type))
    }
    let fields = NumpyBytes(
      dictionary: "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (6,), }"
    )
    #expect(try problem { try read(fields) } == .badType(found: "a structured array"))
    #expect(try problem { try read(NumpyBytes(shape: "()")) } == .badAxes(count: 0))
    #expect(try problem { try read(NumpyBytes(shape: "(1, 2, 3)")) } == .badAxes(count: 3))
  }

  @Test func `sizes that are not the header's are refused`() throws {
    let whole = NumpyBytes().bytes
    let expected = UInt64(whole.count)
    for count in 0..<whole.count {
      let found = try problem { try read(Array(whole.prefix(count))) }
      #expect(found != nil, "\(count) bytes")
    }
    for (bytes, count) in [(whole.dropLast(), expected - 1), (whole + [0], expected + 1)] {
      #expect(try problem { try read(bytes) } == .badSize(bytes: count, expected: expected))
    }
    for shape in ["(0, 3)", "(2, 0)"] {
      let found = try problem { try read(NumpyBytes(shape: shape, values: [])) }
      #expect(found.map { "\($0)".contains("a matrix needs one of each") } == true)
    }
  }

  @Test func `shapes beyond memory are refused before anything is allocated`() throws {
    for shape in [
      "(9223372036854775807, 1)", "(4294967296, 4294967296)", "(99999999999999999999, 1)",
      "(-2, 3)", "(1000000000, 1000)", "(2.0, 3)",
    ] {
      #expect(try problem { try read(NumpyBytes(shape: shape)) } != nil, "\(shape)")
    }
    var long = NumpyBytes(version: 2).bytes
    long.replaceSubrange(8..<12, with: [255, 255, 255, 255])
    #expect(
      try problem { try read(long) } == .badHeader("its header claims 4294967295 bytes")
    )
  }

  @Test func `values that are not finite are refused with row and column`() throws {
    for value in [Double.nan, .infinity, -.infinity] {
      let found = try problem { try read(NumpyBytes(values: [1, 2, 3, 4, 5, value])) }
      #expect(found == .notFiniteValue(row: 2, column: 3))
    }
  }

  private static let marks = Array("0123456789(){},:'<f84 ".utf8)

  /// Bytes of a good header are changed, taken out, doubled and cut off; whatever comes is a matrix of
  /// the size that the file has, or a refusal.
  @Test func `no broken header does harm`() throws {
    let whole = NumpyBytes().bytes
    try withTemporaryDirectory { folder in
      for seed in 0..<3000 {
        var random = SeededGenerator(seed: UInt64(seed))
        var bytes = whole
        for _ in 0...Int.random(in: 0..<4, using: &random) {
          let place = Int.random(in: 0..<min(90, bytes.count), using: &random)
          switch Int.random(in: 0..<5, using: &random) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(bytes[place], at: place)
          case 3: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
          default: bytes[place] = random.bytes(count: 1, from: Self.marks)[0]
          }
        }
        if seed % 7 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0..<150, using: &random))) }
        let file = try folder.write(bytes, to: "m.npy")
        do {
          let matrix = try readMatrix(file).matrix
          let isSmall = matrix.values.count * 4 <= bytes.count
          #expect(isSmall && matrix.values.allSatisfy(\.isFinite), "seed \(seed)")
          #expect(matrix.values.count == matrix.rowCount * matrix.columnCount, "seed \(seed)")
        } catch ReadError.badMatrix(_, let problem) {
          #expect(!problem.description.isEmpty, "seed \(seed)")
        }
      }
    }
  }
}

@Suite struct RunMatrixTests {
  @Test func `the matrix and the ids of a run`() throws {
    try withTemporaryDirectory { folder in
      try folder.write(NumpyBytes().bytes, to: "out/features/matrix.npy")
      try folder.write("customer_id\n7\n\"8,9\"\n", to: "out/features/customers.csv")
      for path in ["out", "out/"] {
        let table = try readMatrix(folder.child(path))
        #expect(table.ids == ["7", "8,9"])
        #expect(table.matrix.values == [1, 4, 2, 5, 3, 6])
      }
    }
  }

  @Test func `a folder without a matrix is refused for what it is`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("", to: "empty/notes.txt")
      #expect(try problem { try readMatrix(folder.child("empty")) } == .noRun)
      try folder.write("{}", to: "run/manifest.json")
      #expect(try problem { try readMatrix(folder.child("run")) } == .noMatrixInRun)
      try folder.write(NumpyBytes().bytes, to: "odd/features/matrix.npy")
      try folder.write("customer_id\n7\n", to: "odd/features/customers.csv")
      #expect(try problem { try readMatrix(folder.child("odd")) } == .idCount(ids: 1, rows: 2))
    }
  }
}
