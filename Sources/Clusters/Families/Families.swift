internal import Kernels

/// The methods other than k-means, for one matrix.
struct Families<Value: ClusterValue>: Sendable {
  let space: ClusterSpace<Value>
  let options: ClusterOptions
  let workers: Workers

  /// The best of some starts for one number of clusters.
  func fit(_ starts: [[Value]]) throws(ClusterError) -> FamilyFit<Value> {
    let pass = RowPass(rows: space.rows, workers: workers)
    let tolerance = options.tolerance * space.meanVariance
    switch options.method {
    case .miniBatch: return try MiniBatch(pass: pass, options: options).best(of: starts)
    case .spherical:
      return try Spherical(pass: pass, options: options, tolerance: tolerance).best(of: starts)
    case .kMedians:
      return try Medians(pass: pass, options: options, tolerance: tolerance).best(of: starts)
    case .trimmed:
      return try Trimmed(pass: pass, options: options, tolerance: tolerance).best(of: starts)
    case .mixture:
      return try Mixture(space: space, options: options, workers: workers).fit(starts)
    case .kMeans, .bisecting:
      preconditionFailure("k-means and bisecting have entries of their own")
    }
  }

  /// What the fit says in the units of the matrix.
  func report(_ fit: FamilyFit<Value>) -> MethodReport {
    let objective = fit.attempt.inertia
    let unscaled =
      switch options.method {
      case .mixture: objective
      case .kMedians: objective / space.scale
      default: space.unscaled(squared: objective)
      }
    return MethodReport(
      method: options.method,
      objective: unscaled,
      trimmedRows: fit.trimmedRows,
      mixture: fit.mixture
    )
  }

  /// Sums and squared distances for a fit's labels, as the quality of a clustering needs them.
  func assignment(_ fit: FamilyFit<Value>) throws(ClusterError) -> Assignment<Value> {
    let gaps = RowBuffer<Value>(rowCount: space.rows.rowCount, filledWith: 0)
    let clusterCount = fit.attempt.centroids.count / space.rows.columnCount
    let partial = try ClusterError.translate(space.rows, clusterCount: clusterCount) {
      () throws(KernelError) in
      try RowPass(rows: space.rows, workers: workers).gather(
        fit.labels,
        centroids: fit.attempt.centroids,
        gaps: gaps
      )
    }
    return Assignment(labels: fit.labels, gaps: gaps, partial: partial)
  }
}
