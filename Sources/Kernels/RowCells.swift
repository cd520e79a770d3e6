// Rows sorted by the labels that several clusterings give them.
//
// The distances from a point to all rows are the same whatever the clustering; only the clusters that
// they are added up for differ. So the rows are cut into cells, each the rows that have the same label
// in every clustering; the distances to a cell are added up once, and the sum goes to the cell's
// cluster in each clustering. Eleven clusterings cost hardly more than one.

internal import CBridge

/// The kernel that takes values in a given order; only ``ClusterRows`` can call it.
@safe
public struct GatherKernel<Value: ClusterValue>: Sendable {
  let gather:
    @Sendable (
      UnsafePointer<Value>, UnsafePointer<UInt32>, Int, UnsafeMutablePointer<Double>
    ) -> Void
}

extension Float {
  /// The kernel in 32 bits.
  public static var gatherKernel: GatherKernel<Float> {
    // SAFETY: the function is what `GatherKernel` declares; its caller answers for the pointers.
    unsafe GatherKernel { unsafe cb_distances_gather_f32($0, $1, $2, $3) }
  }
}

extension Double {
  /// The kernel in 64 bits.
  public static var gatherKernel: GatherKernel<Double> {
    // SAFETY: the function is what `GatherKernel` declares; its caller answers for the pointers.
    unsafe GatherKernel { unsafe cb_distances_gather_f64($0, $1, $2, $3) }
  }
}

extension ClusterRows {
  /// Some rows as doubles, one column behind the other.
  ///
  /// - Parameters:
  ///   - order: Rows, in any order, any number of times.
  ///   - workers: Copy at once.
  /// - Returns: `order.count` × d values, column-major.
  public func columns(of order: [UInt32], workers: Workers = Workers(count: 1)) -> [Double] {
    let buffer = gathered(order, workers: workers)
    var values: [Double] = []
    values.reserveCapacity(order.count * columnCount)
    for column in 0..<columnCount {
      // SAFETY: each column holds `rowCount` values.
      let from = unsafe UnsafeBufferPointer(
        start: buffer.base + column * buffer.stride,
        count: buffer.rowCount
      )
      unsafe values.append(contentsOf: from)
    }
    return values
  }

  /// Some rows as doubles, in columns for kernels.
  func gathered(_ order: [UInt32], workers: Workers) -> RowBuffer<Double> {
    precondition(order.allSatisfy { Int($0) < rowCount }, "there is no such row")
    let result = RowBuffer<Double>(
      rowCount: order.count,
      columnCount: columnCount,
      filledWith: 0
    )
    let blocks = (order.count + Self.blockRows - 1) / Self.blockRows
    workers.each(blocks: blocks * columnCount) { task in
      let (column, block) = task.quotientAndRemainder(dividingBy: blocks)
      let begin = block * Self.blockRows
      // SAFETY: the rows were checked above; each block of a column is written by one worker.
      unsafe order.withUnsafeBufferPointer { order in
        guard let from = order.baseAddress else { return }
        unsafe Value.gatherKernel.gather(
          values.base + column * values.stride,
          from + begin,
          min(Self.blockRows, order.count - begin),
          result.base + column * result.stride + begin
        )
      }
    }
    return result
  }
}

/// One clustering of the rows.
public struct RowLabels: Sendable {
  /// Indices below `clusterCount`, one a row.
  public var labels: RowBuffer<UInt16>
  /// Clusters.
  public var clusterCount: Int

  /// Names a clustering.
  public init(labels: RowBuffer<UInt16>, clusterCount: Int) {
    self.labels = labels
    self.clusterCount = clusterCount
  }

  /// The rows of each label.
  ///
  /// - Complexity: O(n), one thread.
  public var counts: [Int] {
    var counts = Array(repeating: 0, count: clusterCount)
    for row in 0..<labels.rowCount { counts[Int(labels[row])] += 1 }
    return counts
  }
}

/// Rows cut into cells, each of rows that have the same label in every one of several clusterings.
public struct RowCells: Sendable {
  /// Rows of a cell at most: with few columns they stay in the first-level cache for all points.
  private static let longestCell = 1024

  /// Clusters of all clusterings.
  public let groupCount: Int
  private let rows: RowBuffer<Double>
  private let starts: [UInt32]
  /// Cells × clusterings.
  private let groups: [UInt32]
  private let levelCount: Int

  /// Sorts and cuts the rows of a matrix.
  ///
  /// - Parameters:
  ///   - rows: n × d, fewer than 2^32 rows.
  ///   - clusterings: One or more; their clusters are numbered one clustering after the other.
  ///   - workers: Copy at once.
  /// - Complexity: O(n · (clusterings + d)); holds the matrix once more in doubles, and 9 bytes a row
  ///   while it sorts.
  public init<Value>(_ rows: ClusterRows<Value>, clusterings: [RowLabels], workers: Workers) {
    precondition(rows.rowCount < Int(UInt32.max), "rows are numbered in 32 bits")
    precondition(!clusterings.isEmpty, "there is one clustering at least")
    var order = (0..<UInt32(rows.rowCount)).map(\.self)
    for clustering in clusterings { order = clustering.sorted(order) }
    let starts = Self.cut(order, clusterings)
    var offset = 0
    let offsets = clusterings.map { clustering in
      defer { offset += clustering.clusterCount }
      return offset
    }
    groups = starts.dropLast().flatMap { start in
      zip(clusterings, offsets).map { clustering, offset in
        UInt32(offset + Int(clustering.labels[Int(order[Int(start)])]))
      }
    }
    self.starts = starts
    groupCount = offset
    levelCount = clusterings.count
    self.rows = rows.gathered(order, workers: workers)
  }

  /// Where the cells begin, and the end of the last.
  private static func cut(_ order: [UInt32], _ clusterings: [RowLabels]) -> [UInt32] {
    var borders = Array(repeating: UInt8(0), count: order.count)
    for clustering in clusterings { clustering.mark(order, borders: &borders) }
    var starts: [UInt32] = []
    var last = 0
    for index in borders.indices where borders[index] == 1 || index - last == longestCell {
      starts.append(UInt32(index))
      last = index
    }
    return starts + [UInt32(order.count)]
  }

  /// Sums of the distances (not squared) from points to the members of every cluster.
  ///
  /// - Parameter points: m × d values, row-major, in the space of the rows.
  /// - Returns: `groupCount` × m sums, row-major; a point that is a row itself adds 0 for it.
  /// - Throws: ``KernelError/badShape`` without points.
  /// - Complexity: O(n · m · d); one thread.
  public func distanceSums(from points: [Double]) throws(KernelError) -> [Double] {
    let pointCount = points.count / rows.columnCount
    precondition(pointCount * rows.columnCount == points.count, "points are not m × d")
    var scratch = Array(repeating: 0.0, count: pointCount)
    var totals = Array(repeating: 0.0, count: groupCount * pointCount)
    // SAFETY: the starts lie within the rows, which are padded by a vector and more; every group is
    // below `groupCount`; all buffers outlive the call.
    let status = unsafe starts.withUnsafeBufferPointer { starts in
      unsafe groups.withUnsafeBufferPointer { groups in
        unsafe points.withUnsafeBufferPointer { points in
          unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            unsafe totals.withUnsafeMutableBufferPointer { totals in
              unsafe cb_distances_sum(
                rows.base,
                rows.stride,
                rows.columnCount,
                starts.baseAddress,
                starts.count - 1,
                groups.baseAddress,
                levelCount,
                points.baseAddress,
                pointCount,
                scratch.baseAddress,
                totals.baseAddress
              )
            }
          }
        }
      }
    }
    try check(status)
    return totals
  }
}

extension RowLabels {
  /// The rows of an order by label, rows of equal labels in the order they had.
  fileprivate func sorted(_ order: [UInt32]) -> [UInt32] {
    precondition(labels.rowCount == order.count, "rows and labels differ in number")
    var next = 0
    var places = counts.map { count in
      defer { next += count }
      return next
    }
    return unsafe Array(unsafeUninitializedCapacity: order.count) { sorted, count in
      // SAFETY: the order holds each row once, and each label has places for as many rows as it has.
      unsafe order.withUnsafeBufferPointer { order in
        unsafe places.withUnsafeMutableBufferPointer { places in
          unsafe cb_distances_sort(
            order.baseAddress,
            order.count,
            labels.base,
            places.baseAddress,
            sorted.baseAddress
          )
        }
      }
      count = order.count
    }
  }

  fileprivate func mark(_ order: [UInt32], borders: inout [UInt8]) {
    // SAFETY: the order holds row numbers below the number of labels; borders are as many.
    unsafe order.withUnsafeBufferPointer { order in
      unsafe borders.withUnsafeMutableBufferPointer { borders in
        unsafe cb_distances_mark(order.baseAddress, order.count, labels.base, borders.baseAddress)
      }
    }
  }
}
