// BLAS adds in the order that suits the processor, so its sums differ in their last bits. Here it gets
// whole numbers, so small that no sum of theirs is ever rounded: then every order gives the same bits.
// Each value is cut into three parts of 18 bits, counted from the largest value of its column, and the
// products of all parts are put together again in a fixed order (K. Ozaki et al., "Error-free
// transformations of matrix multiplication by using fast routines of matrix multiplication and its
// applications", Numerical Algorithms 59, 2012).
//
// A part is at most 2^18, so a chunk of 2^15 rows adds up to at most 2^51, below the 2^53 of a double.

internal import Kernels

/// Sums of products of columns, to the last bits of a double and the same on every machine.
struct ExactMoments: Sendable {
  private static let partBits = 18
  private static let partCount = 3

  private let rowCount: Int
  private let values: [Double]
  /// What one whole number of the first part stands for, one a column; powers of two.
  private let units: [Double]

  /// Takes n × d values, column-major.
  init(_ values: [Double], rowCount: Int, columnCount: Int, workers: Workers) {
    precondition(values.count == rowCount * columnCount, "values are not n × d")
    self.rowCount = rowCount
    self.values = values
    units = (0..<columnCount).map { column in
      let rows = column * rowCount..<(column + 1) * rowCount
      let range = ColumnFigures(values, rows: rows, workers: workers).range()
      // Far below, squares vanish.
      let largest = max(range.highest.magnitude, range.lowest.magnitude, 0x1p-900)
      let exponent = min(largest, .greatestFiniteMagnitude).exponent + 1
      return Double(sign: .plus, exponent: exponent - Self.partBits, significand: 1)
    }
  }

  private var columnCount: Int { units.count }
  /// Columns of a chunk that is cut into parts.
  private var width: Int { columnCount * Self.partCount }

  /// Xᵀ · X, d × d, both triangles.
  ///
  /// - Throws: ``KernelError/numeric`` when a sum is not finite.
  func sums(workers: Workers) throws(KernelError) -> [Double] {
    let length = ColumnFigures.chunkLength
    let chunks = try workers.map(blocks: (rowCount + length - 1) / length) {
      chunk throws(KernelError) in
      try partMoments(of: chunk * length..<min(rowCount, (chunk + 1) * length))
    }
    var moments = Array(repeating: 0.0, count: width * width)
    for chunk in chunks {
      for index in moments.indices { moments[index] += chunk[index] }
    }
    var sums: [Double] = []
    for column in 0..<columnCount {
      for row in 0..<columnCount { sums.append(sum(moments, row, column)) }
    }
    guard sums.allSatisfy(\.isFinite) else { throw .numeric }
    return sums
  }

  /// The products of all parts with each other; the lower triangle counts.
  private func partMoments(of rows: Range<Int>) throws(KernelError) -> [Double] {
    var moments = Array(repeating: 0.0, count: width * width)
    try BLAS.addMoments(
      parts(of: rows).span,
      stride: rows.count,
      rowCount: rows.count,
      columnCount: width,
      to: &moments
    )
    return moments
  }

  /// Whole numbers, the three parts of a column one after another.
  private func parts(of rows: Range<Int>) -> [Double] {
    let shift = Double(1 << Self.partBits)
    var parts: [Double] = []
    parts.reserveCapacity(rows.count * width)
    for column in 0..<columnCount {
      var rest = rows.map { values[column * rowCount + $0] / units[column] }
      for _ in 0..<Self.partCount {
        let part = rest.map { $0.rounded() }
        for row in rest.indices { rest[row] = (rest[row] - part[row]) * shift }
        parts += part
      }
    }
    return parts
  }

  /// One sum of products from those of the parts, the smallest first.
  private func sum(_ moments: [Double], _ row: Int, _ column: Int) -> Double {
    var sum = 0.0
    for depth in (0...2 * (Self.partCount - 1)).reversed() {
      for part in max(0, depth - Self.partCount + 1)...min(depth, Self.partCount - 1) {
        let one = row * Self.partCount + part
        let other = column * Self.partCount + depth - part
        let moment = moments[min(one, other) * width + max(one, other)]
        sum += moment * Double(sign: .plus, exponent: -depth * Self.partBits, significand: 1)
      }
    }
    return sum * units[row] * units[column]
  }
}
