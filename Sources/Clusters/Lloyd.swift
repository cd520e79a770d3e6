// Lloyd's rounds for several starts side by side.
//
// One pass over the rows serves every start that is still moving: a block is read into the cache once
// and each start labels and adds it up there, so the starts share the memory traffic and all workers
// are busy to the end. What a start computes depends on its own centroids alone: the sums of a block
// come from the kernels in canonical order, blocks are added in order within a chunk of fixed size,
// chunks in order. So the number of workers, the engine and the company of other starts change no bit.
//
// Labels are not compared between rounds. The update is a function of the labels, so centroids whose
// bits rest mean that the labels rest, and the other way round: that is scikit-learn's strict
// convergence. With weights 0 excepted, which no centroid feels.

internal import Kernels

/// Where one start has got to.
struct Attempt<Value: ClusterValue>: Sendable {
  /// k × d, row-major.
  var centroids: [Value]
  /// Assign–update rounds done.
  var rounds = 0
  /// Whether it rests by the rule of the options.
  var converged = false
  /// Whether time ran out before it rested.
  var isOutOfTime = false
  /// Sum of squared distances to `centroids`, scaled.
  var inertia = Double.infinity
  /// One record a round, scaled; empty for starts on samples.
  var history: [ClusterRound] = []
}

/// A start that moves, with what its engine carries.
struct Mover<Value: ClusterValue>: Sendable {
  let index: Int
  let engine: any ExactEngine<Value>
  /// The labels of all rows, where the engine labels distinct rows only.
  let expanded: RowBuffer<UInt16>?
}

/// What a round gives for one start.
struct RoundSums: Sendable {
  var partial: ClusterPartial
  /// Pairs of row and centroid whose distance was computed.
  var computed = 0
}

/// The assign–update rounds of k-means.
///
/// Source: S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28(2), 1982.
struct Lloyd<Value: ClusterValue>: Sendable {
  let rows: ClusterRows<Value>
  /// What finds the nearest centroids in the rounds; never `auto`.
  let engine: ClusterEngine
  /// What computes all distances where they are wanted at once.
  let direct: NearestEngine
  let norms: RowBuffer<Value>?
  let collapsed: CollapsedRows<Value>?
  let maxRounds: Int
  /// When the rounds end, by ``ProcessMeter/wallSeconds``; nil for never.
  let deadline: Double?
  /// Rest is a squared shift of at most this, in scaled units; with 0 only bits at rest are rest.
  let tolerance: Double
  let workers: Workers
  let scratches: [ClusterScratch<Value>]
  private let boundsMemory: Int
  private let totalSquares: Double?

  init(
    space: ClusterSpace<Value>,
    engine choice: EngineChoice,
    options: ClusterOptions,
    workers: Workers,
    collapsed: CollapsedRows<Value>? = nil,
    deadline: Double? = nil
  ) throws(ClusterError) {
    rows = space.rows
    engine = choice.engine
    let direct = choice.direct
    self.direct = direct
    self.collapsed = collapsed
    self.deadline = deadline
    maxRounds = options.maxRounds
    boundsMemory = options.boundsMemory
    tolerance = options.tolerance * space.meanVariance
    totalSquares = space.totalSquares
    self.workers = workers
    scratches = (0..<workers.count).map { _ in ClusterScratch() }
    let labelled = collapsed?.distinct ?? space.rows
    norms = try ClusterError.translate(rows, clusterCount: 1) { () throws(KernelError) in
      guard direct.needsNorms else { return nil }
      if direct == .blas { try BLAS.prepare() }
      return try labelled.norms(workers: workers)
    }
  }

  /// The rows whose nearest centroids are found: all of them, or the distinct ones.
  var labelled: ClusterRows<Value> { collapsed?.distinct ?? rows }

  /// Moves every start until it rests, `maxRounds` have passed, or the time is over.
  func run(_ starts: [[Value]]) throws(ClusterError) -> [Attempt<Value>] {
    var attempts = try move(starts)
    let inertias = try inertias(attempts.map(\.centroids))
    for index in attempts.indices { attempts[index].inertia = inertias[index] }
    return attempts
  }

  /// The start that ends with the lowest inertia, ties to the first.
  func best(of starts: [[Value]]) throws(ClusterError) -> Attempt<Value> {
    let attempts = try run(starts)
    return attempts.dropFirst().reduce(attempts[0]) { $1.inertia < $0.inertia ? $1 : $0 }
  }

  /// The same with the labels and sums of its centroids.
  func assignedBest(
    of starts: [[Value]]
  ) throws(ClusterError) -> (attempt: Attempt<Value>, assignment: Assignment<Value>) {
    guard starts.count == 1 else {
      let attempt = try best(of: starts)
      return (attempt, try assign(attempt.centroids))
    }
    var attempt = try move(starts)[0]
    let assignment = try assign(attempt.centroids)
    attempt.inertia = assignment.partial.inertia
    return (attempt, assignment)
  }

  /// The rounds alone, for as many starts at once as the memory for their bounds allows.
  private func move(_ starts: [[Value]]) throws(ClusterError) -> [Attempt<Value>] {
    let largest = starts.map { $0.count / rows.columnCount }.max() ?? 0
    let atOnce = try startsAtOnce(clusterCount: largest)
    var moved: [Attempt<Value>] = []
    while moved.count < starts.count {
      let end = min(starts.count, moved.count.addingReportingOverflow(atOnce).partialValue)
      moved += try move(batch: Array(starts[moved.count..<end]))
    }
    return moved
  }

  private func move(batch starts: [[Value]]) throws(ClusterError) -> [Attempt<Value>] {
    var attempts = starts.map { Attempt(centroids: $0) }
    var movers = try makeMovers(starts)
    while !movers.isEmpty {
      let begin = ProcessMeter.wallSeconds
      let sums = try round(movers, attempts.map(\.centroids))
      for (mover, sums) in zip(movers, sums) {
        try advance(&attempts[mover.index], sums, since: begin)
      }
      let isLate = deadline.map { ProcessMeter.wallSeconds >= $0 } ?? false
      movers.removeAll { mover in
        let attempt = attempts[mover.index]
        let isDone = attempt.converged || attempt.rounds >= maxRounds
        if isLate && !isDone { attempts[mover.index].isOutOfTime = true }
        return isDone || isLate
      }
    }
    return attempts
  }

  /// How many starts' bounds fit into the memory for them.
  private func startsAtOnce(clusterCount: Int) throws(ClusterError) -> Int {
    guard let kind = engine.bounds else { return .max / 2 }
    let needed = BoundsEngine.byteCount(rows: labelled, kind: kind, clusterCount: clusterCount)
    guard let needed, needed <= boundsMemory else {
      throw .boundsTooLarge(engine: engine, byteCount: needed ?? .max, limit: boundsMemory)
    }
    return boundsMemory / max(1, needed)
  }

  private func makeMovers(_ starts: [[Value]]) throws(ClusterError) -> [Mover<Value>] {
    let largest = starts.map { $0.count / rows.columnCount }.max() ?? 0
    return try ClusterError.translate(rows, clusterCount: largest) { () throws(KernelError) in
      var movers: [Mover<Value>] = []
      for (index, centroids) in starts.enumerated() {
        let expanded =
          collapsed == nil ? nil : RowBuffer<UInt16>(rowCount: rows.rowCount, filledWith: 0)
        movers.append(
          Mover(index: index, engine: try makeEngine(centroids), expanded: expanded)
        )
      }
      return movers
    }
  }

  private func makeEngine(_ centroids: [Value]) throws(KernelError) -> any ExactEngine<Value> {
    let isCollapsed = collapsed != nil
    if let kind = engine.bounds {
      return try BoundsEngine(
        rows: labelled,
        kind: kind,
        centroids: centroids,
        keepsSums: !isCollapsed
      )
    }
    return BlockEngine(rows: labelled, nearest: direct, norms: norms, keepsLabels: isCollapsed)
  }

  /// Moves the centroids of one start to the means of their rows.
  private func advance(
    _ attempt: inout Attempt<Value>,
    _ sums: RoundSums,
    since begin: Double
  ) throws(ClusterError) {
    var partial = sums.partial
    if partial.counts.contains(0) {
      try refill(&partial, centroids: attempt.centroids)
    }
    let moved = means(partial, instead: attempt.centroids)
    let shift = zip(moved, attempt.centroids).reduce(0.0) { sum, pair in
      let step = Double(pair.0) - Double(pair.1)
      return sum + step * step
    }
    attempt.converged = moved == attempt.centroids || (tolerance > 0 && shift <= tolerance)
    attempt.rounds += 1
    if let totalSquares {
      let pairs = rows.rowCount * partial.counts.count
      attempt.history.append(
        ClusterRound(
          round: attempt.rounds,
          seconds: ProcessMeter.wallSeconds - begin,
          inertia: inertia(sums.partial, attempt.centroids, totalSquares: totalSquares),
          distancesComputed: sums.computed,
          distancesSkipped: pairs - sums.computed,
          squaredShift: shift
        )
      )
    }
    attempt.centroids = moved
  }

  /// Σ w |x|² − 2 Σ c·s + Σ m |c|², with the sum s and the weight m of each label: the inertia without
  /// a distance, but for what cancels.
  private func inertia(
    _ partial: ClusterPartial,
    _ centroids: [Value],
    totalSquares: Double
  ) -> Double {
    let change = centroids.indices.reduce(0.0) { sum, index in
      let value = Double(centroids[index])
      let mass = partial.mass(index / rows.columnCount)
      return sum + value * (value * mass - 2 * partial.sums[index])
    }
    return max(0, totalSquares + change)
  }

  /// The means of the rows of each label; a label without weight keeps its centroid.
  func means(_ partial: ClusterPartial, instead centroids: [Value]) -> [Value] {
    centroids.indices.map { index in
      let mass = partial.mass(index / rows.columnCount)
      return mass > 0 ? Value(partial.sums[index] / mass) : centroids[index]
    }
  }
}
