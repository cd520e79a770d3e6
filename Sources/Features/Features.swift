public import Kernels
public import Tables

/// Makes the matrix that is clustered.
public enum Features {
  /// Transforms and scales the axes, and replaces them by principal components where asked.
  ///
  /// - Parameters:
  ///   - rfm: One entry a customer.
  ///   - options: Which axes, and how.
  ///   - workers: Share every pass over the rows; their number changes no bit.
  /// - Returns: n × d features, all finite, and the model that made them. A column that has nothing
  ///   to scale by is all zeros.
  /// - Throws: ``FeatureError/notFinite(row:column:)`` for the first value that is or becomes not
  ///   finite, ``FeatureError/badOption(key:value:allowed:)``, and what BLAS and LAPACK refuse.
  /// - Complexity: O(n·d), with O(n·log n) for `robust` and O(n·d²) for principal components; twice
  ///   the matrix in memory.
  public static func fit(
    _ rfm: RFMTable,
    options: FeatureOptions,
    workers: Workers
  ) throws(FeatureError) -> (matrix: FeatureMatrix, model: FeatureModel) {
    try options.validate()
    var columns: [[Double]] = []
    var axes: [AxisModel] = []
    for axis in options.axes {
      let transformed = try column(axis, rfm.count, workers) { rows in
        axis.transform.apply(axis.axis.values(rfm, rows: rows))
      }
      let model = try AxisModel(axis, transformed: transformed, workers: workers)
      axes.append(model)
      columns.append(
        try column(axis, rfm.count, workers) { model.scaled(Array(transformed[$0])) }
      )
    }
    let matrix = FeatureMatrix(names: axes.map(\.axis.rawValue), columns: columns)
    let model = FeatureModel(axes: axes)
    guard let componentCount = options.principalComponents, rfm.count > 0 else {
      return (matrix, model)
    }
    return try PrincipalComponents.replace(
      matrix,
      model: model,
      componentCount: componentCount,
      workers: workers
    )
  }

  /// One column, computed in blocks; the first value that is not finite is thrown.
  private static func column(
    _ axis: AxisOptions,
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
        throw .notFinite(row: rows.lowerBound + bad, column: axis.axis.rawValue)
      }
      return part
    }
    return parts.flatMap(\.self)
  }
}

extension AxisModel {
  /// - Throws: ``FeatureError/notFinite(row:column:)`` for the value of largest size where a sum of
  ///   the column overflows.
  init(
    _ options: AxisOptions,
    transformed: [Double],
    workers: Workers
  ) throws(FeatureError) {
    axis = options.axis
    transform = options.transform
    scaling = options.scaling
    weight = options.weight
    (centre, scale) =
      transformed.isEmpty
      ? (0, 1) : options.scaling.parameters(transformed, workers: workers)
    guard centre.isFinite, scale.isFinite else {
      let largest = transformed.indices.max {
        transformed[$0].magnitude < transformed[$1].magnitude
      }
      throw .notFinite(row: largest ?? 0, column: axis.rawValue)
    }
  }
}

extension FeatureAxis {
  /// The values of some customers.
  func values(_ rfm: RFMTable, rows: Range<Int>) -> [Double] {
    switch self {
    case .recency: rfm.recencyDays[rows].map(Double.init)
    case .frequency: rfm.frequency[rows].map(Double.init)
    case .monetary: Array(rfm.monetary[rows])
    }
  }
}

extension FeatureOptions {
  /// - Throws: ``FeatureError/badOption(key:value:allowed:)`` for the first option out of range.
  func validate() throws(FeatureError) {
    func require(_ isGood: Bool, _ key: String, _ value: String, _ allowed: String)
      throws(FeatureError)
    {
      guard isGood else {
        throw .badOption(key: "features.\(key)", value: value, allowed: allowed)
      }
    }
    let names = axes.map(\.axis.rawValue)
    let list = names.joined(separator: ", ")
    try require(!axes.isEmpty, "axes", "none", "at least one axis")
    try require(Set(names).count == names.count, "axes", list, "each axis once")
    for axis in axes {
      let isGood = axis.weight > 0 && axis.weight.isFinite
      try require(
        isGood,
        "\(axis.axis.rawValue).weight",
        "\(axis.weight)",
        "a finite number above 0"
      )
    }
    if let count = principalComponents {
      try require(
        (1...axes.count).contains(count),
        "principal_components",
        "\(count)",
        "1 to \(axes.count), the number of axes"
      )
    }
  }
}
