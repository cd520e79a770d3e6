// Methods that label the rows by the centroids and move the centroids by the labels, in turns, until
// they rest. They differ in the distance, in the rows that count and in what the middle of a cluster
// is; rounds, rest and empty clusters are the same for all, and the same as for k-means.

internal import Kernels

/// Where one round has got to.
struct AlternationRound<Value: ClusterValue>: Sendable {
  /// For each row its label, or ``leftOutLabel``.
  let labels: RowBuffer<UInt16>
  /// For each row its distance to its centroid, as the method measures it.
  let gaps: RowBuffer<Value>
  /// Rows of each label, and what else the method adds up.
  var partial: ClusterPartial
  /// What the method minimises, for these labels and the centroids that they come from.
  var objective = Double.infinity
}

/// Labels rows by centroids and moves centroids by labels, in turns.
protocol AlternatingMethod<Value>: Sendable {
  associatedtype Value: ClusterValue

  var pass: RowPass<Value> { get }
  var options: ClusterOptions { get }
  /// Rest is a squared shift of at most this; with 0 only bits at rest are rest.
  var tolerance: Double { get }

  /// A start as the method needs it.
  func prepared(_ centroids: [Value]) -> [Value]
  /// Labels all rows and adds them up.
  func label(_ round: inout AlternationRound<Value>, by centroids: [Value]) throws(KernelError)
  /// The middles of the rows of each label; a label without rows keeps its centroid.
  func moved(
    _ round: AlternationRound<Value>,
    from centroids: [Value]
  ) throws(KernelError) -> [Value]
  /// The result for centroids that stay.
  func finished(
    _ attempt: Attempt<Value>,
    _ round: AlternationRound<Value>
  ) throws(KernelError) -> FamilyFit<Value>
}

extension AlternatingMethod {
  func prepared(_ centroids: [Value]) -> [Value] { centroids }

  func finished(
    _ attempt: Attempt<Value>,
    _ round: AlternationRound<Value>
  ) throws(KernelError) -> FamilyFit<Value> {
    FamilyFit(attempt: attempt, labels: round.labels)
  }

  /// The start that ends with the lowest objective, ties to the first.
  func best(of starts: [[Value]]) throws(ClusterError) -> FamilyFit<Value> {
    let clusterCount = (starts.first?.count ?? 0) / pass.rows.columnCount
    return try ClusterError.translate(pass.rows, clusterCount: clusterCount) {
      () throws(KernelError) in
      var best = try run(starts[0])
      for start in starts.dropFirst() { best = .better(best, try run(start)) }
      return best
    }
  }

  private func run(_ start: [Value]) throws(KernelError) -> FamilyFit<Value> {
    var attempt = Attempt(centroids: prepared(start))
    var round = AlternationRound<Value>(
      labels: RowBuffer(rowCount: pass.rows.rowCount, filledWith: 0),
      gaps: RowBuffer(rowCount: pass.rows.rowCount, filledWith: 0),
      partial: ClusterPartial(
        clusterCount: start.count / pass.rows.columnCount,
        columnCount: pass.rows.columnCount
      )
    )
    while !attempt.converged && attempt.rounds < options.maxRounds {
      try label(&round, by: attempt.centroids)
      if round.partial.counts.contains(0) { try refill(&round, centroids: attempt.centroids) }
      attempt.advance(to: try moved(round, from: attempt.centroids), tolerance: tolerance)
    }
    try label(&round, by: attempt.centroids)
    attempt.inertia = round.objective
    return try finished(attempt, round)
  }

  /// Gives each empty cluster, in ascending order, the row that is farthest from its centroid.
  ///
  /// The row leaves its cluster, which must have another; ties go to the lowest row.
  private func refill(
    _ round: inout AlternationRound<Value>,
    centroids: [Value]
  ) throws(KernelError) {
    var counts = round.partial.counts
    var taken: Set<Int> = []
    for empty in counts.indices where counts[empty] == 0 {
      var farthest: Int?
      for row in 0..<pass.rows.rowCount {
        let label = round.labels[row]
        guard label != leftOutLabel, counts[Int(label)] > 1 else { continue }
        let isFarther = farthest.map { round.gaps[row] > round.gaps[$0] } ?? true
        if isFarther && !taken.contains(row) { farthest = row }
      }
      guard let row = farthest else { break }
      taken.insert(row)
      counts[Int(round.labels[row])] -= 1
      counts[empty] += 1
      round.labels.set(UInt16(empty), at: row)
    }
    guard !taken.isEmpty else { return }
    round.partial = try pass.gather(round.labels, centroids: centroids)
  }
}

extension Attempt {
  /// Goes on to the next centroids, and says whether it rests there.
  mutating func advance(to moved: [Value], tolerance: Double) {
    let shift = zip(moved, centroids).reduce(0.0) { sum, pair in
      let step = Double(pair.0) - Double(pair.1)
      return sum + step * step
    }
    converged = moved == centroids || (tolerance > 0 && shift <= tolerance)
    centroids = moved
    rounds += 1
  }
}
