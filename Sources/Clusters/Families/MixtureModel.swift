public import Kernels
public import Tables

/// A Gaussian mixture in the units of the feature matrix.
public struct MixtureModel: Equatable, Sendable {
  /// For each component its share of the rows.
  public var weights: [Double]
  /// k × d, row-major.
  public var means: [Double]
  /// k × d × d, row-major, with what was added to the diagonals.
  public var covariances: [Double]
  /// Log-densities of all rows, summed.
  public var logLikelihood: Double
  /// Bayesian information criterion, −2 log-likelihood + parameters · log n; lower is better.
  ///
  /// Source: G. Schwarz, "Estimating the dimension of a model", Annals of Statistics 6(2), 1978.
  public var bic: Double

  /// Names the parts.
  public init(
    weights: [Double],
    means: [Double],
    covariances: [Double],
    logLikelihood: Double,
    bic: Double
  ) {
    self.weights = weights
    self.means = means
    self.covariances = covariances
    self.logLikelihood = logLikelihood
    self.bic = bic
  }

  /// The same components with component i for what was component `order[i]`.
  public func reordered(_ order: [Int]) -> MixtureModel {
    let columns = means.count / max(1, weights.count)
    var result = self
    result.weights = order.map { weights[$0] }
    result.means = order.flatMap { means[$0 * columns..<($0 + 1) * columns] }
    let area = columns * columns
    result.covariances = order.flatMap { covariances[$0 * area..<($0 + 1) * area] }
    return result
  }

  /// The probability of each component for each row.
  ///
  /// - Parameters:
  ///   - matrix: n rows of the features that the mixture was fitted to.
  ///   - workers: Share the pass.
  /// - Returns: n × k, row-major; each row adds up to 1.
  /// - Throws: ``ClusterError`` for another number of columns, a value that is not finite, or
  ///   covariances that are not positive definite.
  public func responsibilities(
    of matrix: FeatureMatrix,
    workers: Workers
  ) throws(ClusterError) -> [Double] {
    let clusterCount = weights.count
    guard matrix.rowCount > 0, matrix.columnCount * clusterCount == means.count else {
      throw .empty(rows: matrix.rowCount, columns: matrix.columnCount)
    }
    let space = try ClusterSpace<Double>(matrix, workers: workers)
    let estimate = try MixtureEstimate(
      weights: weights,
      means: space.scaled(means).flatMap(\.self),
      covariances: covariances.map { $0 * space.scale * space.scale }
    )
    let pass = MixturePass(pass: RowPass(rows: space.rows, workers: workers))
    let shares = RowBuffer<Double>(
      rowCount: matrix.rowCount,
      columnCount: clusterCount,
      filledWith: 0
    )
    _ = try pass.expect(estimate, shares: shares)
    return shares.rowMajor()
  }
}
