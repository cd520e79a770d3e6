internal import CBridge

/// Why a kernel could not do its work.
public enum KernelError: Error, Equatable, Sendable {
  /// A size is zero or contradicts another.
  case badShape
  /// A size or a sum does not fit its type.
  case overflow
  /// An output buffer is too small.
  case noSpace
  /// The input's bytes are not what they should be.
  case badData
  /// LAPACK did not converge, or a matrix is singular.
  case numeric
  /// The system has no more memory to give.
  case noMemory
  /// BLAS was built without threads and is not safe to call from several.
  case serialBLAS
}

/// Turns a status of the C core into a Swift error: the one place that does.
func check(_ status: cb_status) throws(KernelError) {
  switch status {
  case CB_OK: return
  case CB_OVERFLOW: throw .overflow
  case CB_NO_SPACE: throw .noSpace
  case CB_BAD_DATA: throw .badData
  case CB_NUMERIC: throw .numeric
  case CB_SERIAL_BLAS: throw .serialBLAS
  default: throw .badShape
  }
}
