// Lloyd's rounds for several starts side by side.
//
// One pass over the rows serves every start that is still moving: a block is read into the cache once
// and each start labels and adds it up there, so the starts share the memory traffic and all workers
// are busy to the end. What a start computes depends on its own centroids alone: the sums of a block
// come from the kernels in canonical order, blocks are added in order within a chunk of fixed size,
// chunks in order. So the number of workers and the company of other starts change no bit.
//
// Labels are not kept between rounds. The update is a function of the labels, so centroids whose bits
// rest mean that the labels rest, and the other way round: that is scikit-learn's strict convergence.

internal import Kernels

/// Where one start has got to.
struct Attempt<Value: ClusterValue>: Sendable {
  /// k × d, row-major.
  var centroids: [Value]
  /// Assign–update rounds done.
  var rounds = 0
  /// Whether it rests by the rule of the options.
  var converged = false
  /// Sum of squared distances to `centroids`, scaled.
  var inertia = Double.infinity
}

/// What one worker holds during a pass: its memory, and the result of each chunk that it did.
private struct WorkerState<Value: ClusterValue, State: Sendable>: Sendable {
  let scratch: ClusterScratch<Value>
  var chunks: [(Int, State)]
}

/// Labels and sums for final centroids.
struct Assignment<Value: ClusterValue>: Sendable {
  let labels: RowBuffer<UInt16>
  let gaps: RowBuffer<Value>
  let partial: ClusterPartial
}

/// The assign–update rounds of k-means.
///
/// Source: S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28(2), 1982.
struct Lloyd<Value: ClusterValue>: Sendable {
  let rows: ClusterRows<Value>
  let engine: NearestEngine
  let norms: RowBuffer<Value>?
  let maxRounds: Int
  /// Rest is a squared shift of at most this, in scaled units; with 0 only bits at rest are rest.
  let tolerance: Double
  let workers: Workers
  private let scratches: [ClusterScratch<Value>]

  /// Blocks that one worker does in a row: enough to pay for waking it.
  private static var blocksPerChunk: Int { 8 }

  init(
    space: ClusterSpace<Value>,
    engine: NearestEngine,
    options: ClusterOptions,
    workers: Workers
  ) throws(ClusterError) {
    rows = space.rows
    self.engine = engine
    maxRounds = options.maxRounds
    tolerance = options.tolerance * space.meanVariance
    self.workers = workers
    scratches = (0..<workers.count).map { _ in ClusterScratch() }
    norms = try ClusterError.translate(rows, clusterCount: 1) { () throws(KernelError) in
      guard engine.needsNorms else { return nil }
      if engine == .blas { try BLAS.prepare() }
      return try space.rows.norms(workers: workers)
    }
  }

  /// Moves every start until it rests or `maxRounds` have passed.
  func run(_ starts: [[Value]]) throws(ClusterError) -> [Attempt<Value>] {
    var attempts = starts.map { Attempt(centroids: $0) }
    var active = Array(attempts.indices)
    while !active.isEmpty {
      let partials = try pass(active.map { attempts[$0].centroids }, wantsInertia: false)
      for (index, partial) in zip(active, partials) {
        try advance(&attempts[index], partial)
      }
      active.removeAll { attempts[$0].converged || attempts[$0].rounds >= maxRounds }
    }
    let final = try pass(attempts.map(\.centroids), wantsInertia: true)
    for index in attempts.indices { attempts[index].inertia = final[index].inertia }
    return attempts
  }

  /// The start that ends with the lowest inertia, ties to the first.
  func best(of starts: [[Value]]) throws(ClusterError) -> Attempt<Value> {
    let attempts = try run(starts)
    return attempts.dropFirst().reduce(attempts[0]) { $1.inertia < $0.inertia ? $1 : $0 }
  }

  /// Labels, distances and sums for centroids that stay.
  func assign(_ centroids: [Value]) throws(ClusterError) -> Assignment<Value> {
    let labels = RowBuffer<UInt16>(rowCount: rows.rowCount, filledWith: 0)
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: 0)
    let partials = try pass([centroids], wantsInertia: true, labels: labels, gaps: gaps)
    return Assignment(labels: labels, gaps: gaps, partial: partials[0])
  }

  /// One pass over all rows for several sets of centroids; outputs by row are for a single set.
  private func pass(
    _ sets: [[Value]],
    wantsInertia: Bool,
    labels: RowBuffer<UInt16>? = nil,
    gaps: RowBuffer<Value>? = nil
  ) throws(ClusterError) -> [ClusterPartial] {
    let empty = sets.map {
      ClusterPartial(clusterCount: $0.count / rows.columnCount, columnCount: rows.columnCount)
    }
    let largest = empty.map(\.counts.count).max() ?? 0
    return try ClusterError.translate(rows, clusterCount: largest) { () throws(KernelError) in
      try chunked(from: empty) { scratch, block, partials throws(KernelError) in
        for index in sets.indices {
          try rows.assign(
            block: block,
            centroids: sets[index],
            engine: engine,
            norms: norms,
            wantsInertia: wantsInertia,
            scratch: scratch,
            partial: &partials[index],
            labels: labels,
            gaps: gaps
          )
        }
      } merge: { total, next in
        for index in total.indices { total[index].add(next[index]) }
      }
    }
  }

  /// Folds the blocks of each chunk in order, and then the chunks in order.
  func chunked<State: Sendable>(
    from empty: State,
    _ body: @Sendable (ClusterScratch<Value>, Int, inout State) throws(KernelError) -> Void,
    merge: (inout State, State) -> Void
  ) throws(KernelError) -> State {
    let chunkCount = (rows.blockCount + Self.blocksPerChunk - 1) / Self.blocksPerChunk
    let states = try workers.fold(
      blocks: chunkCount,
      into: { WorkerState(scratch: scratches[$0], chunks: []) }
    ) { (own: inout WorkerState<Value, State>, chunk) throws(KernelError) in
      var state = empty
      let end = min(rows.blockCount, (chunk + 1) * Self.blocksPerChunk)
      for block in chunk * Self.blocksPerChunk..<end {
        try body(own.scratch, block, &state)
      }
      own.chunks.append((chunk, state))
    }
    var total = empty
    for (_, state) in states.flatMap(\.chunks).sorted(by: { $0.0 < $1.0 }) {
      merge(&total, state)
    }
    return total
  }

  /// Moves the centroids of one start to the means of their rows.
  private func advance(
    _ attempt: inout Attempt<Value>,
    _ partial: ClusterPartial
  ) throws(ClusterError) {
    var partial = partial
    if partial.counts.contains(0) {
      try refill(&partial, centroids: attempt.centroids)
    }
    let moved = means(partial, instead: attempt.centroids)
    let shift = zip(moved, attempt.centroids).reduce(0.0) { sum, pair in
      let step = Double(pair.0) - Double(pair.1)
      return sum + step * step
    }
    attempt.converged = moved == attempt.centroids || (tolerance > 0 && shift <= tolerance)
    attempt.centroids = moved
    attempt.rounds += 1
  }

  /// The means of the rows of each label; a label without rows keeps its centroid.
  func means(_ partial: ClusterPartial, instead centroids: [Value]) -> [Value] {
    centroids.indices.map { index in
      let count = partial.counts[index / rows.columnCount]
      return count == 0 ? centroids[index] : Value(partial.sums[index] / Double(count))
    }
  }

  /// Gives each empty cluster, in ascending order, the row that is farthest from its centroid.
  ///
  /// The row leaves its cluster, which must have another; ties go to the lowest row. Rare, so one
  /// thread does it, in O(n) for each empty cluster.
  private func refill(
    _ partial: inout ClusterPartial,
    centroids: [Value]
  ) throws(ClusterError) {
    let assignment = try assign(centroids)
    var taken: Set<Int> = []
    for empty in partial.counts.indices where partial.counts[empty] == 0 {
      var farthest: Int?
      for row in 0..<rows.rowCount where partial.counts[Int(assignment.labels[row])] > 1 {
        let isFarther = farthest.map { assignment.gaps[row] > assignment.gaps[$0] } ?? true
        if isFarther && !taken.contains(row) { farthest = row }
      }
      guard let row = farthest else { return }
      taken.insert(row)
      move(row, from: Int(assignment.labels[row]), to: empty, in: &partial)
    }
  }

  private func move(_ row: Int, from donor: Int, to cluster: Int, in partial: inout ClusterPartial)
  {
    let columns = rows.columnCount
    for (column, value) in rows.row(row).enumerated() {
      partial.sums[donor * columns + column] -= Double(value)
      partial.sums[cluster * columns + column] += Double(value)
    }
    partial.counts[donor] -= 1
    partial.counts[cluster] += 1
  }
}

extension ClusterError {
  /// Does `body`, and says what a kernel's refusal means here.
  static func translate<Value, Result>(
    _ rows: ClusterRows<Value>,
    clusterCount: Int,
    _ body: () throws(KernelError) -> Result
  ) throws(ClusterError) -> Result {
    do throws(KernelError) {
      return try body()
    } catch {
      guard error != .serialBLAS else { throw .serialBLAS }
      throw .tooManyClusters(
        clusters: clusterCount,
        columns: rows.columnCount,
        limit: ClusterRows<Value>.maxCentroidValues
      )
    }
  }
}
