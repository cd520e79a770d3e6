internal import CBridge

/// What OpenBLAS and LAPACKE do for us, one thread a call.
public enum BLAS {
  /// Sets the library up once for the process, and says whether it may be called at all.
  private static let isThreadSafe = cb_blas_prepare() == CB_OK

  /// Refuses a library that gives wrong products when two workers call it at once.
  ///
  /// - Throws: ``KernelError/serialBLAS`` for a build without threads (`libopenblas0-serial`).
  public static func prepare() throws(KernelError) {
    guard isThreadSafe else { throw .serialBLAS }
  }

  /// The kernels that OpenBLAS took for this processor, such as `SkylakeX`; for `run.json`.
  public static var coreName: String {
    guard let name = unsafe cb_blas_core_name() else { return "unknown" }
    // SAFETY: a constant, zero-terminated string of the library.
    return unsafe String(cString: name)
  }

  /// The library's version and how it was built, such as `OpenBLAS 0.3.21 DYNAMIC_ARCH`.
  public static var build: String {
    guard let text = unsafe cb_blas_build() else { return "unknown" }
    // SAFETY: a constant, zero-terminated string of the library.
    let words = unsafe String(cString: text).split(separator: " ")
    return words.joined(separator: " ")
  }

  /// Adds Xᵀ · X of some rows to a matrix of second moments.
  ///
  /// - Parameters:
  ///   - rows: m × d, column-major, `stride` apart, from the first of the m rows to the end.
  ///   - stride: Values from one column to the next.
  ///   - rowCount: m.
  ///   - columnCount: d.
  ///   - moments: d × d, column-major; only the lower triangle is added to.
  /// - Throws: ``KernelError/badShape`` when a size is 0 or too large for BLAS.
  public static func addMoments(
    _ rows: Span<Double>,
    stride: Int,
    rowCount: Int,
    columnCount: Int,
    to moments: inout [Double]
  ) throws(KernelError) {
    precondition(rows.count >= (columnCount - 1) * stride + rowCount, "rows are not m × d")
    precondition(moments.count == columnCount * columnCount, "moments are not d × d")
    // SAFETY: both buffers outlive the call and hold what the preconditions say.
    let status = unsafe rows.withUnsafeBufferPointer { rows in
      unsafe moments.withUnsafeMutableBufferPointer { moments in
        guard let rows = rows.baseAddress, let moments = moments.baseAddress else {
          return CB_BAD_SHAPE
        }
        return unsafe cb_blas_add_moments(rows, stride, rowCount, columnCount, moments)
      }
    }
    try check(status)
  }

  /// Eigenvalues and unit eigenvectors of Q · T · Qᵀ by LAPACK's `dsteqr`, the same bits on every
  /// machine.
  ///
  /// - Parameters:
  ///   - diagonal: d entries of the symmetric tridiagonal T.
  ///   - offDiagonal: The d − 1 entries beside them.
  ///   - basis: Q, d × d, column-major.
  /// - Returns: d eigenvalues, ascending, and d × d eigenvectors, column i belonging to value i.
  /// - Throws: ``KernelError/numeric`` when it did not converge, ``KernelError/badShape`` for d = 0.
  public static func tridiagonalEigen(
    diagonal: [Double],
    offDiagonal: [Double],
    basis: [Double]
  ) throws(KernelError) -> (values: [Double], vectors: [Double]) {
    let size = diagonal.count
    precondition(offDiagonal.count == max(0, size - 1), "the entries beside it are not d - 1")
    precondition(basis.count == size * size, "the basis is not d × d")
    var values = diagonal
    var beside = offDiagonal + [0]
    var vectors = basis
    // SAFETY: the three buffers outlive the call and hold d, d and d × d values.
    let status = unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe beside.withUnsafeMutableBufferPointer { beside in
        unsafe vectors.withUnsafeMutableBufferPointer { vectors in
          guard let values = values.baseAddress, let beside = beside.baseAddress,
            let vectors = vectors.baseAddress
          else { return CB_BAD_SHAPE }
          return unsafe cb_lapack_tridiagonal_eigen(values, beside, size, vectors)
        }
      }
    }
    try check(status)
    return (values, vectors)
  }

  /// The inverse of the Cholesky factor of a symmetric matrix, through LAPACK's `dpotrf`; the same bits
  /// on every machine.
  ///
  /// - Parameters:
  ///   - matrix: d × d, row-major; only the lower triangle is used.
  ///   - size: d.
  /// - Returns: The lower triangle of L⁻¹ with its diagonal, row by row, where the matrix is L · Lᵀ.
  /// - Throws: ``KernelError/numeric`` when the matrix is not positive definite,
  ///   ``KernelError/badShape`` for d = 0.
  public static func inverseFactor(_ matrix: [Double], size: Int) throws(KernelError) -> [Double] {
    precondition(matrix.count == size * size, "the matrix is not d × d")
    var factor = matrix
    // SAFETY: the buffer outlives the call and holds d × d values.
    let status = unsafe factor.withUnsafeMutableBufferPointer { factor in
      guard let factor = factor.baseAddress else { return CB_BAD_SHAPE }
      return unsafe cb_lapack_inverse_factor(factor, size)
    }
    try check(status)
    return (0..<size).flatMap { factor[$0 * size..<$0 * size + $0 + 1] }
  }
}
