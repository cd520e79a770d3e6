internal import Clusters
internal import Kernels
internal import Tables
internal import Testing

/// Five overlapping groups of unequal size, by a formula that other programs can follow: with
/// g = i² mod 7, x = g (j + 2) mod 5 + 3 · ((i (2 j + 3) 7919 + j 104729) mod 10007) / 10007.
func formulaRows(_ count: Int, columns: Int = 3) -> FeatureMatrix {
  let names = ["x", "y", "z", "u"]
  return FeatureMatrix(
    names: (0..<columns).map { names[$0] },
    columns: (0..<columns).map { column in
      (0..<count).map { row in
        let noise = (row * (2 * column + 3) * 7919 + column * 104_729) % 10_007
        return Double(row * row % 7 * (column + 2) % 5) + 3 * (Double(noise) / 10_007)
      }
    }
  )
}

private func fit(
  _ matrix: FeatureMatrix,
  starts: Int,
  _ criteria: Set<ChoiceCriterion> = Set(ChoiceCriterion.allCases),
  precision: ClusterPrecision = .float64,
  change: (inout ChoiceOptions) -> Void = { _ in }
) throws -> SweepResult {
  var options = ClusterOptions()
  options.tolerance = 0
  options.precision = precision
  options.choice.criteria = criteria.union([.simplifiedSilhouette])
  change(&options.choice)
  return try KMeans.fit(
    matrix,
    options: options,
    startRows: Array(0..<starts),
    workers: Workers(count: 2)
  )
}

private func isClose(_ value: Double, _ other: Double, within tolerance: Double = 1e-9) -> Bool {
  abs(value - other) <= tolerance * max(1, abs(other))
}

/// Figures of one clustering against the hand and against scikit-learn.
@Suite struct ChoiceFigureTests {
  @Test func `silhouettes of four points are what the hand gives`() throws {
    // {0, 1} and {10, 11}: row 0 has a = 1 and b = 10.5, row 1 has a = 1 and b = 9.5.
    let choice = try fit(line([0, 10, 1, 11]), starts: 2, [.silhouette]).choice
    let silhouette = try #require(choice.figures[0].silhouette)
    let expected = (9.5 / 10.5 + 8.5 / 9.5) / 2
    #expect(isClose(silhouette.mean, expected, within: 1e-15))
    #expect(silhouette.byCluster == [silhouette.mean, silhouette.mean])
    #expect(silhouette.standardError == 0)
    #expect(silhouette.rows == 4)
  }

  @Test func `a row alone in its cluster has silhouette 0`() throws {
    let silhouette = try #require(
      try fit(line([0, 10, 1]), starts: 2, [.silhouette]).choice.figures[0].silhouette
    )
    // {0, 1} and {10}: 1 − 1/10, 1 − 1/9 and 0.
    #expect(isClose(silhouette.mean, (0.9 + 8.0 / 9) / 3, within: 1e-15))
    #expect(silhouette.byCluster[1] == 0)
  }

  @Test func `the information criterion of four points is what the hand gives`() throws {
    // n = 4, k = 2, d = 1, W = 1, σ² = 1/2: L = 4 ln(1/2) − 2 ln π − 1, less 2 ln 4, in all
    // −8 ln 2 − 2 ln π − 1.
    let figures = try fit(line([0, 10, 1, 11]), starts: 2).choice.figures[0]
    #expect(isClose(figures.bic, -8.834637216178363, within: 1e-14))
    #expect(figures.separation == [1])
  }

  /// What scikit-learn 1.9 gives for its own labels from the same starts; the simplified silhouette,
  /// the information criterion and the separation by their formulas in NumPy.
  @Test func `600 rows have the figures of scikit-learn`() throws {
    let result = try fit(formulaRows(600), starts: 5)
    let (quality, figures) = (result.quality[0], result.choice.figures[0])
    #expect(isClose(quality.inertia, 1141.1728845202824))
    #expect(isClose(quality.simplifiedSilhouette, 0.45188810923815415))
    #expect(isClose(quality.calinskiHarabasz, 414.8880893759377))
    #expect(isClose(quality.daviesBouldin, 1.1276399750320203))
    #expect(isClose(figures.bic, -3151.9070177724184))
    let separation = [0.3319041527617844, 0.2146410207611065, 0.45345482647710905]
    #expect(zip(figures.separation, separation).allSatisfy { isClose($0, $1) })
    let silhouette = try #require(figures.silhouette)
    #expect(isClose(silhouette.mean, 0.32440241339572273))
    let byCluster = [
      0.4704676900616486, 0.3715432672910057, 0.2810859408206578, 0.2853630658764105,
      0.23056980356008605,
    ]
    #expect(zip(silhouette.byCluster, byCluster).allSatisfy { isClose($0, $1) })
  }

  @Test func `20,000 rows have the figures of scikit-learn`() throws {
    let result = try fit(formulaRows(20_000), starts: 5, [.silhouette]) {
      $0.silhouetteRows = 20_000
    }
    let quality = result.quality[0]
    #expect(isClose(quality.inertia, 38030.04650368674))
    #expect(isClose(quality.simplifiedSilhouette, 0.45057583617822694))
    #expect(isClose(quality.calinskiHarabasz, 13910.347173027294))
    #expect(isClose(quality.daviesBouldin, 1.133786617417284))
    #expect(isClose(result.choice.figures[0].bic, -103084.47491971534))
    let silhouette = try #require(result.choice.figures[0].silhouette)
    #expect(isClose(silhouette.mean, 0.3284810891084075))
    #expect(silhouette.standardError == 0)
    #expect(silhouette.rows == 20_000)
  }

  @Test func `a sample lies within its standard errors of the whole`() throws {
    let matrix = formulaRows(3000)
    let whole = try #require(
      try fit(matrix, starts: 5, [.silhouette]) { $0.silhouetteRows = 3000 }
        .choice.figures[0].silhouette
    )
    var outside = 0
    for rows in [50, 100, 200, 400, 800, 1600] {
      let sample = try #require(
        try fit(matrix, starts: 5, [.silhouette]) { $0.silhouetteRows = rows }
          .choice.figures[0].silhouette
      )
      #expect((rows...rows + 10).contains(sample.rows))
      #expect(sample.standardError > 0)
      #expect(sample.standardError < 0.5 / Double(rows).squareRoot())
      #expect(abs(sample.mean - whole.mean) < 4 * sample.standardError, "\(rows) rows")
      outside += abs(sample.mean - whole.mean) > 2 * sample.standardError ? 1 : 0
    }
    #expect(outside <= 1)
  }

  @Test(arguments: ClusterPrecision.allCases)
  func `scale and origin change no criterion but the information criterion`(
    precision: ClusterPrecision
  ) throws {
    let plain = try fit(formulaRows(300, columns: 2), starts: 4, precision: precision)
    let own = plain.choice.figures[0]
    for scale in [0x1p-900, 0x1p900, -0x1p10] {
      var matrix = formulaRows(300, columns: 2)
      matrix.values = matrix.values.map { $0 * scale }
      let scaled = try fit(matrix, starts: 4, precision: precision).choice
      let figures = scaled.figures[0]
      #expect(figures.silhouette == own.silhouette)
      #expect(figures.separation == own.separation)
      #expect(figures.stability == own.stability)
      #expect(scaled.structure?.silhouette == plain.choice.structure?.silhouette)
      // Likelihoods are densities: n d ln(scale) less.
      let shift = -600 * Double(scale.exponent) * 0.6931471805599453
      #expect(isClose(figures.bic, own.bic + shift))
    }
  }

  @Test func `weights count as repeated rows do, and samples are taken of plain rows alone`() throws
  {
    let plain = formulaRows(200)
    let weights = (0..<200).map { Double(1 + $0 % 3) }
    let repeated = (0..<200).flatMap { row in Array(repeating: row, count: 1 + row % 3) }
    let rows = FeatureMatrix(
      names: plain.names,
      columns: (0..<3).map { column in repeated.map { plain.values[column * 200 + $0] } }
    )
    var options = ClusterOptions()
    options.tolerance = 0
    options.choice.criteria = Set(ChoiceCriterion.allCases)
    let workers = Workers(count: 2)
    let weighted = try KMeans.fit(
      plain,
      weights: weights,
      options: options,
      startRows: [0, 1, 2, 3],
      workers: workers
    )
    let starts = try [0, 1, 2, 3].map { try #require(repeated.firstIndex(of: $0)) }
    let whole = try KMeans.fit(rows, options: options, startRows: starts, workers: workers)
    let (figures, expected) = (weighted.choice.figures[0], whole.choice.figures[0])
    #expect(isClose(figures.bic, expected.bic))
    #expect(zip(figures.separation, expected.separation).allSatisfy { isClose($0, $1) })
    #expect(isClose(weighted.quality[0].calinskiHarabasz, whole.quality[0].calinskiHarabasz))
    #expect(figures.silhouette == nil && figures.gap == nil && figures.stability == nil)
    #expect(expected.silhouette != nil && expected.gap != nil && expected.stability != nil)
  }

  @Test func `every row on its centroid is as good as it gets, and no figure is NaN`() throws {
    let result = try fit(line([1, 2, 1, 2, 1, 2]), starts: 2)
    let figures = result.choice.figures[0]
    #expect(figures.bic == .infinity)
    #expect(figures.silhouette?.mean == 1)
    #expect(figures.stability?.jaccard == [1, 1])
    #expect(figures.stability?.adjustedRand == 1)
  }

  @Test func `one cluster, one row and equal rows have no criteria and no votes`() throws {
    for matrix in [line([5]), line([5, 5, 5, 5, 5]), line([1e300, 1e300])] {
      let choice = try fit(matrix, starts: 1).choice
      #expect(choice.figures.map(\.clusterCount) == [1])
      #expect(choice.figures[0].silhouette == nil)
      #expect(choice.figures[0].separation == [0])
      #expect(choice.recommendation == nil)
      #expect(choice.clusterCount == 1)
    }
  }
}
