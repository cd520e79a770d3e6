// Rows chosen by their values: exact ranks by the digits of keys, rows left out, independent draws.

internal import CBridge

/// Keys of values that are counted by some of their bits, to select ranks by.
///
/// The unsigned order of keys is the order of values; see `cb_family_histogram_f32`.
public struct KeyDigits: Sendable {
  /// For each label the bits of its key that are settled, the others 0.
  public var prefixes: [UInt64]
  /// The position of the lowest bit that is counted.
  public var shift: Int
  /// How many bits are counted.
  public var bits: Int

  /// Names the bits.
  public init(prefixes: [UInt64], shift: Int, bits: Int) {
    self.prefixes = prefixes
    self.shift = shift
    self.bits = bits
  }

  /// The value that has this key.
  public static func value<Value: ClusterValue>(_ key: UInt64) -> Value {
    let sign: UInt64 = 1 << 63
    return Value(Double(bitPattern: key & sign == 0 ? ~key : key ^ sign))
  }
}

extension ClusterRows {
  /// Counts some bits of the keys of one column's values, by label.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - column: Which column.
  ///   - labels: Indices below k, or ``leftOutLabel``.
  ///   - digits: Which bits, and for each label the bits above them that a key must have.
  ///   - counts: For each label 2^bits counts, added to.
  public func countDigits(
    block: Int,
    column: Int,
    labels: RowBuffer<UInt16>,
    digits: KeyDigits,
    counts: inout [UInt32]
  ) {
    let taken = rows(ofBlock: block)
    precondition((0..<columnCount).contains(column), "there is no such column")
    precondition(labels.rowCount == rowCount, "labels and rows differ in number")
    // SAFETY: the block lies within the column and the labels.
    unsafe count(
      values.base + column * values.stride + taken.lowerBound,
      taken.count,
      labels.base + taken.lowerBound,
      digits,
      &counts
    )
  }

  /// Counts some bits of the keys of one block's gaps.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - gaps: One value a row.
  ///   - digits: Which bits; it has one prefix.
  ///   - counts: 2^bits counts, added to.
  public func countDigits(
    block: Int,
    gaps: RowBuffer<Value>,
    digits: KeyDigits,
    counts: inout [UInt32]
  ) {
    let taken = rows(ofBlock: block)
    precondition(gaps.rowCount == rowCount, "gaps and rows differ in number")
    // SAFETY: the block lies within the gaps.
    unsafe count(gaps.base + taken.lowerBound, taken.count, nil, digits, &counts)
  }

  private func count(
    _ values: UnsafePointer<Value>,
    _ rowCount: Int,
    _ labels: UnsafePointer<UInt16>?,
    _ digits: KeyDigits,
    _ counts: inout [UInt32]
  ) {
    precondition(counts.count == digits.prefixes.count << digits.bits, "counts do not fit the bits")
    // SAFETY: both arrays outlive the call; labels are below the number of prefixes.
    unsafe digits.prefixes.withUnsafeBufferPointer { prefixes in
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        guard let prefixes = prefixes.baseAddress, let counts = counts.baseAddress else { return }
        unsafe Value.familyKernels.histogram(
          values,
          rowCount,
          labels,
          prefixes,
          UInt32(digits.shift),
          UInt32(digits.bits),
          counts
        )
      }
    }
  }

  /// Leaves out the rows of one block whose gap is above a threshold.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - gaps: One value a row.
  ///   - threshold: Rows above it are left out.
  ///   - ties: How many of the first rows that are on it are left out, too.
  ///   - labels: Become ``leftOutLabel`` for such rows.
  public func leaveOut(
    block: Int,
    gaps: RowBuffer<Value>,
    threshold: Value,
    ties: Int,
    labels: RowBuffer<UInt16>
  ) {
    let taken = rows(ofBlock: block)
    precondition(labels.rowCount == rowCount && gaps.rowCount == rowCount, "other rows")
    // SAFETY: the block lies within both buffers; each is written by one worker.
    unsafe Value.familyKernels.leaveOut(
      gaps.base + taken.lowerBound,
      taken.count,
      threshold,
      ties,
      labels.base + taken.lowerBound
    )
  }

  /// Draws each row of one block on its own, with the probability min(1, factor × gap).
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - gaps: One value a row, at least 0.
  ///   - factor: What makes probabilities of them.
  ///   - seed: Where the block's chance comes from.
  /// - Returns: The rows drawn, ascending.
  public func sample(
    block: Int,
    gaps: RowBuffer<Value>,
    factor: Double,
    seed: UInt64
  ) -> [Int] {
    let taken = rows(ofBlock: block)
    precondition(gaps.rowCount == rowCount, "gaps and rows differ in number")
    // SAFETY: the block lies within the gaps; there is room for all of its rows.
    return unsafe Array(unsafeUninitializedCapacity: taken.count) { picked, count in
      guard let to = picked.baseAddress else { return }
      count = unsafe Value.familyKernels.sample(
        gaps.base + taken.lowerBound,
        taken.count,
        factor,
        seed,
        to
      )
    }
    .map { $0 + taken.lowerBound }
  }
}
