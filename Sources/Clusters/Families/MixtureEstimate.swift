internal import Kernels

/// The parameters of a mixture, scaled, and what the kernels need of them.
struct MixtureEstimate: Sendable {
  let weights: [Double]
  /// k × d × d, row-major.
  let covariances: [Double]
  let components: MixtureComponents

  var means: [Double] { components.means }

  /// - Throws: ``ClusterError/singularCovariance(component:)`` for the first covariance that has no
  ///   Cholesky factor.
  init(weights: [Double], means: [Double], covariances: [Double]) throws(ClusterError) {
    let columns = means.count / max(1, weights.count)
    let area = columns * columns
    var factors: [Double] = []
    var offsets: [Double] = []
    for (component, weight) in weights.enumerated() {
      let covariance = Array(covariances[component * area..<(component + 1) * area])
      let factor = try Self.factor(covariance, size: columns, component: component)
      let determinant = (0..<columns).reduce(0.0) { sum, column in
        sum + portableLog(factor[column * (column + 3) / 2])
      }
      factors += factor
      offsets.append(portableLog(weight) + determinant - 0.5 * Double(columns) * Self.log2Pi)
    }
    self.weights = weights
    self.covariances = covariances
    components = MixtureComponents(means: means, factors: factors, offsets: offsets)
  }

  /// The estimate of greatest expected likelihood for the responsibilities of a pass.
  ///
  /// Sums are about the means that the responsibilities come from. Components without mass keep their
  /// mean and a share that is next to nothing, as scikit-learn has it.
  ///
  /// - Parameters:
  ///   - partial: The sums.
  ///   - means: k × d points that they are about.
  ///   - regularization: Added to the diagonals, scaled.
  /// - Throws: ``ClusterError/singularCovariance(component:)``.
  init(
    _ partial: MixturePartial,
    about means: [Double],
    regularization: Double
  ) throws(ClusterError) {
    let columns = means.count / max(1, partial.masses.count)
    let triangle = columns * (columns + 1) / 2
    let masses = partial.masses.map { $0 + 10 * Double.ulpOfOne }
    let total = masses.reduce(0, +)
    let drifts = partial.sums.indices.map { partial.sums[$0] / masses[$0 / columns] }
    var covariances = Array(repeating: 0.0, count: means.count * columns)
    for component in masses.indices {
      for row in 0..<columns {
        for column in 0...row {
          let moment = partial.moments[component * triangle + row * (row + 1) / 2 + column]
          let drift = drifts[component * columns + row] * drifts[component * columns + column]
          let added = row == column ? regularization : 0
          let value = moment / masses[component] - drift + added
          covariances[(component * columns + row) * columns + column] = value
          covariances[(component * columns + column) * columns + row] = value
        }
      }
    }
    try self.init(
      weights: masses.map { $0 / total },
      means: means.indices.map { means[$0] + drifts[$0] },
      covariances: covariances
    )
  }

  private static let log2Pi = 1.8378770664093453

  private static func factor(
    _ covariance: [Double],
    size: Int,
    component: Int
  ) throws(ClusterError) -> [Double] {
    do throws(KernelError) {
      try BLAS.prepare()
      let factor = try BLAS.inverseFactor(covariance, size: size)
      guard !factor.contains(where: { !$0.isFinite }) else { throw .numeric }
      return factor
    } catch {
      throw error == .serialBLAS ? .serialBLAS : .singularCovariance(component: component)
    }
  }
}

/// Passes of a mixture over the rows.
struct MixturePass: Sendable {
  let pass: RowPass<Double>

  /// Labels, log-likelihood and sums for the next estimate.
  func expect(
    _ estimate: MixtureEstimate,
    labels: RowBuffer<UInt16>? = nil,
    shares: RowBuffer<Double>? = nil
  ) throws(ClusterError) -> MixturePartial {
    let rows = pass.rows
    let labels = labels ?? RowBuffer(rowCount: rows.rowCount, filledWith: 0)
    return try fold(clusterCount: estimate.weights.count) {
      scratch,
      block,
      partial throws(KernelError) in
      try rows.expect(
        block: block,
        components: estimate.components,
        scratch: scratch,
        partial: &partial,
        labels: labels,
        shares: shares
      )
    }
  }

  /// Sums for a first estimate, from given labels.
  func gather(
    _ labels: RowBuffer<UInt16>,
    about means: [Double]
  ) throws(ClusterError) -> MixturePartial {
    let rows = pass.rows
    return try fold(clusterCount: means.count / rows.columnCount) {
      scratch,
      block,
      partial throws(KernelError) in
      try rows.gather(
        block: block,
        labels: labels,
        means: means,
        scratch: scratch,
        partial: &partial
      )
    }
  }

  private func fold(
    clusterCount: Int,
    _ body:
      @Sendable (RowBuffer<Double>, Int, inout MixturePartial) throws(KernelError) -> Void
  ) throws(ClusterError) -> MixturePartial {
    let rows = pass.rows
    do throws(KernelError) {
      return try pass.fold(
        scratch: { rows.mixtureScratch(clusterCount: clusterCount) },
        from: MixturePartial(clusterCount: clusterCount, columnCount: rows.columnCount),
        body
      ) {
        $0.add($1)
      }
    } catch {
      throw .tooManyComponents(components: clusterCount, columns: rows.columnCount)
    }
  }
}
