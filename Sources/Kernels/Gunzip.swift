internal import CBridge

/// Decompresses gzip, member after member; CRC and length of each are verified.
@safe public final class Gunzip {
  // SAFETY: owned by this object alone, as large and as aligned as the C core asks for.
  private let memory: UnsafeMutableRawPointer
  /// Whether the input may end here.
  public private(set) var isComplete = false
  /// Bytes that the call that failed had taken.
  public private(set) var takenBeforeDamage = 0

  /// Begins before the first member.
  public init() {
    // SAFETY: as large as the decompressor's state, owned by this object and freed with it.
    unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: cb_gunzip_size(), alignment: 64)
    unsafe cb_gunzip_init(memory)
  }

  deinit {
    unsafe memory.deallocate()
  }

  /// Decompresses what fits.
  ///
  /// - Parameters:
  ///   - input: Compressed bytes.
  ///   - inputRange: Which of them come next.
  ///   - output: Gets the bytes.
  ///   - outputRange: Where they may go.
  /// - Returns: Bytes taken from the input, and bytes given.
  /// - Throws: `badData` when the stream is damaged, or, with ``isComplete``, when a complete member is
  ///   followed by what is none; ``takenBeforeDamage`` tells how far it came.
  public func inflate(
    _ input: borrowing [UInt8],
    _ inputRange: Range<Int>,
    into output: inout [UInt8],
    _ outputRange: Range<Int>
  ) throws(KernelError) -> (taken: Int, given: Int) {
    precondition(
      inputRange.upperBound <= input.count && outputRange.upperBound <= output.count,
      "no room"
    )
    var taken = 0
    var given = 0
    var atEnd = false
    // SAFETY: both ranges lie within their buffers.
    let status = unsafe input.withUnsafeBufferPointer { source -> cb_status in
      unsafe output.withUnsafeMutableBufferPointer { target -> cb_status in
        guard let from = source.baseAddress, let to = target.baseAddress else {
          return CB_BAD_SHAPE
        }
        return unsafe cb_gunzip(
          memory,
          from + inputRange.lowerBound,
          inputRange.count,
          &taken,
          to + outputRange.lowerBound,
          outputRange.count,
          &given,
          &atEnd
        )
      }
    }
    isComplete = atEnd
    takenBeforeDamage = taken
    try check(status)
    return (taken, given)
  }
}
