internal import Generators
internal import Kernels

/// What `generate` writes.
public struct GenerateOptions: Sendable {
  /// Rows without the header.
  public var rows = 1_000_000
  /// Customers asked for; some may get no row.
  public var customers = 50_000
  /// Every random choice comes from this.
  public var seed: UInt64 = 0
  /// Whether rows are scattered instead of in the order of time.
  public var isShuffled = false
  /// Whether every field is quoted.
  public var quotesAll = false
  /// Bytes of each customer id; 0 for the layout's own numbers.
  public var keyBytes = 0
  /// The file, which is replaced in one step; or `-` for standard output.
  public var output = "-"
  /// Threads; nil for one a processor.
  public var workerCount: Int?

  /// A million rows to standard output.
  public init() {}
}

/// Writes synthetic ledgers.
public enum Generate {
  /// Writes the ledger: the same bytes for the same options, whatever the threads.
  ///
  /// - Parameters:
  ///   - options: What to write, and where to.
  ///   - interrupted: Called where a signal ends the process; the file is as it was.
  /// - Throws: ``RunError``, the file being as it was; or ``Console/ClosedPipe`` where nobody reads any
  ///   more.
  public static func ledger(
    _ options: GenerateOptions,
    interrupted: @escaping @Sendable () -> Void
  ) throws {
    let file = FileReplacement(path: options.output)
    let cancellation = Cancellation()
    // Nothing has to be taken back of what is written as it is: the signal ends the process itself.
    if file.isStaged {
      cancellation.abandonOnSignal(file)
      cancellation.watchSignals(tell: interrupted)
    }
    do throws(GenerateError) {
      let generator = try LedgerGenerator(
        rows: options.rows,
        customers: options.customers,
        seed: options.seed,
        shuffle: options.isShuffled,
        quotesAll: options.quotesAll,
        keyBytes: options.keyBytes
      )
      let workers = options.workerCount.map(Workers.init(count:)) ?? .all
      try generator.write(to: file, workers: workers)
    } catch {
      cancellation.waitForEndIfCancelled()
      if case .cannotWrite(_, let sink) = error, sink.isClosedPipe { throw Console.ClosedPipe() }
      throw RunError(stage: .generate, cause: error)
    }
  }
}
