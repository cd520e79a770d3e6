internal import Kernels
internal import Tables

extension PrincipalComponents {
  /// Replaces the columns of a matrix by their coordinates along its principal components.
  ///
  /// Chunks of fixed length go through BLAS and are added in order, so the number of workers changes
  /// no bit; another processor's BLAS may change the last ones.
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
      let columns = try centred.project(components, workers: workers)
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
  private var chunkCount: Int {
    (rowCount + ColumnFigures.chunkLength - 1) / ColumnFigures.chunkLength
  }

  private func rows(_ chunk: Int) -> Range<Int> {
    let length = ColumnFigures.chunkLength
    return chunk * length..<min(rowCount, (chunk + 1) * length)
  }

  /// Population covariance, d × d; the lower triangle counts.
  func covariance(workers: Workers) throws(KernelError) -> [Double] {
    let empty = Array(repeating: 0.0, count: columnCount * columnCount)
    let parts = try workers.map(blocks: chunkCount) { chunk throws(KernelError) in
      var moments = empty
      try BLAS.addMoments(
        values.span.extracting(rows(chunk).lowerBound...),
        stride: rowCount,
        rowCount: rows(chunk).count,
        columnCount: columnCount,
        to: &moments
      )
      return moments
    }
    var total = empty
    for part in parts {
      for index in total.indices { total[index] += part[index] }
    }
    return total.map { $0 / Double(rowCount) }
  }

  func components(
    _ count: Int,
    workers: Workers
  ) throws(KernelError) -> PrincipalComponents {
    let (values, vectors) = try BLAS.symmetricEigen(
      covariance(workers: workers),
      size: columnCount
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

  /// The rows' coordinates, one column a component.
  func project(
    _ components: PrincipalComponents,
    workers: Workers
  ) throws(KernelError) -> [[Double]] {
    let parts = try workers.map(blocks: chunkCount) { chunk throws(KernelError) in
      try BLAS.project(
        values.span.extracting(rows(chunk).lowerBound...),
        stride: rowCount,
        rowCount: rows(chunk).count,
        columnCount: columnCount,
        axes: components.vectors
      )
    }
    return components.variances.indices.map { component in
      parts.flatMap { part in
        let length = part.count / components.variances.count
        return part[component * length..<(component + 1) * length]
      }
    }
  }
}
