internal import Kernels

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

/// The passes over the rows.
extension Lloyd {
  /// Blocks that one worker does in a row: enough to pay for waking it.
  private static var blocksPerChunk: Int { 8 }

  /// Labels, distances and sums for centroids that stay.
  func assign(_ centroids: [Value]) throws(ClusterError) -> Assignment<Value> {
    let labels = RowBuffer<UInt16>(rowCount: rows.rowCount, filledWith: 0)
    let gaps = RowBuffer<Value>(rowCount: rows.rowCount, filledWith: 0)
    guard let collapsed else {
      let partials = try pass([centroids], labels: labels, gaps: gaps)
      return Assignment(labels: labels, gaps: gaps, partial: partials[0])
    }
    let partial = try assign(centroids, collapsed: collapsed, labels: labels, gaps: gaps)
    return Assignment(labels: labels, gaps: gaps, partial: partial)
  }

  /// Sums of squared distances for several sets of centroids.
  func inertias(_ sets: [[Value]]) throws(ClusterError) -> [Double] {
    guard collapsed != nil else { return try pass(sets).map(\.inertia) }
    var inertias: [Double] = []
    for centroids in sets { inertias.append(try assign(centroids).partial.inertia) }
    return inertias
  }

  /// One round of all movers.
  func round(
    _ movers: [Mover<Value>],
    _ centroids: [[Value]]
  ) throws(ClusterError) -> [RoundSums] {
    let empty = movers.map { RoundSums(partial: emptyPartial(centroids[$0.index])) }
    let largest = empty.map(\.partial.counts.count).max() ?? 0
    return try ClusterError.translate(rows, clusterCount: largest) { () throws(KernelError) in
      try workers.each(blocks: movers.count) { index throws(KernelError) in
        try movers[index].engine.begin(centroids[movers[index].index])
      }
      if let collapsed {
        return try round(movers, centroids, collapsed: collapsed, from: empty)
      }
      return try chunked(from: empty) { scratch, block, sums throws(KernelError) in
        for (index, mover) in movers.enumerated() {
          sums[index].computed += try mover.engine.pass(
            block: block,
            centroids: centroids[mover.index],
            scratch: scratch,
            partial: &sums[index].partial
          )
        }
      } merge: { total, next in
        for index in total.indices {
          total[index].partial.add(next[index].partial)
          total[index].computed += next[index].computed
        }
      }
    }
  }

  /// The same with distances of the distinct rows alone; all rows are added up, in their own order.
  private func round(
    _ movers: [Mover<Value>],
    _ centroids: [[Value]],
    collapsed: CollapsedRows<Value>,
    from empty: [RoundSums]
  ) throws(KernelError) -> [RoundSums] {
    let computed = try chunked(
      collapsed.distinct,
      from: movers.map { _ in 0 }
    ) { scratch, block, computed throws(KernelError) in
      for (index, mover) in movers.enumerated() {
        computed[index] += try mover.engine.label(
          block: block,
          centroids: centroids[mover.index],
          scratch: scratch
        )
      }
    } merge: { total, next in
      for index in total.indices { total[index] += next[index] }
    }
    var sums = try chunked(from: empty) { scratch, block, sums throws(KernelError) in
      for (index, mover) in movers.enumerated() {
        guard let labels = mover.expanded else { continue }
        collapsed.expand(block: block, mover.engine.labels, into: labels)
        try rows.update(
          block: block,
          labels: labels,
          scratch: scratch,
          partial: &sums[index].partial
        )
      }
    } merge: { total, next in
      for index in total.indices { total[index].partial.add(next[index].partial) }
    }
    for index in sums.indices { sums[index].computed = computed[index] }
    return sums
  }

  /// One pass over all rows for several sets of centroids; outputs by row are for a single set.
  private func pass(
    _ sets: [[Value]],
    labels: RowBuffer<UInt16>? = nil,
    gaps: RowBuffer<Value>? = nil
  ) throws(ClusterError) -> [ClusterPartial] {
    let empty = sets.map(emptyPartial)
    let largest = empty.map(\.counts.count).max() ?? 0
    return try ClusterError.translate(rows, clusterCount: largest) { () throws(KernelError) in
      try chunked(from: empty) { scratch, block, partials throws(KernelError) in
        for index in sets.indices {
          try rows.assign(
            block: block,
            centroids: sets[index],
            engine: direct,
            norms: norms,
            wantsInertia: true,
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

  private func assign(
    _ centroids: [Value],
    collapsed: CollapsedRows<Value>,
    labels: RowBuffer<UInt16>,
    gaps: RowBuffer<Value>
  ) throws(ClusterError) -> ClusterPartial {
    let distinct = collapsed.distinct
    let ownLabels = RowBuffer<UInt16>(rowCount: distinct.rowCount, filledWith: 0)
    let ownGaps = RowBuffer<Value>(rowCount: distinct.rowCount, filledWith: 0)
    let empty = emptyPartial(centroids)
    return try ClusterError.translate(rows, clusterCount: empty.counts.count) {
      () throws(KernelError) in
      _ = try chunked(distinct, from: 0) { scratch, block, _ throws(KernelError) in
        try distinct.label(
          block: block,
          centroids: centroids,
          engine: direct,
          norms: norms,
          scratch: scratch,
          labels: ownLabels,
          gaps: ownGaps
        )
      } merge: { _, _ in
      }
      return try chunked(from: empty) { scratch, block, partial throws(KernelError) in
        collapsed.expand(block: block, ownLabels, into: labels)
        collapsed.expand(block: block, ownGaps, into: gaps)
        try rows.update(
          block: block,
          labels: labels,
          gaps: gaps,
          scratch: scratch,
          partial: &partial
        )
      } merge: {
        $0.add($1)
      }
    }
  }

  private func emptyPartial(_ centroids: [Value]) -> ClusterPartial {
    ClusterPartial(
      clusterCount: centroids.count / rows.columnCount,
      columnCount: rows.columnCount,
      isWeighted: rows.weights != nil
    )
  }

  /// Folds the blocks of each chunk in order, and then the chunks in order.
  func chunked<State: Sendable>(
    from empty: State,
    _ body: @Sendable (ClusterScratch<Value>, Int, inout State) throws(KernelError) -> Void,
    merge: (inout State, State) -> Void
  ) throws(KernelError) -> State {
    try chunked(rows, from: empty, body, merge: merge)
  }

  /// The same for blocks of other rows.
  private func chunked<State: Sendable>(
    _ rows: ClusterRows<Value>,
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
