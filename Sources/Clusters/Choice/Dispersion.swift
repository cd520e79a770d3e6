internal import Kernels

/// How the squared distances of a clustering part into those within and between its clusters.
struct Dispersion: Sendable {
  /// The weight of each cluster's rows: their number where all weigh 1.
  let masses: [Double]
  /// Squared distances of the rows to the means of their clusters, times their weights, scaled.
  private(set) var within: Double
  /// Squared distances of those means to the mean of all, times the clusters' weights, scaled.
  private(set) var between = 0.0
  /// The part of each column in `between`.
  private(set) var betweenByColumn: [Double]
  /// What every value was multiplied by before.
  private let scale: Double
  private let weightScale: Double

  /// - Parameters:
  ///   - partial: Labels and sums for `centroids`.
  ///   - means: k × d means of the clusters.
  ///   - centroids: k × d that the inertia of `partial` is taken to.
  ///   - space: Where the rows come from.
  init<Value: ClusterValue>(
    _ partial: ClusterPartial,
    means: [Value],
    centroids: [Value],
    space: ClusterSpace<Value>
  ) {
    let clusters = partial.counts.count
    let columns = partial.sums.count / clusters
    let scaledMasses = partial.counts.indices.map(partial.mass)
    let all = scaledMasses.reduce(0, +)
    masses = scaledMasses.map(space.unscaled(mass:))
    (scale, weightScale) = (space.scale, space.weightScale)
    within = partial.inertia
    betweenByColumn = Array(repeating: 0, count: columns)
    for column in 0..<columns {
      let total = stride(from: column, to: partial.sums.count, by: columns)
        .reduce(0.0) { $0 + partial.sums[$1] }
      let centre = total / all
      for cluster in 0..<clusters {
        let index = cluster * columns + column
        let members = scaledMasses[cluster]
        let drift = Double(means[index]) - Double(centroids[index])
        let offset = Double(means[index]) - centre
        within -= members * drift * drift
        between += members * offset * offset
        betweenByColumn[column] += members * offset * offset
      }
    }
  }

  /// Clusters.
  var clusterCount: Int { masses.count }

  /// The weight of all rows: their number where all weigh 1.
  private var mass: Double { masses.reduce(0, +) }

  /// (B / (k − 1)) / (W / (n − k)), n being the weight of all rows; 1 where every row sits on its
  /// mean, as scikit-learn has it.
  var calinskiHarabasz: Double {
    guard within > 0 else { return 1 }
    return between * (mass - Double(clusterCount)) / (within * Double(clusterCount - 1))
  }

  /// Each column's share of the separation between the clusters; 0 each where there is none.
  var separation: [Double] {
    let whole = betweenByColumn.reduce(0, +)
    return betweenByColumn.map { whole > 0 ? $0 / whole : 0 }
  }

  /// Bayesian information criterion; higher is better.
  ///
  /// The model of X-means: identical spherical Gaussians around the means, each row in the cluster that
  /// it is labelled with. With W the squared distances within clusters, nᵢ the weight of cluster i and
  /// σ² = W / (d (n − k)) the unbiased variance of one coordinate,
  ///
  ///     L = Σᵢ nᵢ ln(nᵢ / n) − n d / 2 · ln(2 π σ²) − d (n − k) / 2
  ///     BIC = L − k (d + 1) / 2 · ln n
  ///
  /// where k (d + 1) counts k − 1 shares, k d coordinates and one variance. The paper's variance
  /// leaves the divisor d out, which is right for one column only.
  ///
  /// Source: D. Pelleg and A. Moore, "X-means: extending k-means with efficient estimation of the
  /// number of clusters", ICML 2000.
  ///
  /// ∞ where every row sits on its mean; NaN where the rows weigh no more than there are clusters.
  var bic: Double {
    let columns = Double(betweenByColumn.count)
    let (rows, clusters) = (mass, Double(clusterCount))
    guard rows > clusters else { return .nan }
    guard within > 0 else { return .infinity }
    let shares = masses.reduce(0.0) { sum, mass in
      mass > 0 ? sum + mass * portableLog(mass / rows) : sum
    }
    // The logarithms are parted so that no scale overflows.
    let variance = within / weightScale / (columns * (rows - clusters))
    let spread = portableLog(2 * Double.pi * variance) - 2 * portableLog(scale)
    let likelihood = shares - rows * columns / 2 * spread - columns * (rows - clusters) / 2
    return likelihood - clusters * (columns + 1) / 2 * portableLog(rows)
  }
}
