public import Kernels
public import Tables

/// k-means and its relatives over the rows of a feature matrix.
public enum KMeans {
  private static let startedMethods = "a method that takes given starts, or no starts"

  /// Clusters the rows, for one number of clusters or for each of a range.
  ///
  /// The result depends on the matrix, the options and the starting rows alone: not on the number of
  /// workers, the SIMD level or the engine.
  ///
  /// - Parameters:
  ///   - matrix: n × d finite values.
  ///   - weights: n weights, finite and at least 0, that rows count by in means, inertia and figures of
  ///     quality; a row of weight 0 is labelled and moves nothing. Nil where all are 1.
  ///   - options: How.
  ///   - startRows: Rows that are the starting centroids, in the order of the labels; they replace
  ///     the seeding, the starts and the number of clusters. Empty for seeding.
  ///   - startCentroids: k × d starting centroids, row-major, in the space of the matrix; they replace
  ///     the same. Only without `startRows`.
  ///   - workers: Share every pass over the rows.
  /// - Returns: The best clustering, with figures for each number of clusters. Where fewer rows are
  ///   distinct than clusters asked for, there are as many clusters as distinct rows.
  /// - Throws: ``ClusterError`` for an empty matrix, a value that is not finite, an option out of
  ///   range, too many clusters, a weight that is negative or not finite, bounds beyond the memory for
  ///   them, or a BLAS that is not safe to call.
  /// - Complexity: O(n·k·d) a round for each start; holds the matrix once more, in the precision
  ///   asked for, and about 20 bytes a row; `BoundsEngine` says what the engines with bounds hold
  ///   besides for each start.
  public static func fit(
    _ matrix: FeatureMatrix,
    weights: [Double]? = nil,
    options: ClusterOptions,
    startRows: [Int] = [],
    startCentroids: [Double] = [],
    workers: Workers
  ) throws(ClusterError) -> SweepResult {
    try options.validate()
    try options.families.validate()
    precondition(weights.map { $0.count == matrix.rowCount } ?? true, "each row has one weight")
    guard matrix.rowCount > 0, matrix.columnCount > 0 else {
      throw .empty(rows: matrix.rowCount, columns: matrix.columnCount)
    }
    guard options.method != .bisecting || startRows.isEmpty && startCentroids.isEmpty else {
      throw .badOption(key: "clusters.method", value: "bisecting", allowed: Self.startedMethods)
    }
    let starts = GivenStarts(rows: startRows, centroids: startCentroids)
    // Covariances of rows in 32 bits would not be worth their name.
    switch options.method == .mixture ? .float64 : options.precision {
    case .float32:
      return try Sweep<Float>(
        matrix,
        weights: weights,
        options: options,
        starts: starts,
        workers: workers
      )
      .run()
    case .float64:
      return try Sweep<Double>(
        matrix,
        weights: weights,
        options: options,
        starts: starts,
        workers: workers
      )
      .run()
    }
  }
}

extension ClusterOptions {
  /// The numbers of clusters to try, ascending.
  var clusterCounts: ClosedRange<Int> {
    switch count {
    case .fixed(let count): count...count
    case .sweep(let range): range
    }
  }

  /// - Throws: ``ClusterError/badOption(key:value:allowed:)`` for the first option out of range.
  func validate() throws(ClusterError) {
    func require(
      _ isGood: Bool,
      _ key: String,
      _ value: some CustomStringConvertible,
      _ allowed: String
    ) throws(ClusterError) {
      guard isGood else {
        throw .badOption(key: "clusters.\(key)", value: "\(value)", allowed: allowed)
      }
    }
    let counts = clusterCounts
    try require(counts.lowerBound >= 1, "count", counts.lowerBound, "at least 1 cluster")
    try require(
      counts.upperBound <= Int(UInt16.max),
      "count",
      counts.upperBound,
      "at most \(UInt16.max) clusters"
    )
    try require(starts >= 1, "starts", starts, "at least 1")
    try require(maxRounds >= 1, "max_rounds", maxRounds, "at least 1")
    try require(boundsMemory >= 1, "bounds_memory", boundsMemory, "at least 1 byte")
    if let maxSeconds {
      try require(
        maxSeconds > 0 && maxSeconds.isFinite,
        "max_seconds",
        maxSeconds,
        "a finite number above 0"
      )
    }
    try require(
      tolerance >= 0 && tolerance.isFinite,
      "tolerance",
      tolerance,
      "a finite number, at least 0"
    )
    try choice.validate()
  }
}
