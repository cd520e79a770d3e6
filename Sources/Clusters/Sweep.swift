// Several numbers of clusters, several starts each.
//
// The starts of one number of clusters run side by side (see Lloyd.swift), each from centroids that a
// sample refined (see SampledStarts.swift). From the second k on, the last start extends the best
// result for k − 1 by one more centroid instead (A. Likas, N. Vlassis and J. Verbeek, "The global
// k-means clustering algorithm", Pattern Recognition 36(2), 2003): it cannot do worse than k − 1 did,
// which other starts can.

internal import Kernels
internal import Tables

/// One call of ``KMeans``, in one precision.
struct Sweep<Value: ClusterValue>: Sendable {
  private let space: ClusterSpace<Value>
  private let options: ClusterOptions
  /// Starting centroids that replace the seeding; empty for seeding.
  private let given: [[Value]]
  private let workers: Workers
  private let requestedCount: Int
  private let distinctRows: Int
  private let collapsed: CollapsedRows<Value>?
  private let deadline: Double?
  private let columnNames: [String]

  init(
    _ matrix: FeatureMatrix,
    weights: [Double]?,
    options: ClusterOptions,
    starts: GivenStarts,
    workers: Workers
  ) throws(ClusterError) {
    try starts.validate(for: matrix)
    requestedCount =
      starts.isEmpty
      ? options.clusterCounts.upperBound : starts.count(columnCount: matrix.columnCount)
    let limit = ClusterRows<Value>.maxCentroidValues
    guard requestedCount <= limit / matrix.columnCount, requestedCount <= Int(UInt16.max) else {
      throw .tooManyClusters(clusters: requestedCount, columns: matrix.columnCount, limit: limit)
    }
    deadline = options.maxSeconds.map { ProcessMeter.wallSeconds + $0 }
    let space =
      options.method == .spherical
      ? try ClusterSpace<Value>(directionsOf: matrix, workers: workers)
      : try ClusterSpace<Value>(matrix, weights: weights, workers: workers)
    self.space = space
    collapsed = try ClusterError.translate(space.rows, clusterCount: 1) { () throws(KernelError) in
      options.collapse ? try CollapsedRows<Value>(space.rows) : nil
    }
    self.options = options
    given = try starts.centroids(in: space)
    columnNames = matrix.names
    self.workers = workers
    distinctRows = space.rows.distinctCount(upTo: requestedCount)
  }

  /// Tries every number of clusters and keeps the labels of the one that is chosen.
  func run() throws(ClusterError) -> SweepResult {
    let counts = countsTried
    let bisected = try bisected(counts)
    let sampled = given.isEmpty && bisected.isEmpty ? try sampledStarts(counts) : []
    var previous: Candidate<Value>?
    var best: Candidate<Value>?
    var tried: [TriedClustering] = []
    var quality: [ClusterQuality] = []
    var histories: [[ClusterRound]] = []
    var runs: [SweepRun<Value>] = []
    for count in counts {
      let index = count - counts.lowerBound
      let candidate =
        bisected.isEmpty
        ? try fit(
          starts(count, sampled: sampled.map { $0[index] }, previous: previous),
          clusterCount: count
        )
        : try judged(bisected[index])
      if best.map({ candidate.isBetter(than: $0) }) ?? true { best = candidate }
      tried.append(summary(candidate))
      quality.append(candidate.quality)
      histories.append(candidate.attempt.history.map(space.unscaled))
      runs.append(candidate.run(keepsLabels: options.choice.needsLabels))
      previous = candidate
    }
    guard let best else { preconditionFailure("a range of counts is never empty") }
    var choice = try Choice(
      space: space,
      columnNames: columnNames,
      options: options,
      workers: workers
    ).judge(runs)
    // The labels of other methods than k-means do not follow from centroids: the best is kept.
    if options.method != .kMeans { choice.clusterCount = best.quality.clusterCount }
    let chosen = try chosen(choice.clusterCount, among: runs, unless: best)
    return SweepResult(
      best: clustering(chosen),
      quality: quality,
      tried: tried,
      histories: histories,
      collapsedShare: collapsed.map {
        1 - Double($0.distinct.rowCount) / Double(space.rows.rowCount)
      },
      method: best.report,
      choice: choice,
      requestedCount: requestedCount,
      distinctRows: distinctRows
    )
  }

  /// The numbers of clusters asked for, as far as there are distinct rows.
  private var countsTried: ClosedRange<Int> {
    guard given.isEmpty else { return requestedOrFewer...requestedOrFewer }
    let counts = options.clusterCounts
    return min(counts.lowerBound, distinctRows)...requestedOrFewer
  }

  private var requestedOrFewer: Int { min(requestedCount, distinctRows) }

  /// For each start its centroids for each number of clusters.
  private func sampledStarts(_ counts: ClosedRange<Int>) throws(ClusterError) -> [[[Value]]] {
    guard options.seeding == .sampled else {
      return try SeededStarts(rows: space.rows, options: options, workers: workers)
        .centroids(counts)
    }
    let sampled = SampledStarts(space: space, options: options, deadline: deadline)
    return try workers.map(blocks: options.starts) { start throws(ClusterError) in
      try sampled.centroids(start: start, clusterCounts: counts)
    }
  }

  /// The starting centroids of every start for one number of clusters.
  private func starts(
    _ count: Int,
    sampled: [[Value]],
    previous: Candidate<Value>?
  ) throws(ClusterError) -> [[Value]] {
    guard given.isEmpty else { return [distinctStarts.prefix(count).flatMap(\.self)] }
    guard let previous, sampled.count > 1 else { return sampled }
    var random = RandomStream(seed: options.seed, stream: options.starts + count)
    let extended = try Seeding(rows: space.rows, workers: workers).extend(
      previous.attempt.centroids,
      gaps: previous.assignment.gaps,
      random: &random
    )
    return sampled.dropLast() + [extended]
  }

  /// The centroids to start from; where too few rows are distinct, each of them once.
  private var distinctStarts: [[Value]] {
    guard distinctRows < given.count else { return given }
    var seen: Set<[Value]> = []
    let unique = given.filter { seen.insert($0).inserted }
    guard unique.count < distinctRows else { return unique }
    return unique + Array(repeating: given[0], count: distinctRows - unique.count)
  }

  /// The best of some starts for one number of clusters, with its labels and figures.
  private func fit(
    _ starts: [[Value]],
    clusterCount: Int
  ) throws(ClusterError) -> Candidate<Value> {
    guard options.method == .kMeans else { return try judged(families.fit(starts)) }
    let engine = options.engine.resolved(
      columnCount: space.rows.columnCount,
      clusterCount: clusterCount
    )
    let lloyd = try Lloyd(
      space: space,
      engine: engine,
      options: options,
      workers: workers,
      collapsed: collapsed,
      deadline: deadline
    )
    let (attempt, assignment) = try lloyd.assignedBest(of: starts)
    let quality = try lloyd.quality(assignment, centroids: attempt.centroids, space: space)
    return Candidate(
      attempt: attempt,
      assignment: assignment,
      quality: quality,
      dispersion: lloyd.dispersion(assignment, centroids: attempt.centroids, space: space),
      engine: engine
    )
  }

  private var families: Families<Value> {
    Families(space: space, options: options, workers: workers)
  }

  /// The clusters of the bisecting method for each number of clusters; empty for other methods.
  private func bisected(_ counts: ClosedRange<Int>) throws(ClusterError) -> [FamilyFit<Value>] {
    guard options.method == .bisecting else { return [] }
    return try Bisecting(space: space, options: options, workers: workers).fits(counts)
  }

  /// A fit of another method than k-means, with its figures.
  private func judged(_ fit: FamilyFit<Value>) throws(ClusterError) -> Candidate<Value> {
    let lloyd = try Lloyd(space: space, engine: .fused, options: options, workers: workers)
    let assignment = try families.assignment(fit)
    let centroids = fit.attempt.centroids
    return Candidate(
      attempt: fit.attempt,
      assignment: assignment,
      quality: try lloyd.quality(assignment, centroids: centroids, space: space),
      dispersion: lloyd.dispersion(assignment, centroids: centroids, space: space),
      engine: .fused,
      report: families.report(fit)
    )
  }

  /// The run for one number of clusters, with its labels again where `best` is another.
  private func chosen(
    _ clusterCount: Int,
    among runs: [SweepRun<Value>],
    unless best: Candidate<Value>
  ) throws(ClusterError) -> Candidate<Value> {
    guard best.quality.clusterCount != clusterCount,
      let run = runs.first(where: { $0.clusterCount == clusterCount })
    else { return best }
    let lloyd = try Lloyd(space: space, engine: run.engine, options: options, workers: workers)
    return Candidate(
      attempt: run.attempt,
      assignment: try lloyd.assign(run.attempt.centroids),
      quality: run.quality,
      dispersion: run.dispersion,
      engine: run.engine
    )
  }

  private func summary(_ candidate: Candidate<Value>) -> TriedClustering {
    TriedClustering(
      clusterCount: candidate.quality.clusterCount,
      centroids: space.unscaled(candidate.attempt.centroids),
      inertia: candidate.quality.inertia,
      rounds: candidate.attempt.rounds,
      converged: candidate.attempt.converged,
      isOutOfTime: candidate.attempt.isOutOfTime
    )
  }

  private func clustering(_ candidate: Candidate<Value>) -> Clustering {
    Clustering(
      labels: candidate.assignment.labels.array(),
      centroids: space.unscaled(candidate.attempt.centroids),
      clusterCount: candidate.quality.clusterCount,
      columnCount: space.rows.columnCount,
      inertia: candidate.quality.inertia,
      rounds: candidate.attempt.rounds,
      converged: candidate.attempt.converged,
      engine: candidate.engine.rawValue
    )
  }
}

/// The best run for one number of clusters, with all that later steps need of it.
private struct Candidate<Value: ClusterValue>: Sendable {
  let attempt: Attempt<Value>
  let assignment: Assignment<Value>
  let quality: ClusterQuality
  let dispersion: Dispersion
  let engine: EngineChoice
  var report: MethodReport?

  /// What the choice between numbers of clusters needs of it.
  func run(keepsLabels: Bool) -> SweepRun<Value> {
    SweepRun(
      attempt: attempt,
      quality: quality,
      dispersion: dispersion,
      engine: engine,
      labels: keepsLabels
        ? RowLabels(labels: assignment.labels, clusterCount: quality.clusterCount) : nil
    )
  }

  /// Higher silhouette; an undefined one loses, and ties stay with the other, which has fewer clusters.
  ///
  /// Mixtures, whose clusters may lie within each other, go by their BIC.
  func isBetter(than other: Candidate) -> Bool {
    if let own = report?.mixture, let others = other.report?.mixture { return own.bic < others.bic }
    let own = quality.simplifiedSilhouette
    let others = other.quality.simplifiedSilhouette
    return own > others || (others.isNaN && !own.isNaN)
  }
}

extension ClusterRows {
  /// How many rows of a weight above 0 differ from all such before them, counted up to a limit.
  func distinctCount(upTo limit: Int) -> Int {
    var seen: Set<[Value]> = []
    for index in 0..<rowCount where seen.count < limit {
      if weights.map({ $0[index] > 0 }) ?? true { seen.insert(row(index)) }
    }
    return seen.count
  }
}
