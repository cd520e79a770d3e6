/// A symmetric matrix as Q · T · Qᵀ, T tridiagonal, by rotations in a fixed order.
///
/// It is done here because LAPACK's own reduction takes norms and products from the processor's
/// kernels, whose last bits differ.
///
/// Source: W. Givens, "Computation of plane unitary rotations transforming a general matrix to
/// triangular form", J. SIAM 6(1), 1958.
struct Tridiagonal {
  private let size: Int
  /// Becomes T; d × d, column-major.
  private var matrix: [Double]
  /// Q; d × d, column-major.
  private(set) var basis: [Double]

  /// Reduces a d × d matrix, column-major, both triangles filled.
  ///
  /// - Complexity: O(d³).
  init(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size, "the matrix is not d × d")
    self.size = size
    self.matrix = matrix
    basis = (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 }
    for column in 0..<max(0, size - 2) {
      for row in column + 2..<size { clear(row, column) }
    }
  }

  var diagonal: [Double] { (0..<size).map { matrix[$0 * size + $0] } }
  var offDiagonal: [Double] { (1..<max(1, size)).map { matrix[($0 - 1) * size + $0] } }

  /// Rotates the axes `column + 1` and `row` so that the entry at `row`, `column` becomes zero.
  private mutating func clear(_ row: Int, _ column: Int) {
    let (kept, cleared) = (matrix[column * size + column + 1], matrix[column * size + row])
    guard cleared != 0 else { return }
    let largest = max(kept.magnitude, cleared.magnitude)
    let (x, y) = (kept / largest, cleared / largest)
    let length = (x * x + y * y).squareRoot()
    let (cosine, sine) = (x / length, y / length)
    func rotate(_ values: inout [Double], _ first: Int, _ second: Int) {
      let (one, other) = (values[first], values[second])
      values[first] = cosine * one + sine * other
      values[second] = cosine * other - sine * one
    }
    for index in 0..<size {
      rotate(&matrix, index * size + column + 1, index * size + row)
    }
    for index in 0..<size {
      rotate(&matrix, (column + 1) * size + index, row * size + index)
      rotate(&basis, (column + 1) * size + index, row * size + index)
    }
  }
}
