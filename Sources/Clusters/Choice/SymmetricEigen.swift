/// Eigenvectors of a small symmetric matrix by cyclic Jacobi rotations: plain arithmetic, so the same
/// bits on every machine.
///
/// Source: G. Golub and C. Van Loan, "Matrix Computations", 4th ed., section 8.5.
struct SymmetricEigen {
  /// Sweeps at most; convergence is quadratic, and takes six to ten.
  private static let maxSweeps = 60

  let size: Int
  /// d × d, column i belonging to eigenvalue i; the columns are orthonormal.
  private(set) var vectors: [Double]
  private var matrix: [Double]

  /// - Parameters:
  ///   - matrix: d × d, symmetric, finite.
  ///   - size: d.
  /// - Complexity: O(d³) a sweep.
  init(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size, "the matrix is not d × d")
    self.size = size
    self.matrix = matrix
    vectors = (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 }
    for _ in 0..<Self.maxSweeps where !isDiagonal {
      for row in 0..<size {
        for column in row + 1..<max(row + 1, size) { rotate(row, column) }
      }
    }
  }

  /// d eigenvalues in the order of the vectors.
  var values: [Double] { (0..<size).map { matrix[$0 * size + $0] } }

  private var isDiagonal: Bool {
    matrix.indices.allSatisfy { $0 % (size + 1) == 0 || matrix[$0] == 0 }
  }

  /// Makes one entry beside the diagonal 0; one that adds nothing to either diagonal entry is 0.
  private mutating func rotate(_ p: Int, _ q: Int) {
    let entry = matrix[p * size + q]
    let (first, second) = (matrix[p * size + p], matrix[q * size + q])
    let isNothing =
      first.magnitude + entry.magnitude * 1e-3 == first.magnitude
      && second.magnitude + entry.magnitude * 1e-3 == second.magnitude
    matrix[p * size + q] = 0
    matrix[q * size + p] = 0
    guard !isNothing else { return }
    let slope = (second - first) / (2 * entry)
    let tangent =
      (slope < 0 ? -1 : 1) / (slope.magnitude + (slope * slope + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    matrix[p * size + p] = first - tangent * entry
    matrix[q * size + q] = second + tangent * entry
    for other in 0..<size where other != p && other != q {
      let (left, right) = (matrix[other * size + p], matrix[other * size + q])
      set(other, p, cosine * left - sine * right)
      set(other, q, sine * left + cosine * right)
    }
    for row in 0..<size {
      let (left, right) = (vectors[p * size + row], vectors[q * size + row])
      vectors[p * size + row] = cosine * left - sine * right
      vectors[q * size + row] = sine * left + cosine * right
    }
  }

  private mutating func set(_ row: Int, _ column: Int, _ value: Double) {
    matrix[row * size + column] = value
    matrix[column * size + row] = value
  }
}
