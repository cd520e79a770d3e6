internal import Kernels
public import Tables

/// Writes the matrix that is clustered, for other programs.
///
/// `features/matrix.npy` is a NumPy array of float64 in C order, one row a customer, one column a
/// feature; `features/customers.csv` has the customers' ids in the same order.
///
/// Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays", version 1.0.
public struct FeatureWriter: Sendable {
  /// Rows that are transposed at a time: three columns of them stay in the first-level cache.
  private static let blockRows = 1024

  /// A writer.
  public init() {}

  /// Writes the matrix and the ids.
  ///
  /// - Parameters:
  ///   - matrix: One row a customer.
  ///   - customers: The customers in the order of the rows.
  ///   - publication: Where the files go; it lists them.
  /// - Returns: The matrix's file and the ids' file.
  /// - Throws: ``WriteError/abandoned`` or an error of the system.
  @discardableResult
  public func write(
    _ matrix: FeatureMatrix,
    customers: CustomerBatches,
    into publication: Publication
  ) throws(WriteError) -> [WrittenFile] {
    precondition(matrix.rowCount == customers.count, "each customer has a row")
    return [
      try writeMatrix(matrix, to: "features/matrix.npy", into: publication),
      try writeKeys(customers, to: "features/customers.csv", into: publication),
    ]
  }

  private func writeMatrix(
    _ matrix: FeatureMatrix,
    to name: String,
    into publication: Publication
  ) throws(WriteError) -> WrittenFile {
    let file = try publication.makeFile(name)
    try wrapping { () throws(FileError) in
      try file.append(Self.header(rows: matrix.rowCount, columns: matrix.columnCount))
      for begin in stride(from: 0, to: matrix.rowCount, by: Self.blockRows) {
        let rows = begin..<min(matrix.rowCount, begin + Self.blockRows)
        try file.append(littleEndian: Self.transposed(matrix, rows: rows))
      }
    }
    return try publication.finish(file, name: name, rows: matrix.rowCount)
  }

  private func writeKeys(
    _ customers: CustomerBatches,
    to name: String,
    into publication: Publication
  ) throws(WriteError) -> WrittenFile {
    let file = try publication.makeFile(name)
    try wrapping { () throws(FileError) in try file.append(csvHeader(["customer_id"])) }
    for index in 0..<customers.batchCount {
      let keys = customers.batch(at: index).keys
      try file.append([.text(bytes: keys.bytes, ends: keys.ends)], count: keys.count)
    }
    return try publication.finish(file, name: name, rows: customers.count)
  }

  /// The header: magic, version 1.0, and a dictionary padded so that the data begin at a multiple of 64.
  private static func header(rows: Int, columns: Int) -> [UInt8] {
    let facts = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
    let fixed = 10
    let padding = (64 - (fixed + facts.utf8.count + 1) % 64) % 64
    let dictionary = Array(facts.utf8) + Array(repeating: 0x20, count: padding) + [0x0A]
    let length = UInt16(dictionary.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
      + dictionary
  }

  private static func transposed(_ matrix: FeatureMatrix, rows: Range<Int>) -> [Double] {
    var block: [Double] = []
    block.reserveCapacity(rows.count * matrix.columnCount)
    for row in rows {
      for column in 0..<matrix.columnCount {
        block.append(matrix.values[column * matrix.rowCount + row])
      }
    }
    return block
  }
}
