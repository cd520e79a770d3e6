// The gap statistic: how much tighter the clusters of the rows are than those of reference sets that
// have none.
//
// It is taken on a sample: the rows of the sample and every reference set are clustered afresh, in the
// same way, for each number of clusters, so that what is compared differs in nothing but the rows. One
// cluster is compared too where the sweep begins at two: the statistic prefers it where there is nothing
// to find.

internal import Kernels
internal import Tables

/// Compares a sample of the rows with reference sets.
///
/// Source: R. Tibshirani, G. Walther and T. Hastie, "Estimating the number of clusters in a data set
/// via the gap statistic", J. R. Stat. Soc. B 63(2), 2001.
struct GapStatistic<Value: ClusterValue>: Sendable {
  let rows: ClusterRows<Value>
  let options: ClusterOptions
  let workers: Workers

  /// Figures by number of clusters.
  ///
  /// - Parameter tried: The numbers of clusters that were tried on all rows.
  /// - Returns: Figures for those, and for one cluster; none for a number that the sample or a reference
  ///   has too few distinct rows for.
  /// - Throws: ``ClusterError`` as ``KMeans`` does.
  /// - Complexity: As (references + 1) fits of so many rows as the options say, one worker each.
  func figures(tried: ClosedRange<Int>) throws(ClusterError) -> [Int: GapFigures] {
    let choice = options.choice
    let lowest = tried.lowerBound <= 2 ? 1 : tried.lowerBound
    let counts = lowest...tried.upperBound
    let shuffle = RowShuffle(
      count: rows.rowCount,
      seed: ChoiceSeed.seed(options.seed, for: ChoiceSeed.gapSample),
      stream: 0
    )
    let sample = rows.columns(of: shuffle.prefix(choice.referenceRows))
    let sets = ReferenceSets(
      sample,
      columnCount: rows.columnCount,
      shape: choice.referenceShape
    )
    // Set 0 is the sample itself.
    let fits = try workers.map(blocks: choice.references + 1) { set throws(ClusterError) in
      var random = RandomStream(
        seed: ChoiceSeed.seed(options.seed, for: ChoiceSeed.references),
        stream: set
      )
      let columns = set == 0 ? sample : sets.draw(&random)
      return try fit(columns, counts: counts, random: &random)
    }
    return Dictionary(
      uniqueKeysWithValues: counts.compactMap { count in
        figures(fits.map { $0.first { $0.clusterCount == count } }).map { (count, $0) }
      }
    )
  }

  private func fit(
    _ columns: [Double],
    counts: ClosedRange<Int>,
    random: inout RandomStream
  ) throws(ClusterError) -> [ClusterQuality] {
    try KMeans.fit(
      FeatureMatrix(columns: columns, columnCount: rows.columnCount),
      options: options.forSample(counts, random: &random),
      workers: Workers(count: 1)
    ).quality
  }

  /// The gap at one number of clusters; nil where the sample or a reference has too few distinct rows.
  private func figures(_ fits: [ClusterQuality?]) -> GapFigures? {
    guard let sample = fits[0] else { return nil }
    let references = fits.dropFirst().compactMap(\.self)
    guard references.count == fits.count - 1 else { return nil }
    let logarithms = MeanAndDeviation(references.map { portableLog($0.inertia) })
    let silhouettes = MeanAndDeviation(references.map(\.simplifiedSilhouette))
    let count = Double(references.count)
    guard logarithms.mean.isFinite else { return nil }
    return GapFigures(
      gap: logarithms.mean - portableLog(sample.inertia),
      standardError: logarithms.populationDeviation * (1 + 1 / count).squareRoot(),
      silhouette: sample.simplifiedSilhouette,
      referenceSilhouette: silhouettes.mean,
      referenceDeviation: silhouettes.sampleDeviation
    )
  }
}

extension [Int: GapFigures] {
  /// The lowest k whose gap is within one standard error, its own and the other's, of the highest; nil
  /// without gaps.
  ///
  /// The paper compares k with k + 1 alone, and stops too early where clusters lie in groups: five
  /// blobs in a plane can look like one. The highest gap does not; but noise moves both gaps that are
  /// compared, and the highest of many most of all.
  ///
  /// Source: S. Dudoit and J. Fridlyand, "A prediction-based resampling method for estimating the number
  /// of clusters in a dataset", Genome Biology 3(7), 2002.
  var preferredCount: Int? {
    let ascending = sorted { $0.key < $1.key }
    guard let highest = ascending.max(by: { $0.value.gap < $1.value.gap })?.value else {
      return nil
    }
    return ascending.first {
      $0.value.gap + $0.value.standardError >= highest.gap - highest.standardError
    }?.key
  }
}

/// Mean and spread of two numbers or more.
struct MeanAndDeviation {
  let mean: Double
  private let squares: Double
  private let count: Double

  init(_ values: [Double]) {
    count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// With the divisor n.
  var populationDeviation: Double { (squares / count).squareRoot() }
  /// With the divisor n − 1.
  var sampleDeviation: Double { (squares / (count - 1)).squareRoot() }
}
