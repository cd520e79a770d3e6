internal import CBridge
internal import Glibc

/// Figures of one column of doubles, in an order that the row indices fix.
///
/// The column is cut into chunks of a fixed length; workers do a chunk each, and the chunks are added
/// in order: so the number of workers changes no bit.
public struct ColumnFigures: Sendable {
  /// Rows of each chunk but the last: enough to pay for waking a thread.
  public static let chunkLength = 32_768

  private let values: [Double]
  private let rows: Range<Int>
  private let workers: Workers

  /// Part of some values, or all of them.
  public init(_ values: [Double], rows: Range<Int>? = nil, workers: Workers) {
    let taken = rows ?? values.indices
    precondition(taken.lowerBound >= 0 && taken.upperBound <= values.count, "no such rows")
    self.values = values
    self.rows = taken
    self.workers = workers
  }

  /// Smallest and largest finite value, and the first row (counted within the column) that is not
  /// finite; infinity and −infinity where there is none.
  public func range() -> (lowest: Double, highest: Double, badRow: Int?) {
    let parts = unsafe chunks { chunk, offset in
      var lowest = Double.infinity
      var highest = -Double.infinity
      // SAFETY: the buffer holds `chunk.count` doubles and outlives the call.
      let bad = unsafe cb_column_range(chunk.baseAddress, chunk.count, &lowest, &highest)
      return (lowest, highest, bad < chunk.count ? offset + bad : nil)
    }
    return parts.reduce((.infinity, -.infinity, nil)) { whole, part in
      (min(whole.0, part.0), max(whole.1, part.1), whole.2 ?? part.2)
    }
  }

  /// Sum of value × scale − centre.
  public func sum(scale: Double = 1, centre: Double = 0) -> Double {
    unsafe chunks { chunk, _ in
      // SAFETY: the buffer holds `chunk.count` doubles and outlives the call.
      unsafe cb_column_sum(chunk.baseAddress, chunk.count, scale, centre)
    }
    .reduce(0, +)
  }

  /// Sum of (value × scale − centre)².
  public func sumOfSquares(scale: Double = 1, centre: Double = 0) -> Double {
    unsafe chunks { chunk, _ in
      // SAFETY: the buffer holds `chunk.count` doubles and outlives the call.
      unsafe cb_column_sum_of_squares(chunk.baseAddress, chunk.count, scale, centre)
    }
    .reduce(0, +)
  }

  /// Calls `body` with each chunk and its offset in the column.
  private func chunks<Value: Sendable>(
    _ body: @Sendable (UnsafeBufferPointer<Double>, Int) -> Value
  ) -> [Value] {
    let count = (rows.count + Self.chunkLength - 1) / Self.chunkLength
    return workers.map(blocks: count) { chunk in
      let offset = chunk * Self.chunkLength
      let end = min(rows.count, offset + Self.chunkLength)
      // SAFETY: the rows were checked against the array, which outlives the call.
      return unsafe values.withUnsafeBufferPointer { all in
        let taken = rows.lowerBound + offset..<rows.lowerBound + end
        return unsafe body(UnsafeBufferPointer(rebasing: all[taken]), offset)
      }
    }
  }
}

/// sign(x) · log(1 + |x|) of each value, the same bits on every machine; takes zero and negative
/// amounts.
public func signedLog1p(_ values: [Double]) -> [Double] {
  // SAFETY: both buffers hold as many doubles as there are values.
  unsafe Array(unsafeUninitializedCapacity: values.count) { result, count in
    unsafe values.withUnsafeBufferPointer { values in
      unsafe cb_column_log1p(values.baseAddress, values.count, result.baseAddress)
    }
    count = values.count
  }
}

/// sign(x) · (e^|x| − 1), the inverse of ``signedLog1p(_:)``, for display.
public func signedExpm1(_ value: Double) -> Double {
  value < 0 ? -expm1(-value) : expm1(value)
}
