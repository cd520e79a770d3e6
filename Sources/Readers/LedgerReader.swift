// Reads a ledger with several workers, in one pass over the bytes.
//
// Workers take pieces of the inputs in order. Each reads and scans its piece ahead, settles with its
// predecessor where its first record begins (SplitText.swift), builds a batch, and hands it to `absorb`.
// What leaves in order are rejects alone; everything else is counted, and counts can be added in any
// order.

public import Kernels
import Synchronization
public import Tables

/// Reads the rows of a ledger in batches.
public struct LedgerReader: Sendable {
  private let format: LedgerFormat
  private let options: ReadOptions

  /// A reader of ledgers of one format.
  public init(format: LedgerFormat, options: ReadOptions) {
    precondition((1...ReadOptions.splitBytesLimit).contains(options.splitBytes), "no such split")
    precondition(
      (1...ReadOptions.longestRecordLimit).contains(options.longestRecord),
      "no such limit of records"
    )
    self.format = format
    self.options = options
  }

  /// Reads all inputs.
  ///
  /// - Parameters:
  ///   - inputs: In the order in which their rows count as earlier or later.
  ///   - workers: How many batches are built at once.
  ///   - absorb: Given each batch and the number of the worker that built it; a worker's calls come one
  ///     after the other. When it throws, reading stops.
  ///   - rejects: Given the rows that cannot be read, in the order of the input, from any thread.
  ///   - progress: Given the number of bytes of each piece that is done, from any thread.
  /// - Returns: What became of every row.
  /// - Throws: ``ReadError``; `stopped` when `absorb` threw.
  public func read(
    _ inputs: [InputFile],
    workers: Workers,
    absorb: @escaping @Sendable (Int, borrowing TransactionBatch) throws -> Void,
    rejects: @escaping @Sendable ([Reject]) -> Void,
    progress: @escaping @Sendable (UInt64) -> Void
  ) throws(ReadError) -> ReadSummary {
    let (opened, plans) = try open(inputs)
    let pass = LedgerPass(
      format: format,
      options: options,
      time: try TimePattern.compile(format.timeFormat),
      filters: try FilterProgram(format, asOf: options.asOf),
      inputs: SharedInputs(inputs: opened),
      plans: plans,
      source: PieceSource(opened, splitBytes: options.splitBytes),
      rejects: RejectQueue(limit: options.rejectLimit.stopCount, deliver: rejects),
      absorb: absorb,
      progress: progress
    )
    let parts = try pass.run(workers)
    return try LedgerSummary(parts, pass: pass, format: format, options: options).value
  }

  /// Opens inputs and finds their columns, and reads no row.
  ///
  /// - Parameter inputs: Files; of pipes, what is looked at would be missing later.
  /// - Throws: What ``read(_:workers:absorb:rejects:progress:)`` throws before its first row.
  public func check(_ inputs: [InputFile]) throws(ReadError) {
    _ = try open(inputs)
    _ = try FilterProgram(format, asOf: options.asOf)
    _ = try TimePattern.compile(format.timeFormat)
  }

  private func open(_ inputs: [InputFile]) throws(ReadError) -> ([OpenInput], [ColumnPlan]) {
    try format.quantityFormat.validate()
    try format.moneyFormat.validate()
    let opener = InputOpener(dialect: format.dialect, options: options)
    var opened: [OpenInput] = []
    var plans: [ColumnPlan] = []
    for (ordinal, file) in inputs.enumerated() {
      let input = try opener.open(file, ordinal: ordinal)
      plans.append(try ColumnPlan(format, header: input.header, path: file.path))
      opened.append(input)
    }
    return (opened, plans)
  }
}

extension RejectLimit {
  /// Rejects after which reading need not go on; a share is known at the end alone.
  fileprivate var stopCount: Int {
    switch self {
    case .count(let count): count
    case .percent: Int.max
    }
  }
}

/// What one worker found.
struct WorkerPart: Sendable {
  var tallies = RowTallies()
  var blank = 0
  var oddRejects = 0
  var newestPlace: (place: RowPlace, line: Int)?
  var currencies: [[UInt8]: (place: RowPlace, line: Int)] = [:]
  var bytesScanned: UInt64 = 0
}

/// Open inputs, shared by the workers.
struct SharedInputs: @unchecked Sendable {
  // Ranges are read at offsets; streams are touched under the lock of the piece source alone.
  let inputs: [OpenInput]
}

/// One pass over the inputs.
struct LedgerPass: Sendable {
  let format: LedgerFormat
  let options: ReadOptions
  let time: TimeSyntax
  let filters: FilterProgram
  let inputs: SharedInputs
  let plans: [ColumnPlan]
  let source: PieceSource
  let rejects: RejectQueue
  let absorb: @Sendable (Int, borrowing TransactionBatch) throws -> Void
  let progress: @Sendable (UInt64) -> Void
  private let handoffs = Turnstile(Handoff(recordBegin: 0, lines: 0, identity: IdentityTree()))
  private let seenRows = Turnstile(RowSet())
  private let identities = FinishedIdentities()

  init(
    format: LedgerFormat,
    options: ReadOptions,
    time: TimeSyntax,
    filters: FilterProgram,
    inputs: SharedInputs,
    plans: [ColumnPlan],
    source: PieceSource,
    rejects: RejectQueue,
    absorb: @escaping @Sendable (Int, borrowing TransactionBatch) throws -> Void,
    progress: @escaping @Sendable (UInt64) -> Void
  ) {
    self.format = format
    self.options = options
    self.time = time
    self.filters = filters
    self.inputs = inputs
    self.plans = plans
    self.source = source
    self.rejects = rejects
    self.absorb = absorb
    self.progress = progress
  }

  /// Reads everything; the error of the lowest piece wins.
  func run(_ workers: Workers) throws(ReadError) -> [WorkerPart] {
    let failure = LowestFailure()
    let parts = workers.map(blocks: workers.count) { worker in work(worker, failure) }
    // What failed behind the last reject that is delivered would not have been read by one worker.
    if let error = failure.error, !rejects.isOver { throw error }
    return parts
  }

  /// What each input was, in order.
  func identity(of input: Int) -> InputIdentity? { identities[input] }

  private func work(_ worker: Int, _ failure: LowestFailure) -> WorkerPart {
    var part = WorkerPart()
    var text = SplitText(dialect: format.dialect.scan)
    var builder = BatchBuilder(format, time: time, filters: filters)
    do throws(PieceFailure) {
      while let piece = try source.next(&text) {
        part.bytesScanned += try read(piece, &text, &builder, worker)
      }
    } catch {
      failure.note(error)
      source.stop()
      // Pieces before this one are in the hands of others, and may yet fail themselves.
      handoffs.close(after: error.piece)
      seenRows.close(after: error.piece)
    }
    part.tallies = builder.tallies
    part.blank = builder.blank
    part.oddRejects = builder.oddRejects
    part.newestPlace = builder.newestPlace
    part.currencies = builder.currencies
    return part
  }

  private func read(
    _ piece: Piece,
    _ text: inout SplitText,
    _ builder: inout BatchBuilder,
    _ worker: Int
  ) throws(PieceFailure) -> UInt64 {
    do throws(ReadError) {
      return try absorb(piece, &text, &builder, worker)
    } catch {
      throw PieceFailure(piece: piece.number, error: error)
    }
  }

  private func absorb(
    _ piece: Piece,
    _ text: inout SplitText,
    _ builder: inout BatchBuilder,
    _ worker: Int
  ) throws(ReadError) -> UInt64 {
    let input = inputs.inputs[piece.input]
    try settle(piece, input, &text)
    let repeated = filters.repeatedVerdict.map {
      RepeatedRowsFilter(
        seen: seenRows,
        piece: piece.number,
        verdict: $0,
        memoryLimit: options.repeatedRowsMemory
      )
    }
    let found = try builder.build(
      &text,
      plan: plans[piece.input],
      input: input,
      repeated: repeated
    )
    defer { builder.giveBack(&text) }
    do { try absorb(worker, builder.batch) } catch { throw .stopped }
    switch rejects.add(found, ofPiece: piece.number) {
    case .all: break
    case .untilPause: source.stopAtPause()
    case .none: source.stop()
    }
    let bytes = piece.range.map { UInt64($0.count) } ?? UInt64(text.records.count)
    progress(bytes)
    return bytes
  }

  /// Finds the records of a piece, in the order of the pieces.
  private func settle(
    _ piece: Piece,
    _ input: OpenInput,
    _ text: inout SplitText
  ) throws(ReadError) {
    guard let range = piece.range, case .ranges(let handle, let fileBytes) = input.storage else {
      guard let handoff = handoffs.take(piece.number) else { throw .stopped }
      return handoffs.pass(handoff, after: piece.number)
    }
    let target = SplitText.Target(
      handle: handle,
      path: input.file.path,
      range: range,
      fileBytes: fileBytes,
      dataBegin: input.dataBegin,
      longestRecord: options.longestRecord
    )
    let digests = try text.readAhead(target)
    guard var handoff = handoffs.take(piece.number) else { throw .stopped }
    if range.lowerBound == 0 {
      handoff = Handoff(recordBegin: input.dataBegin, lines: 0, identity: IdentityTree())
    }
    handoff = try text.settle(target, after: handoff)
    handoff.identity.append(digests)
    if piece.isLast { identities.set(piece.input, input, handoff.identity) }
    handoffs.pass(handoff, after: piece.number)
  }
}

/// The error of the lowest piece that failed.
private final class LowestFailure: Sendable {
  private let state = Mutex<PieceFailure?>(nil)

  var error: ReadError? { state.withLock { $0?.error } }

  /// `stopped` tells that a lower piece failed, or that `absorb` threw.
  func note(_ failure: PieceFailure) {
    state.withLock { lowest in
      if lowest.map({ failure.piece < $0.piece }) ?? true { lowest = failure }
    }
  }
}

/// What the inputs were that have been read to their end.
private final class FinishedIdentities: Sendable {
  private let state = Mutex<[Int: InputIdentity]>([:])

  subscript(input: Int) -> InputIdentity? { state.withLock { $0[input] } }

  func set(_ index: Int, _ input: OpenInput, _ tree: IdentityTree) {
    guard case .ranges(_, let byteCount) = input.storage else { return }
    let identity = InputIdentity(
      path: input.file.path,
      byteCount: byteCount,
      digest: "xxh3-tree:\(tree.finish(byteCount: byteCount))"
    )
    state.withLock { $0[index] = identity }
  }
}
