internal import Kernels

/// Sums of a column in an order that the row indices fix, whatever the number of workers.
///
/// A chunk of fixed length adds its values in eight lanes by row index, the lanes are added in order,
/// then the chunks in order.
struct ColumnSums: Sendable {
  /// Rows of each chunk but the last; a multiple of the lanes.
  static let chunkLength = 32_768

  let values: [Double]
  let workers: Workers

  /// The sum of (value − centre)^power for a power of 1 or 2.
  func sum(minus centre: Double = 0, squared: Bool = false) -> Double {
    let chunkCount = (values.count + Self.chunkLength - 1) / Self.chunkLength
    let parts = workers.map(blocks: chunkCount) { chunk in
      let end = min(values.count, (chunk + 1) * Self.chunkLength)
      return lanes(chunk * Self.chunkLength..<end, minus: centre, squared: squared)
    }
    return parts.reduce(0, +)
  }

  private func lanes(_ rows: Range<Int>, minus centre: Double, squared: Bool) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    let whole = rows.count / 8 * 8
    for begin in stride(from: rows.lowerBound, to: rows.lowerBound + whole, by: 8) {
      var term = SIMD8<Double>(values[begin..<begin + 8]) - centre
      if squared { term *= term }
      lanes += term
    }
    for (lane, row) in (rows.lowerBound + whole..<rows.upperBound).enumerated() {
      let term = values[row] - centre
      lanes[lane] += squared ? term * term : term
    }
    return (0..<8).reduce(0.0) { $0 + lanes[$1] }
  }
}
