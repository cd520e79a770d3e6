// Batches are formatted by all workers at once, each into a buffer of its own, grouped by file. Whoever
// finishes the batch whose turn it is hashes and writes it, and the batches behind it that wait, while
// the others go on formatting. So every file gets its rows in ascending order, its bytes do not depend
// on the workers, and no more than a few batches are in memory.

public import Kernels
internal import Synchronization
internal import Tables

/// Writes the customers as CSV files, one folder a group.
///
/// Rows are in ascending byte order of the key within a group. Text is byte-exact, quoted as RFC 4180
/// says; lines end with LF; instants are ISO 8601; amounts are exact decimals; gap figures have six
/// decimals and are empty where they are not defined.
public struct CustomerWriter: Sendable {
  private let options: WriteOptions

  /// A writer with these options.
  public init(options: WriteOptions) {
    self.options = options
  }

  /// Writes `customers/segment=champions/part-00000.csv` and so on, or `customers/part-00000.csv`
  /// where nothing is partitioned.
  ///
  /// - Parameters:
  ///   - table: The customers and what is known about them.
  ///   - publication: Where the files go; it lists them.
  ///   - workers: How many batches are formatted at once.
  /// - Returns: The files in ascending order of group and part. A group without customers has none.
  /// - Throws: ``WriteError/repeatedColumn(_:)``, ``WriteError/partitionMissing(column:)``,
  ///   ``WriteError/badValue``, ``WriteError/abandoned`` or an error of the system.
  public func write(
    _ table: CustomerTable,
    into publication: Publication,
    workers: Workers
  ) throws(WriteError) -> [WrittenFile] {
    let columns = try table.columns(options: options)
    let grouping = try table.grouping(of: options.partition)
    let customers = table.customers
    let plan = try PartitionPlan(
      grouping,
      customers: customers,
      rowsPerPart: options.rowsPerPart
    )
    let files = PartFiles(
      publication: publication,
      folders: folders(grouping),
      header: csvHeader(columns.map(\.name)),
      moneyScale: table.moneyScale
    )
    let order = InOrder<FormattedBatch>(limit: workers.count + 2)
    let spares = Mutex<[TextBuffer]>([])

    _ = try workers.fold(blocks: customers.batchCount, into: { _ in 0 }) {
      (_: inout Int, block: Int) throws(WriteError) in
      do throws(WriteError) {
        var formatted = FormattedBatch(text: spares.withLock { $0.popLast() } ?? TextBuffer())
        let batch = customers.batch(at: block)
        let first = customers.rows(ofBatch: block).lowerBound
        let format = RowFormat(
          columns: columns.map { $0.values(batch, first) },
          isDefused: options.neutralizeFormulas
        )
        try formatted.fill(plan.pieces(ofBatch: block), of: batch, by: format)
        try order.submit(
          formatted,
          as: block,
          take: { (batch: inout FormattedBatch) throws(WriteError) in try files.claim(&batch) },
          complete: { (batch: inout FormattedBatch) throws(WriteError) in
            try files.write(batch)
            var spare = TextBuffer()
            swap(&spare, &batch.text)
            spare.removeAll()
            spares.withLock { $0.append(spare) }
          }
        )
      } catch {
        order.cancel()
        throw error
      }
    }
    if grouping == nil { try files.openFirst() }
    return try files.finish(workers: workers)
  }

  private func folders(_ grouping: Grouping?) -> [String] {
    guard let grouping else { return ["customers"] }
    let column = options.partition.rawValue
    return grouping.names.map {
      "customers/\(HivePath.folder(column: column, value: $0.id))"
    }
  }
}

/// The text of one batch, cut into pieces by file.
struct FormattedBatch: Sendable {
  /// A piece's place among the files, its text and its exact sum.
  struct Part: Sendable {
    let piece: PartitionPlan.Piece
    let text: Range<Int>
    let money: Int128
    /// Where the text goes, once its turn has come.
    var target: (file: OutputFile, claim: OutputFile.Claim)?
  }

  var text: TextBuffer
  var parts: [Part] = []

  /// Takes an empty buffer.
  init(text: TextBuffer) {
    self.text = text
  }

  /// Formats the rows of a batch.
  mutating func fill(
    _ plan: (order: [UInt32]?, pieces: [PartitionPlan.Piece]),
    of batch: CustomerBatch,
    by format: RowFormat
  ) throws(WriteError) {
    for piece in plan.pieces {
      let begin = text.count
      var money: Int128 = 0
      do throws(KernelError) {
        if let order = plan.order {
          for row in order[piece.rows] { money += batch.net(Int(row)) }
          try format.append(rows: order[piece.rows], to: &text)
        } else {
          for row in piece.rows { money += batch.net(row) }
          try format.append(range: piece.rows, to: &text)
        }
      } catch {
        throw .badValue
      }
      parts.append(Part(piece: piece, text: begin..<text.count, money: money))
    }
  }
}
