internal import Kernels

/// Gaussian mixture with full covariances by EM, started from k-means.
///
/// The best k-means of all starts gives the first responsibilities, 1 or 0. A round is an E-step and an
/// M-step in one pass over the rows; it rests when the mean log-likelihood changes by at most the
/// tolerance. A row's label is its component of greatest density. As scikit-learn's `GaussianMixture`,
/// whose `tol` is 0.001 and whose `reg_covar` is the regularization.
///
/// Source: A. Dempster, N. Laird and D. Rubin, "Maximum likelihood from incomplete data via the EM
/// algorithm", Journal of the Royal Statistical Society B 39(1), 1977.
struct Mixture<Value: ClusterValue>: Sendable {
  let space: ClusterSpace<Value>
  let options: ClusterOptions
  let workers: Workers

  /// The largest number that is added to a diagonal; with tiny values the scaled one is out of range.
  private static var largestRegularization: Double { 1e100 }
  /// The k-means that starts it runs by these, since rounds and tolerance are those of EM.
  private let standard = ClusterOptions()

  init(space: ClusterSpace<Value>, options: ClusterOptions, workers: Workers) {
    self.space = space
    self.options = options
    self.workers = workers
  }

  /// One mixture, from the start whose k-means has the lowest inertia.
  func fit(_ starts: [[Value]]) throws(ClusterError) -> FamilyFit<Value> {
    guard let rows = space.rows as? ClusterRows<Double> else {
      preconditionFailure("mixtures are fitted in 64 bits")
    }
    let pass = MixturePass(pass: RowPass(rows: rows, workers: workers))
    var initial = options
    (initial.maxRounds, initial.tolerance) = (standard.maxRounds, standard.tolerance)
    let lloyd = try Lloyd(space: space, engine: .fused, options: initial, workers: workers)
    let start = try lloyd.best(of: starts).centroids
    let labels = try lloyd.assign(start).labels
    var estimate = try next(pass.gather(labels, about: start.map(Double.init)), start)
    var attempt = Attempt(centroids: start)
    var before = -Double.infinity
    while !attempt.converged && attempt.rounds < options.maxRounds {
      let partial = try pass.expect(estimate, labels: labels)
      estimate = try next(partial, estimate.means.map { Value($0) })
      let likelihood = partial.logLikelihood / Double(rows.rowCount)
      attempt.converged = (likelihood - before).magnitude <= options.tolerance
      attempt.rounds += 1
      before = likelihood
    }
    let final = try pass.expect(estimate, labels: labels)
    let model = unscaled(estimate, logLikelihood: final.logLikelihood)
    attempt.centroids = estimate.means.map { Value($0) }
    attempt.inertia = -model.logLikelihood
    return FamilyFit(attempt: attempt, labels: labels, mixture: model)
  }

  private func next(
    _ partial: MixturePartial,
    _ means: [Value]
  ) throws(ClusterError) -> MixtureEstimate {
    let scaled = options.families.regularization * space.scale * space.scale
    return try MixtureEstimate(
      partial,
      about: means.map(Double.init),
      regularization: min(scaled, Self.largestRegularization)
    )
  }

  /// The mixture in the units of the matrix; a density there is `scale` to the power of d times as much.
  private func unscaled(_ estimate: MixtureEstimate, logLikelihood: Double) -> MixtureModel {
    let columns = space.rows.columnCount
    let rowCount = Double(space.rows.rowCount)
    let clusterCount = estimate.weights.count
    let parameters = clusterCount * (columns * (columns + 1) / 2 + columns + 1) - 1
    // The scale is a power of two.
    let logOfScale = Double(space.scale.exponent) * 0.6931471805599453
    let likelihood = logLikelihood + rowCount * Double(columns) * logOfScale
    return MixtureModel(
      weights: estimate.weights,
      means: space.unscaled(estimate.means.map { Value($0) }),
      covariances: estimate.covariances.map { space.unscaled(squared: $0) },
      logLikelihood: likelihood,
      bic: -2 * likelihood + Double(parameters) * portableLog(rowCount)
    )
  }
}
