internal import Kernels
internal import Tables

extension Lloyd {
  /// Figures for the quality of a clustering, taken at the means of its clusters' members.
  ///
  /// After rest by tolerance the centroids are not quite those means; scikit-learn's scores, too, take
  /// the means. One pass over the rows, O(n·k·d).
  ///
  /// - Parameters:
  ///   - assignment: Labels and sums for `centroids`.
  ///   - centroids: k × d.
  ///   - space: Where the rows come from.
  /// - Returns: All figures; NaN where they are not defined.
  /// - Throws: ``ClusterError/tooManyClusters(clusters:columns:limit:)``.
  ///
  /// Source: T. Caliński and J. Harabasz, "A dendrite method for cluster analysis", Communications in
  /// Statistics 3(1), 1974; D. Davies and D. Bouldin, "A cluster separation measure", IEEE Trans.
  /// Pattern Analysis and Machine Intelligence 1(2), 1979; E. Hruschka, R. Campello and L. de Castro,
  /// "Evolving clusters in gene-expression data", Information Sciences 176, 2006 (the simplified
  /// silhouette).
  func quality(
    _ assignment: Assignment<Value>,
    centroids: [Value],
    space: ClusterSpace<Value>
  ) throws(ClusterError) -> ClusterQuality {
    let partial = assignment.partial
    let clusterCount = partial.counts.count
    var quality = ClusterQuality(
      clusterCount: clusterCount,
      inertia: space.unscaled(squared: partial.inertia),
      calinskiHarabasz: .nan,
      daviesBouldin: .nan,
      simplifiedSilhouette: .nan
    )
    guard clusterCount > 1 else { return quality }
    let means = means(partial, instead: centroids)
    let judged = try judge(assignment.labels, means: means)
    quality.simplifiedSilhouette = judged.silhouette / totalMass(partial)
    quality.daviesBouldin = daviesBouldin(means: means, spreads: judged.spreads, partial: partial)
    quality.calinskiHarabasz =
      dispersion(assignment, centroids: centroids, space: space).calinskiHarabasz
    return quality
  }

  /// The squared distances within and between the clusters, taken at the means of their members.
  func dispersion(
    _ assignment: Assignment<Value>,
    centroids: [Value],
    space: ClusterSpace<Value>
  ) -> Dispersion {
    Dispersion(
      assignment.partial,
      means: means(assignment.partial, instead: centroids),
      centroids: centroids,
      space: space
    )
  }

  /// The weight of all rows, scaled: their number where all weigh 1.
  private func totalMass(_ partial: ClusterPartial) -> Double {
    partial.masses.isEmpty ? Double(rows.rowCount) : partial.masses.reduce(0, +)
  }

  private func judge(
    _ labels: RowBuffer<UInt16>,
    means: [Value]
  ) throws(ClusterError) -> QualityPartial {
    let clusterCount = means.count / rows.columnCount
    return try ClusterError.translate(rows, clusterCount: clusterCount) {
      () throws(KernelError) in
      try chunked(
        from: QualityPartial(clusterCount: clusterCount)
      ) { scratch, block, partial throws(KernelError) in
        try rows.judge(
          block: block,
          centroids: means,
          labels: labels,
          scratch: scratch,
          partial: &partial
        )
      } merge: {
        $0.add($1)
      }
    }
  }

  /// Mean over the clusters with members of the worst (sᵢ + sⱼ) / dᵢⱼ.
  private func daviesBouldin(
    means: [Value],
    spreads: [Double],
    partial: ClusterPartial
  ) -> Double {
    let clusters = partial.counts.indices.filter { partial.mass($0) > 0 }
    let worst = clusters.map { own in
      clusters.reduce(0.0) { worst, other in
        let distance = distance(means, own, other)
        guard other != own, distance > 0 else { return worst }
        let spread =
          spreads[own] / partial.mass(own)
          + spreads[other] / partial.mass(other)
        return max(worst, spread / distance)
      }
    }
    return worst.reduce(0, +) / Double(clusters.count)
  }

  private func distance(_ means: [Value], _ first: Int, _ second: Int) -> Double {
    let columns = rows.columnCount
    return (0..<columns).reduce(0.0) { sum, column in
      let gap = Double(means[first * columns + column]) - Double(means[second * columns + column])
      return sum + gap * gap
    }
    .squareRoot()
  }
}
