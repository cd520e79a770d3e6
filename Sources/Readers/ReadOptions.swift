public import Tables

/// How many rejected rows a run may have.
public enum RejectLimit: Hashable, Sendable {
  /// So many.
  case count(Int)
  /// So many of a hundred rows read.
  case percent(Double)
}

/// How a ledger is read, as opposed to what it means.
public struct ReadOptions: Hashable, Sendable {
  /// Bytes of input in each split; 1 to 256 MiB.
  ///
  /// 256 KiB keeps a split and its columns in a core's cache.
  public var splitBytes = 256 << 10
  /// The longest record, in bytes with its line end, up to 512 MiB; a longer one is an error (an open
  /// quote would swallow the file).
  public var longestRecord = 16 << 20
  /// Rejected rows that are allowed.
  public var rejectLimit: RejectLimit = .count(0)
  /// Rows after this moment are filtered under the rule name `after_as_of`.
  public var asOf: Instant?
  /// The most bytes that removing repeated rows may hold.
  public var repeatedRowsMemory = 4 << 30
  /// Whether the manifest names inputs by SHA-256 instead of by an xxHash tree.
  public var secureIdentity = false

  /// The largest splits and records, which keep all offsets of a batch below 2^31.
  static let splitBytesLimit = 256 << 20
  static let longestRecordLimit = 512 << 20

  /// The defaults.
  public init() {}
}

/// What an input was when it was read.
public struct InputIdentity: Hashable, Sendable {
  /// The path as it was given, or `-` for standard input.
  public var path: String
  /// Bytes as stored (compressed where it is).
  public var byteCount: UInt64
  /// `xxh3-tree:<hex>` or `sha256:<hex>`, over the stored bytes.
  public var digest: String

  /// Names an input.
  public init(path: String, byteCount: UInt64, digest: String) {
    self.path = path
    self.byteCount = byteCount
    self.digest = digest
  }
}

/// Rows and money that went one way.
public struct RowTally: Hashable, Sendable {
  /// Rows.
  public var rows = 0
  /// The money of the rows whose amount could be read.
  public var money = Money.zero
  /// Rows whose amount could not be read.
  public var unreadableAmounts = 0

  /// Nothing.
  public init() {}
}

/// What became of every row, so that rows read = kept + filtered + rejected + blank.
public struct ReadSummary: Sendable {
  /// All records and blank lines behind the header.
  public var rowsRead = 0
  /// Rows that reached the aggregates.
  public var kept = RowTally()
  /// Rows taken out, under the first rule that matched, in declared order
  /// (`repeated_rows` first, `after_as_of` last, where they apply).
  public var filtered: [(rule: String, tally: RowTally)] = []
  /// Rows that could not be read.
  public var rejected = RowTally()
  /// Blank and comment lines.
  public var blank = 0
  /// The inputs in the order in which they were read.
  public var inputs: [InputIdentity] = []
  /// Decompressed bytes that were scanned.
  public var bytesScanned: UInt64 = 0
  /// The moment of the newest kept row; nil when no row was kept.
  public var newestInstant: Instant?
  /// Things a user should know, such as a newest day far ahead of all others.
  public var warnings: [String] = []

  /// Nothing read.
  public init() {}
}
