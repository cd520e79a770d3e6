/// Why customers could not be clustered.
public enum ClusterError: Error, Equatable, Sendable {
  /// The matrix has no rows or no columns.
  case empty(rows: Int, columns: Int)
  /// A value is NaN or infinite.
  case notFinite(row: Int, column: String)
  /// An option has a value that makes no sense.
  case badOption(key: String, value: String, allowed: String)
  /// All centroids together have more values than the kernels take.
  case tooManyClusters(clusters: Int, columns: Int, limit: Int)
  /// A starting row is not in the matrix.
  case startRowOutside(row: Int, rows: Int)
  /// A row's weight is negative or not finite.
  case badWeight(row: Int)
  /// All rows have the weight 0.
  case noWeight
  /// The bounds of one start do not fit into the memory for them.
  case boundsTooLarge(engine: ClusterEngine, byteCount: Int, limit: Int)
  /// The given starting centroids are not k × d finite values of a size that the matrix has.
  case badStartCentroids(values: Int, columns: Int)
  /// A row of zeros has no direction, which spherical k-means needs.
  case zeroRow(row: Int)
  /// The covariance of a mixture's component is not positive definite.
  case singularCovariance(component: Int)
  /// A mixture has more values in its covariances than the kernels take.
  case tooManyComponents(components: Int, columns: Int)
  /// OpenBLAS was built without threads and gives wrong products when workers call it at once.
  case serialBLAS
}

extension ClusterError: CustomStringConvertible {
  /// Where, what, and which setting mends it.
  public var description: String {
    switch self {
    case .empty(let rows, let columns):
      "the matrix has \(rows) rows and \(columns) columns; "
        + "clustering needs one of each: check the filters and `features.axes`"
    case .notFinite(let row, let column):
      "row \(row), column '\(column)': not a finite number; change the axis under `features.axes`"
    case .badOption(let key, let value, let allowed):
      "`\(key)`: \(value) is not allowed; give \(allowed)"
    case .tooManyClusters(let clusters, let columns, let limit):
      "\(clusters) clusters of \(columns) columns are more than \(limit) values; "
        + "lower `clusters.count`"
    case .startRowOutside(let row, let rows):
      "start row \(row) is not among \(rows) rows; change `clusters.start_customers`"
    case .badWeight(let row):
      "row \(row): its weight is negative or not a finite number; give one of at least 0"
    case .noWeight:
      "all rows have the weight 0; give one row at least a weight above 0"
    case .boundsTooLarge(let engine, let byteCount, let limit):
      "the bounds of `\(engine.rawValue)` take \(byteCount) bytes for each start, more than "
        + "`clusters.bounds_memory` (\(limit)); raise it, or set `clusters.engine` to yinyang or "
        + "simplified-yinyang (a tenth of elkan's), hamerly, or auto"
    case .badStartCentroids(let values, let columns):
      "the \(values) values of the starting centroids are not finite rows of \(columns) columns in "
        + "the range of the matrix; give a model of the same `features.axes`"
    case .zeroRow(let row):
      "row \(row): all zeros, which is no direction; set another `clusters.method` than spherical, "
        + "or another scaling under `features`"
    case .singularCovariance(let component):
      "component \(component + 1) of the mixture has rows in fewer dimensions than there are columns; "
        + "raise `clusters.regularization` or lower `clusters.count`"
    case .tooManyComponents(let components, let columns):
      "\(components) components of \(columns) columns have too large covariances; "
        + "lower `clusters.count`"
    case .serialBLAS:
      "OpenBLAS was built without threads; install libopenblas0-pthread or set "
        + "`clusters.engine: fused`"
    }
  }
}
