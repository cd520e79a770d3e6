// Several numbers of clusters, several starts each.
//
// The starts of one number of clusters run side by side (see Lloyd.swift). Start s is one greedy
// k-means++ sequence of its own random stream; k clusters take its first k centroids, so the seeding
// is paid for once, not for each k. From the second k on, the last start extends the best result for
// k − 1 by one more centroid instead (Likas et al. 2003): it cannot do worse than k − 1 did, which
// random starts can.

internal import Kernels
internal import Tables

/// One call of ``KMeans``, in one precision.
struct Sweep<Value: ClusterValue>: Sendable {
  /// Rows that are tried as the centroid that extends k − 1 clusters.
  private static var extensionCandidates: Int { 16 }

  private let space: ClusterSpace<Value>
  private let options: ClusterOptions
  private let startRows: [Int]
  private let workers: Workers
  private let requestedCount: Int
  private let distinctRows: Int

  init(
    _ matrix: FeatureMatrix,
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
    space = try ClusterSpace(matrix, workers: workers)
    self.options = options
    self.startRows = startRows
    self.workers = workers
    distinctRows = space.rows.distinctCount(upTo: requestedCount)
  }

  /// Tries every number of clusters and keeps the labels of the best alone.
  func run() throws(ClusterError) -> SweepResult {
    let counts = countsTried
    let sequences = startRows.isEmpty ? try greedySequences(clusterCount: counts.upperBound) : []
    var previous: Candidate<Value>?
    var best: Candidate<Value>?
    var tried: [TriedClustering] = []
    var quality: [ClusterQuality] = []
    for count in counts {
      let starts = try starts(count, sequences: sequences, previous: previous)
      let candidate = try fit(starts, clusterCount: count)
      if best.map({ candidate.isBetter(than: $0) }) ?? true { best = candidate }
      tried.append(summary(candidate))
      quality.append(candidate.quality)
      previous = candidate
    }
    guard let best else { preconditionFailure("a range of counts is never empty") }
    return SweepResult(
      best: clustering(best),
      quality: quality,
      tried: tried,
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

  private func greedySequences(clusterCount: Int) throws(ClusterError) -> [[Value]] {
    let seeding = Seeding(rows: space.rows, workers: workers)
    var sequences: [[Value]] = []
    for start in 0..<options.starts {
      var random = RandomStream(seed: options.seed, stream: start)
      do throws(KernelError) {
        sequences.append(try seeding.sequence(clusterCount: clusterCount, random: &random))
      } catch {
        throw ClusterError(error, rows: space.rows, clusterCount: clusterCount)
      }
    }
    return sequences
  }

  /// The starting centroids of every start for one number of clusters.
  private func starts(
    _ count: Int,
    sequences: [[Value]],
    previous: Candidate<Value>?
  ) throws(ClusterError) -> [[Value]] {
    guard startRows.isEmpty else {
      return [distinctStarts.prefix(count).flatMap(\.self)]
    }
    var starts = sequences.map { Array($0.prefix(count * space.rows.columnCount)) }
    guard let previous, starts.count > 1 else { return starts }
    var random = RandomStream(seed: options.seed, stream: options.starts + count)
    do throws(KernelError) {
      starts[starts.count - 1] = try Seeding(rows: space.rows, workers: workers).extend(
        previous.attempt.centroids,
        gaps: previous.assignment.gaps,
        candidateCount: Self.extensionCandidates,
        random: &random
      )
    } catch {
      throw ClusterError(error, rows: space.rows, clusterCount: count)
    }
    return starts
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
      rows: space.rows.rowCount,
      columns: space.rows.columnCount,
      clusters: clusterCount
    )
    let lloyd = try Lloyd(
      space: space,
      engine: engine == .blas ? .blas : .fused,
      options: options,
      workers: workers
    )
    let attempts = try lloyd.run(starts)
    let winner = attempts.indices.min { attempts[$0].inertia < attempts[$1].inertia } ?? 0
    let assignment = try lloyd.assign(attempts[winner].centroids)
    let quality = try lloyd.quality(
      assignment,
      centroids: attempts[winner].centroids,
      space: space
    )
    return Candidate(
      attempt: attempts[winner],
      assignment: assignment,
      quality: quality,
      engine: engine
    )
  }

  private func summary(_ candidate: Candidate<Value>) -> TriedClustering {
    TriedClustering(
      clusterCount: candidate.quality.clusterCount,
      centroids: space.unscaled(candidate.attempt.centroids),
      inertia: candidate.quality.inertia,
      rounds: candidate.attempt.rounds,
      converged: candidate.attempt.converged
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
  let engine: ClusterEngine

  /// Higher silhouette; an undefined one loses, and ties stay with the other, which has fewer clusters.
  func isBetter(than other: Candidate) -> Bool {
    let own = quality.simplifiedSilhouette
    let others = other.quality.simplifiedSilhouette
    return own > others || (others.isNaN && !own.isNaN)
  }
}

extension ClusterRows {
  /// How many rows differ from all before them, counted up to a limit.
  func distinctCount(upTo limit: Int) -> Int {
    var seen: Set<[Value]> = []
    for index in 0..<rowCount where seen.count < limit { seen.insert(row(index)) }
    return seen.count
  }
}
