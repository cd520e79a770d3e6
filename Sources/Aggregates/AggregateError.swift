internal import Kernels

/// Why customers could not be formed.
public enum AggregateError: Error, Equatable, Sendable {
  /// A batch contradicts itself: a field outside its bytes, or columns of different lengths.
  case badBatch(fileOrdinal: UInt32, originOffset: UInt64)
  /// A key is 2 GiB or longer, or a partition has 2^32 order-days or more.
  case tooLarge
  /// The system has no more memory to give.
  case outOfMemory

  /// Says in the terms of this stage what a kernel refused.
  init(_ error: KernelError, fileOrdinal: UInt32 = 0, originOffset: UInt64 = 0) {
    switch error {
    case .noMemory, .noSpace: self = .outOfMemory
    case .overflow: self = .tooLarge
    case .badShape, .badData, .numeric, .serialBLAS:
      self = .badBatch(fileOrdinal: fileOrdinal, originOffset: originOffset)
    }
  }
}
