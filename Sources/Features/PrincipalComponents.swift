internal import Kernels
internal import Tables

extension PrincipalComponents {
  /// Replaces the columns of a matrix by their coordinates along its principal components.
  ///
  /// The covariance goes through BLAS and its eigenvectors through LAPACKE, both in a form whose bits
  /// depend neither on the number of workers nor on the processor.
  ///
  /// Source: I. Jolliffe, "Principal Component Analysis", 2nd ed., Springer 2002, chapter 3.
  static func replace(
    _ matrix: FeatureMatrix,
    model: FeatureModel,
    componentCount: Int,
    workers: Workers
  ) throws(FeatureError) -> (matrix: FeatureMatrix, model: FeatureModel) {
    do throws(KernelError) {
      try BLAS.prepare()
      let centred = CentredMatrix(matrix, workers: workers)
      let components = try centred.components(componentCount, workers: workers)
      var replaced = model
      replaced.principalComponents = components
      let columns = centred.project(components, workers: workers)
      return (FeatureMatrix(names: replaced.columnNames, columns: columns), replaced)
    } catch {
      throw error == .serialBLAS ? .serialBLAS : .noPrincipalComponents
    }
  }
}

/// A matrix whose columns have mean 0.
private struct CentredMatrix: Sendable {
  let means: [Double]
  let rowCount: Int
  let values: [Double]

  init(_ matrix: FeatureMatrix, workers: Workers) {
    rowCount = matrix.rowCount
    let count = Double(matrix.rowCount)
    let columns = (0..<matrix.columnCount).map { Array(matrix.values[matrix.range(ofColumn: $0)]) }
    means = columns.map { ColumnFigures($0, workers: workers).sum() / count }
    values = zip(columns, means).flatMap { column, mean in column.map { $0 - mean } }
  }

  private var columnCount: Int { means.count }

  /// Population covariance, d × d.
  func covariance(workers: Workers) throws(KernelError) -> [Double] {
    let moments = ExactMoments(
      values,
      rowCount: rowCount,
      columnCount: columnCount,
      workers: workers
    )
    return try moments.sums(workers: workers).map { $0 / Double(rowCount) }
  }

  func components(
    _ count: Int,
    workers: Workers
  ) throws(KernelError) -> PrincipalComponents {
    let reduced = Tridiagonal(try covariance(workers: workers), size: columnCount)
    let (values, vectors) = try BLAS.tridiagonalEigen(
      diagonal: reduced.diagonal,
      offDiagonal: reduced.offDiagonal,
      basis: reduced.basis
    )
    let order = values.indices.reversed().prefix(count)
    return PrincipalComponents(
      variances: order.map { max(0, values[$0]) },
      totalVariance: values.reduce(0) { $0 + max(0, $1) },
      means: means,
      vectors: order.flatMap { index in
        signed(Array(vectors[index * columnCount..<(index + 1) * columnCount]))
      }
    )
  }

  /// The vector or its opposite, so that the entry of largest size, the first of equals, is positive.
  private func signed(_ vector: [Double]) -> [Double] {
    let largest = vector.reduce(0.0) { $1.magnitude > $0.magnitude ? $1 : $0 }
    return largest < 0 ? vector.map { -$0 } : vector
  }

  /// The rows' coordinates, one column a component; each adds up its axes in order.
  func project(_ components: PrincipalComponents, workers: Workers) -> [[Double]] {
    let length = ColumnFigures.chunkLength
    return components.variances.indices.map { component in
      let first = component * columnCount
      let axes = components.vectors[first..<first + columnCount]
      return workers.map(blocks: (rowCount + length - 1) / length) { chunk in
        (chunk * length..<min(rowCount, (chunk + 1) * length)).map { row in
          zip(axes, 0...).reduce(0.0) { $0 + $1.0 * values[$1.1 * rowCount + row] }
        }
      }
      .flatMap(\.self)
    }
  }
}
