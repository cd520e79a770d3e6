internal import Kernels
internal import Tables

/// A `.npy` file that holds a matrix of float32 or float64.
struct NumpyFile {
  /// Bytes that are read at a time, a multiple of 8.
  private static let pieceBytes = 4 << 20

  private let path: String
  private let handle: InputHandle
  private let stamp: FileStamp

  /// Whether a file is named or begins as one.
  static func isOne(_ file: InputFile) throws(ReadError) -> Bool {
    guard file.stamp != nil else { return false }
    if file.path.hasSuffix(".npy") { return true }
    let head = try NumpyFile(path: file.path).bytes(at: 0, count: NumpyHeader.magic.count)
    return head == NumpyHeader.magic
  }

  /// Opens the file.
  init(path: String) throws(ReadError) {
    self.path = path
    do throws(SystemError) {
      handle = try InputHandle(path: path)
      stamp = try handle.stamp()
    } catch {
      throw .unreadable(path: path, reason: error)
    }
  }

  /// The matrix, with columns `x1`, `x2` and so on.
  ///
  /// - Throws: ``ReadError/badMatrix(path:_:)`` for a header that is not understood, a size that is not
  ///   the header's, no values, or one that is not finite; ``ReadError/changed(path:)``.
  func matrix() throws(ReadError) -> FeatureMatrix {
    let (header, begin) = try header()
    let expected = UInt64(begin) + header.byteCount
    guard stamp.byteCount == expected else {
      throw .badMatrix(path: path, .badSize(bytes: stamp.byteCount, expected: expected))
    }
    guard header.rowCount > 0, header.columnCount > 0 else {
      throw .badMatrix(path: path, .empty(rows: header.rowCount, columns: header.columnCount))
    }
    var matrix = FeatureMatrix(names: [], columns: [])
    matrix.names = (0..<header.columnCount).map { "x\($0 + 1)" }
    matrix.rowCount = header.rowCount
    matrix.values = try values(header, from: begin)
    try refuseChange()
    return matrix
  }

  private func header() throws(ReadError) -> (NumpyHeader, dataBegin: Int) {
    let prefix = try bytes(at: 0, count: NumpyHeader.prefixBytes)
    let range = try placing { () throws(MatrixProblem) in
      try NumpyHeader.dictionaryRange(prefix)
    }
    let dictionary = try bytes(at: UInt64(range.lowerBound), count: range.count)
    return try placing { () throws(MatrixProblem) in
      guard dictionary.count == range.count else {
        throw .badSize(bytes: stamp.byteCount, expected: UInt64(range.upperBound))
      }
      return (try NumpyHeader(dictionary: dictionary), range.upperBound)
    }
  }

  /// All values, one column behind the other.
  private func values(_ header: NumpyHeader, from begin: Int) throws(ReadError) -> [Double] {
    let (size, columns) = (header.isFloat32 ? 4 : 8, header.columnCount)
    let count = header.rowCount * columns
    var values = [Double](repeating: 0, count: count)
    var buffer = [UInt8](repeating: 0, count: Self.pieceBytes)
    for first in stride(from: 0, to: count, by: Self.pieceBytes / size) {
      let taken = min(Self.pieceBytes / size, count - first)
      try fill(&buffer, at: UInt64(begin + first * size), count: taken * size)
      for index in 0..<taken {
        let value = Self.value(buffer, at: index * size, size: size)
        let (row, column) = header.place(of: first + index)
        guard value.isFinite else {
          throw .badMatrix(path: path, .notFiniteValue(row: row + 1, column: column + 1))
        }
        values[column * header.rowCount + row] = value
      }
    }
    return values
  }

  private static func value(_ bytes: [UInt8], at begin: Int, size: Int) -> Double {
    var bits: UInt64 = 0
    for byte in 0..<size { bits |= UInt64(bytes[begin + byte]) << UInt64(8 * byte) }
    return size == 4
      ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
  }

  private func bytes(at offset: UInt64, count: Int) throws(ReadError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    do throws(SystemError) {
      let read = try handle.read(at: offset, count: count, into: &bytes, from: 0)
      return Array(bytes.prefix(read))
    } catch {
      throw .unreadable(path: path, reason: error)
    }
  }

  private func fill(_ buffer: inout [UInt8], at offset: UInt64, count: Int) throws(ReadError) {
    let read: Int
    do throws(SystemError) {
      read = try handle.read(at: offset, count: count, into: &buffer, from: 0)
    } catch {
      throw .unreadable(path: path, reason: error)
    }
    guard read == count else { throw .changed(path: path) }
  }

  private func refuseChange() throws(ReadError) {
    do throws(SystemError) {
      guard try handle.stamp() != stamp else { return }
    } catch {
      throw .unreadable(path: path, reason: error)
    }
    throw .changed(path: path)
  }

  private func placing<Value>(
    _ body: () throws(MatrixProblem) -> Value
  ) throws(ReadError) -> Value {
    do throws(MatrixProblem) {
      return try body()
    } catch {
      throw .badMatrix(path: path, error)
    }
  }
}

extension NumpyHeader {
  /// The row and the column of a value, by how many stand before it in the file.
  fileprivate func place(of index: Int) -> (row: Int, column: Int) {
    let (outer, inner) = index.quotientAndRemainder(
      dividingBy: isColumnMajor ? rowCount : columnCount
    )
    return isColumnMajor ? (inner, outer) : (outer, inner)
  }
}
