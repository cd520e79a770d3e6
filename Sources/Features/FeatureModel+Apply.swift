public import Kernels
public import Tables

extension FeatureModel {
  /// The features of customers, by the parameters of this model: nothing is fitted.
  ///
  /// The customers that the model was fitted on get the bits that ``Features`` gave them.
  ///
  /// - Parameters:
  ///   - rfm: One entry a customer.
  ///   - workers: Share every pass over the rows; their number changes no bit.
  /// - Returns: n × d features, all finite.
  /// - Throws: ``FeatureError/notFinite(row:column:)`` for the first value that is or becomes not finite.
  /// - Complexity: O(n·d), with O(n·d²) for principal components.
  public func features(
    of rfm: RFMTable,
    workers: Workers
  ) throws(FeatureError) -> FeatureMatrix {
    var columns: [[Double]] = []
    for axis in axes {
      columns.append(
        try finiteColumn(axis.axis.rawValue, rfm.count, workers) { rows in
          axis.apply(axis.axis.values(rfm, rows: rows))
        }
      )
    }
    guard let components = principalComponents else {
      return FeatureMatrix(names: columnNames, columns: columns)
    }
    return FeatureMatrix(
      names: columnNames,
      columns: try components.project(columns, rowCount: rfm.count, workers: workers)
    )
  }

  /// Points in days, counts and money as points of the matrix's space: the inverse of ``invert(_:)``.
  ///
  /// - Parameter points: Points × axes, row-major, in the order of ``axes``.
  /// - Returns: Points × columns, row-major.
  public func features(ofPoints points: [Double]) -> [Double] {
    precondition(points.count % axes.count == 0, "points are not whole rows")
    return stride(from: 0, to: points.count, by: axes.count).flatMap { begin in
      let scaled = axes.indices.map { axes[$0].apply([points[begin + $0]])[0] }
      guard let components = principalComponents else { return scaled }
      return components.coordinates(scaled)
    }
  }
}

extension PrincipalComponents {
  /// The coordinates of a point of the scaled axes.
  func coordinates(_ point: [Double]) -> [Double] {
    variances.indices.map { component in
      means.indices.reduce(0.0) { sum, axis in
        sum + vectors[component * means.count + axis] * (point[axis] - means[axis])
      }
    }
  }

  fileprivate func project(
    _ columns: [[Double]],
    rowCount: Int,
    workers: Workers
  ) throws(FeatureError) -> [[Double]] {
    var projected: [[Double]] = []
    for component in variances.indices {
      projected.append(
        try finiteColumn("component_\(component + 1)", rowCount, workers) { rows in
          rows.map { row in
            means.indices.reduce(0.0) { sum, axis in
              sum + vectors[component * means.count + axis] * (columns[axis][row] - means[axis])
            }
          }
        }
      )
    }
    return projected
  }
}

/// One column, computed in blocks; the first value that is not finite is thrown.
private func finiteColumn(
  _ name: String,
  _ rowCount: Int,
  _ workers: Workers,
  _ values: @Sendable (Range<Int>) -> [Double]
) throws(FeatureError) -> [Double] {
  let length = ColumnFigures.chunkLength
  let parts = try workers.map(blocks: (rowCount + length - 1) / length) {
    block throws(FeatureError) in
    let rows = block * length..<min(rowCount, (block + 1) * length)
    let part = values(rows)
    if let bad = part.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: rows.lowerBound + bad, column: name)
    }
    return part
  }
  return parts.flatMap(\.self)
}
