internal import Aggregates
internal import Kernels
internal import Tables

/// How a ledger is cut up and handed over; no result may depend on it.
struct Handover {
  var workerCount = 1
  var batchRows = 100
  var padding = 64
  var isReversed = false
  var sizes = CustomerFoldSizes()
}

/// Customers of `rows`, which stand in order of file and offset.
func aggregate(
  _ rows: [Transaction],
  _ options: AggregateOptions = AggregateOptions(),
  _ handover: Handover = Handover()
) throws -> Aggregation {
  let workers = Workers(count: handover.workerCount)
  let aggregator = Aggregator(options: options, workers: workers, sizes: handover.sizes)
  var batches = cut(rows, every: handover.batchRows)
  if handover.isReversed { batches.reverse() }
  let inTurn = batches
  _ = try workers.fold(
    blocks: handover.workerCount,
    into: { _ in 0 },
    { (_: inout Int, worker: Int) throws(AggregateError) in
      for index in stride(from: worker, to: inTurn.count, by: handover.workerCount) {
        let batch = TransactionBatch(
          inTurn[index],
          padding: handover.padding,
          orders: options.orders == .column
        )
        try aggregator.absorb(batch, worker: worker)
      }
    }
  )
  return try aggregator.finish(workers: workers)
}

/// Pieces of at most `count` rows of one file each.
private func cut(_ rows: [Transaction], every count: Int) -> [ArraySlice<Transaction>] {
  var pieces: [ArraySlice<Transaction>] = []
  var begin = 0
  for index in rows.indices.dropFirst() + [rows.endIndex] {
    let isNextFile =
      index < rows.endIndex && rows[index].place.fileOrdinal != rows[begin].place.fileOrdinal
    if index == rows.endIndex || index - begin == count || isNextFile {
      pieces.append(rows[begin..<index])
      begin = index
    }
  }
  return pieces.filter { !$0.isEmpty }
}
