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

  /// Coordinates of some rows along axes, X · A.
  ///
  /// - Parameters:
  ///   - rows: m × d, column-major, `stride` apart, from the first of the m rows to the end.
  ///   - stride: Values from one column to the next.
  ///   - rowCount: m.
  ///   - columnCount: d.
  ///   - axes: d × p, column-major: each column one axis.
  /// - Returns: m × p coordinates, column-major.
  /// - Throws: ``KernelError/badShape`` when a size is 0 or too large for BLAS.
  public static func project(
    _ rows: Span<Double>,
    stride: Int,
    rowCount: Int,
    columnCount: Int,
    axes: [Double]
  ) throws(KernelError) -> [Double] {
    precondition(rows.count >= (columnCount - 1) * stride + rowCount, "rows are not m × d")
    precondition(axes.count % columnCount == 0, "axes are not d × p")
    let axisCount = axes.count / columnCount
    var scores = Array(repeating: 0.0, count: rowCount * axisCount)
    // SAFETY: the three buffers outlive the call and hold what the preconditions say.
    let status = unsafe rows.withUnsafeBufferPointer { rows in
      unsafe axes.withUnsafeBufferPointer { axes in
        unsafe scores.withUnsafeMutableBufferPointer { scores in
          guard let rows = rows.baseAddress, let axes = axes.baseAddress,
            let scores = scores.baseAddress
          else { return CB_BAD_SHAPE }
          return unsafe cb_blas_project(
            rows,
            stride,
            rowCount,
            columnCount,
            axes,
            axisCount,
            scores,
            rowCount
          )
        }
      }
    }
    try check(status)
    return scores
  }

  /// Eigenvalues and unit eigenvectors of a symmetric matrix, by LAPACK's `dsyev`.
  ///
  /// - Parameters:
  ///   - matrix: d × d, column-major; only the lower triangle is read.
  ///   - size: d.
  /// - Returns: d eigenvalues, ascending, and d × d eigenvectors, column i belonging to value i.
  /// - Throws: ``KernelError/numeric`` when it did not converge, ``KernelError/badShape`` for d = 0.
  public static func symmetricEigen(
    _ matrix: [Double],
    size: Int
  ) throws(KernelError) -> (values: [Double], vectors: [Double]) {
    precondition(matrix.count == size * size, "the matrix is not d × d")
    var vectors = matrix
    var values = Array(repeating: 0.0, count: size)
    // SAFETY: both buffers outlive the call and hold d × d and d values.
    let status = unsafe vectors.withUnsafeMutableBufferPointer { vectors in
      unsafe values.withUnsafeMutableBufferPointer { values in
        guard let vectors = vectors.baseAddress, let values = values.baseAddress else {
          return CB_BAD_SHAPE
        }
        return unsafe cb_lapack_symmetric_eigen(vectors, size, values)
      }
    }
    try check(status)
    return (values, vectors)
  }
}
