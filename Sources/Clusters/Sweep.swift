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
  private let startRows: [Int]
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
    startRows: [Int],
    workers: Workers
  ) throws(ClusterError) {
    for row in startRows where !(0..<matrix.rowCount).contains(row) {
      throw .startRowOutside(row: row, rows: matrix.rowCount)
    }
    requestedCount = startRows.isEmpty ? options.clusterCounts.upperBound : startRows.count
    let limit = ClusterRows<Value>.maxCentroidValues
    guard requestedCount <= limit / matrix.columnCount, requestedCount <= Int(UInt16.max) else {
      throw .tooManyClusters(clusters: requestedCount, columns: matrix.columnCount, limit: limit)
    }
    deadline = options.maxSeconds.map { ProcessMeter.wallSeconds + $0 }
    let space = try ClusterSpace<Value>(matrix, weights: weights, workers: workers)
    self.space = space
    collapsed = try ClusterError.translate(space.rows, clusterCount: 1) { () throws(KernelError) in
      options.collapse ? try CollapsedRows<Value>(space.rows) : nil
    }
    self.options = options
    columnNames = matrix.names
    self.startRows = startRows
    self.workers = workers
    distinctRows = space.rows.distinctCount(upTo: requestedCount)
  }

  /// Tries every number of clusters and keeps the labels of the one that is chosen.
  func run() throws(ClusterError) -> SweepResult {
    let counts = countsTried
    let sampled = startRows.isEmpty ? try sampledStarts(counts) : []
    var previous: Candidate<Value>?
    var best: Candidate<Value>?
    var tried: [TriedClustering] = []
    var quality: [ClusterQuality] = []
    var histories: [[ClusterRound]] = []
    var runs: [SweepRun<Value>] = []
    for count in counts {
      let starts = try starts(
        count,
        sampled: sampled.map { $0[count - counts.lowerBound] },
        previous: previous
      )
      let candidate = try fit(starts, clusterCount: count)
      if best.map({ candidate.isBetter(than: $0) }) ?? true { best = candidate }
      tried.append(summary(candidate))
      quality.append(candidate.quality)
      histories.append(candidate.attempt.history.map(space.unscaled))
      runs.append(candidate.run(keepsLabels: options.choice.needsLabels))
      previous = candidate
    }
    guard let best else { preconditionFailure("a range of counts is never empty") }
    let choice = try Choice(
      space: space,
      columnNames: columnNames,
      options: options,
      workers: workers
    ).judge(runs)
    let chosen = try chosen(choice.clusterCount, among: runs, unless: best)
    return SweepResult(
      best: clustering(chosen),
      quality: quality,
      tried: tried,
      histories: histories,
      collapsedShare: collapsed.map {
        1 - Double($0.distinct.rowCount) / Double(space.rows.rowCount)
      },
      choice: choice,
      requestedCount: requestedCount,
      distinctRows: distinctRows
    )
  }

  /// The numbers of clusters asked for, as far as there are distinct rows.
  private var countsTried: ClosedRange<Int> {
    guard startRows.isEmpty else { return min(startRows.count, distinctRows)...requestedOrFewer }
    let counts = options.clusterCounts
    return min(counts.lowerBound, distinctRows)...requestedOrFewer
  }

  private var requestedOrFewer: Int { min(requestedCount, distinctRows) }

  /// For each start its centroids for each number of clusters.
  private func sampledStarts(_ counts: ClosedRange<Int>) throws(ClusterError) -> [[[Value]]] {
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
    guard startRows.isEmpty else { return [distinctStarts.prefix(count).flatMap(\.self)] }
    guard let previous, sampled.count > 1 else { return sampled }
    var random = RandomStream(seed: options.seed, stream: options.starts + count)
    let extended = try Seeding(rows: space.rows, workers: workers).extend(
      previous.attempt.centroids,
      gaps: previous.assignment.gaps,
      random: &random
    )
    return sampled.dropLast() + [extended]
  }

  /// The rows to start from; where too few rows are distinct, each of them once.
  private var distinctStarts: [[Value]] {
    let starts = startRows.map(space.rows.row)
    guard distinctRows < startRows.count else { return starts }
    var seen: Set<[Value]> = []
    let unique = starts.filter { seen.insert($0).inserted }
    guard unique.count < distinctRows else { return unique }
    return unique + Array(repeating: starts[0], count: distinctRows - unique.count)
  }

  /// The best of some starts for one number of clusters, with its labels and figures.
  private func fit(
    _ starts: [[Value]],
    clusterCount: Int
  ) throws(ClusterError) -> Candidate<Value> {
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
  func isBetter(than other: Candidate) -> Bool {
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
