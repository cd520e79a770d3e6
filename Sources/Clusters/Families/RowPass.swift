internal import Kernels

/// Passes over the rows whose sums do not depend on how blocks are spread over workers.
struct RowPass<Value: ClusterValue>: Sendable {
  let rows: ClusterRows<Value>
  let workers: Workers

  /// Blocks that one worker does in a row: enough to pay for waking it.
  private static var blocksPerChunk: Int { 8 }

  /// Folds the blocks of each chunk in order, and then the chunks in order.
  func fold<Scratch: Sendable, State: Sendable>(
    scratch makeScratch: @Sendable () -> Scratch,
    from empty: State,
    _ body: @Sendable (Scratch, Int, inout State) throws(KernelError) -> Void,
    merge: (inout State, State) -> Void
  ) throws(KernelError) -> State {
    let chunkCount = (rows.blockCount + Self.blocksPerChunk - 1) / Self.blocksPerChunk
    let states = try workers.fold(
      blocks: chunkCount,
      into: { _ in ChunkStates<Scratch, State>(scratch: makeScratch()) }
    ) { (own: inout ChunkStates<Scratch, State>, chunk) throws(KernelError) in
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

  /// Labels, squared distances and sums by the nearest centroids.
  func assign(
    _ centroids: [Value],
    labels: RowBuffer<UInt16>,
    gaps: RowBuffer<Value>
  ) throws(KernelError) -> ClusterPartial {
    try fold(
      scratch: { ClusterScratch<Value>() },
      from: ClusterPartial(
        clusterCount: centroids.count / rows.columnCount,
        columnCount: rows.columnCount
      )
    ) { scratch, block, partial throws(KernelError) in
      try rows.assign(
        block: block,
        centroids: centroids,
        engine: .fused,
        wantsInertia: true,
        scratch: scratch,
        partial: &partial,
        labels: labels,
        gaps: gaps
      )
    } merge: {
      $0.add($1)
    }
  }

  /// Sums, and squared distances to the centroids, by given labels.
  func gather(
    _ labels: RowBuffer<UInt16>,
    centroids: [Value],
    gaps: RowBuffer<Value>? = nil
  ) throws(KernelError) -> ClusterPartial {
    let clusterCount = centroids.count / rows.columnCount
    return try fold(
      scratch: { rows.gatherScratch(clusterCount: clusterCount) },
      from: ClusterPartial(clusterCount: clusterCount, columnCount: rows.columnCount)
    ) { scratch, block, partial throws(KernelError) in
      try rows.gather(
        block: block,
        labels: labels,
        centroids: centroids,
        scratch: scratch,
        partial: &partial,
        gaps: gaps
      )
    } merge: {
      $0.add($1)
    }
  }

  /// Counts digits of keys in all blocks.
  ///
  /// Counts are whole, so the order in which workers add them up does not show.
  func count(
    _ digits: KeyDigits,
    _ body: @Sendable (Int, inout [UInt32]) -> Void
  ) -> [UInt32] {
    let empty = Array(repeating: UInt32(0), count: digits.prefixes.count << digits.bits)
    let parts = workers.fold(blocks: rows.blockCount, into: { _ in empty }) {
      (counts: inout [UInt32], block) in body(block, &counts)
    }
    return parts.dropFirst().reduce(into: parts[0]) { total, part in
      for index in total.indices { total[index] += part[index] }
    }
  }

  /// The means of the rows of each label; a label without rows keeps its centroid.
  func means(_ partial: ClusterPartial, instead centroids: [Value]) -> [Value] {
    centroids.indices.map { index in
      let count = partial.counts[index / rows.columnCount]
      return count == 0 ? centroids[index] : Value(partial.sums[index] / Double(count))
    }
  }
}

/// What one worker holds during a pass: its memory, and the result of each chunk that it did.
private struct ChunkStates<Scratch: Sendable, State: Sendable>: Sendable {
  let scratch: Scratch
  var chunks: [(Int, State)] = []
}
