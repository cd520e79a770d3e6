/// The matrix that is clustered: one row a customer, one named column a feature.
public struct FeatureMatrix: Sendable {
  /// Names of the columns, such as `recency`.
  public var names: [String]
  /// Rows in each column.
  public var rowCount: Int
  /// `names.count` columns of `rowCount` values, one column behind the other (column-major).
  public var values: [Double]

  /// A matrix from its columns, all of equal length.
  public init(names: [String], columns: [[Double]]) {
    precondition(names.count == columns.count, "each column has one name")
    rowCount = columns.first?.count ?? 0
    let rows = rowCount
    precondition(columns.allSatisfy { $0.count == rows }, "columns differ in length")
    self.names = names
    values = columns.flatMap(\.self)
  }

  /// How many features there are.
  public var columnCount: Int { names.count }

  /// The range of `values` that one column takes.
  public func range(ofColumn column: Int) -> Range<Int> {
    column * rowCount..<(column + 1) * rowCount
  }
}
