internal import Tables

/// Draws sets of rows without clusters: uniform over the box that holds given rows.
///
/// The box is that of the columns, or the one along the principal axes of the rows, which follows their
/// correlations. Neither fits all rows: along the columns a diagonal strip has structure, and along
/// principal axes, which are any where columns do not correlate, a cube has.
///
/// Source: R. Tibshirani, G. Walther and T. Hastie, "Estimating the number of clusters in a data set
/// via the gap statistic", J. R. Stat. Soc. B 63(2), 2001, section 3, choices (a) and (b).
struct ReferenceSets: Sendable {
  private let rowCount: Int
  private let columnCount: Int
  private let box: Box

  /// - Parameters:
  ///   - columns: n × d values, column-major.
  ///   - columnCount: d.
  ///   - shape: Which box.
  /// - Complexity: O(n·d²), once.
  init(_ columns: [Double], columnCount: Int, shape: ReferenceShape) {
    let rowCount = columns.count / max(1, columnCount)
    self.rowCount = rowCount
    self.columnCount = columnCount
    let plain = Box(columns, rowCount: rowCount, columnCount: columnCount)
    guard shape != .box, columnCount > 1 else {
      box = plain
      return
    }
    let axes = Self.principalAxes(columns, rowCount: rowCount, columnCount: columnCount)
    let turned = Self.turned(columns, by: axes, rowCount: rowCount, columnCount: columnCount)
    let along = Box(turned, rowCount: rowCount, columnCount: columnCount, axes: axes)
    box = shape == .tightest && plain.logVolume <= along.logVolume ? plain : along
  }

  /// One set, n × d values, column-major.
  func draw(_ random: inout RandomStream) -> [Double] {
    var drawn: [Double] = []
    drawn.reserveCapacity(rowCount * columnCount)
    for column in 0..<columnCount {
      let (low, extent) = (box.lows[column], box.extents[column])
      for _ in 0..<rowCount { drawn.append(low + extent * random.unit()) }
    }
    guard let axes = box.axes else { return drawn }
    // The axes are orthonormal: turning back is turning by the transposed.
    let transposed = (0..<columnCount * columnCount).map { index in
      axes[index % columnCount * columnCount + index / columnCount]
    }
    return Self.turned(drawn, by: transposed, rowCount: rowCount, columnCount: columnCount)
  }

  /// Coordinates along axes, column-major.
  private static func turned(
    _ columns: [Double],
    by axes: [Double],
    rowCount: Int,
    columnCount: Int
  ) -> [Double] {
    var turned = Array(repeating: 0.0, count: columns.count)
    for axis in 0..<columnCount {
      for column in 0..<columnCount {
        let weight = axes[axis * columnCount + column]
        for row in 0..<rowCount {
          turned[axis * rowCount + row] += weight * columns[column * rowCount + row]
        }
      }
    }
    return turned
  }

  private static func principalAxes(
    _ columns: [Double],
    rowCount: Int,
    columnCount: Int
  ) -> [Double] {
    let centred = (0..<columnCount).flatMap { column in
      let values = columns[column * rowCount..<(column + 1) * rowCount]
      let mean = values.reduce(0, +) / Double(max(1, rowCount))
      return values.map { $0 - mean }
    }
    var covariance = Array(repeating: 0.0, count: columnCount * columnCount)
    for left in 0..<columnCount {
      for right in left..<columnCount {
        var sum = 0.0
        for row in 0..<rowCount {
          sum += centred[left * rowCount + row] * centred[right * rowCount + row]
        }
        covariance[left * columnCount + right] = sum
        covariance[right * columnCount + left] = sum
      }
    }
    return SymmetricEigen(covariance, size: columnCount).vectors
  }
}

/// A box that holds rows.
private struct Box: Sendable {
  /// d × d, an axis behind the other; nil for the columns themselves.
  let axes: [Double]?
  let lows: [Double]
  let extents: [Double]

  /// - Parameters:
  ///   - columns: Coordinates along the axes, column-major.
  ///   - rowCount: n.
  ///   - columnCount: d.
  ///   - axes: The axes.
  init(_ columns: [Double], rowCount: Int, columnCount: Int, axes: [Double]? = nil) {
    let ranges = (0..<columnCount).map { columns[$0 * rowCount..<($0 + 1) * rowCount] }
    lows = ranges.map { $0.min() ?? 0 }
    extents = zip(ranges, lows).map { ($0.max() ?? 0) - $1 }
    self.axes = axes
  }

  /// −∞ for a flat one.
  var logVolume: Double { extents.reduce(0) { $0 + portableLog($1) } }
}

extension FeatureMatrix {
  /// A matrix of n × d values, column-major, with numbered columns.
  init(columns: [Double], columnCount: Int) {
    let rowCount = columns.count / max(1, columnCount)
    self.init(
      names: (0..<columnCount).map { "\($0)" },
      columns: (0..<columnCount).map { Array(columns[$0 * rowCount..<($0 + 1) * rowCount]) }
    )
  }
}
