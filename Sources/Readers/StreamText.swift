import Kernels
import Synchronization

/// An input that can only be read from front to back: standard input, a pipe, or a gzip stream.
///
/// Bytes that no complete record has taken yet wait here.
final class StreamText {
  private let handle: InputHandle
  private let path: String
  private let options: ReadOptions
  private let gunzip = Gunzip()
  private var scan: TextScan
  private var stored = [UInt8](repeating: 0, count: 256 << 10)
  private var storedRange = 0..<0
  private var storedOffset: UInt64 = 0
  private var storedLimit = NextBytes.Limit.room
  private var waiting: [UInt8] = []
  private var identity = IdentityTree()
  private var identityBlock: [UInt8] = []
  private var secure = SHA256()
  /// Whether the input is gzip.
  private(set) var isCompressed = false
  /// Whether everything has been read and decompressed.
  private(set) var isAtEnd = false
  /// Where the waiting bytes begin in the decompressed input.
  private var waitingOffset: UInt64 = 0
  /// Physical lines before the waiting bytes.
  private var lines = 0
  private let isStopped = Atomic<Bool>(false)
  private let isStoppedByPause = Atomic<Bool>(false)

  init(handle: InputHandle, path: String, dialect: ScanDialect, options: ReadOptions) {
    self.handle = handle
    self.path = path
    self.options = options
    scan = TextScan(dialect: dialect)
  }

  /// The bytes that wait.
  var head: ArraySlice<UInt8> { waiting[...] }

  /// Bytes of the input as stored, read so far.
  var storedByteCount: UInt64 { storedOffset }

  /// What the stored bytes are, once all were read.
  func finishIdentity() -> String {
    if options.secureIdentity { return "sha256:\(secure.hexDigest())" }
    if !identityBlock.isEmpty { addIdentityBlock() }
    return "xxh3-tree:\(identity.finish(byteCount: storedOffset))"
  }

  /// Reads on until `most` bytes wait, or `least` where the input pauses, or the input ends.
  ///
  /// - Throws: ``ReadError``; `stopped` when reading is to end.
  func load(atLeast least: Int, upTo most: Int) throws(ReadError) {
    precondition(1...most ~= least, "there is something to wait for")
    var filled = waiting.count
    waiting.append(contentsOf: repeatElement(0, count: max(0, most - filled)))
    defer { waiting.removeLast(waiting.count - filled) }
    while filled < most, !isAtEnd, !(filled >= least && isPaused) {
      let needed = filled >= least ? 0 : 1
      filled +=
        try isCompressed
        ? decompress(from: filled, needed: needed) : copyStored(from: filled, needed: needed)
    }
  }

  /// Whether everything was taken that came before a pause.
  private var isPaused: Bool { storedLimit == .pause && storedRange.isEmpty }

  /// Forgets the first `count` waiting bytes, which hold so many lines.
  func drop(_ count: Int, lines: Int) {
    waiting.removeFirst(count)
    waitingOffset += UInt64(count)
    self.lines += lines
  }

  /// Ends reading with the error `stopped`, also while another thread waits for bytes.
  func stop() {
    isStopped.store(true, ordering: .relaxed)
  }

  /// Ends reading as ``stop()`` does, but not before the input pauses.
  func stopAtPause() {
    isStoppedByPause.store(true, ordering: .relaxed)
  }

  /// Gives the next complete records: a split of them, or what there is when the input pauses.
  ///
  /// - Returns: Nil when there are none left.
  func next(into text: inout SplitText) throws(ReadError) -> StreamPiece? {
    var least = 1
    var wanted = max(waiting.count, options.splitBytes)
    while true {
      try load(atLeast: least, upTo: wanted)
      if waiting.isEmpty { return nil }
      if let piece = text.takeRecords(
        of: waiting,
        isWhole: isAtEnd,
        offset: waitingOffset,
        linesBefore: lines
      ) {
        try text.refuseLongRecord(options.longestRecord, path: path)
        drop(piece.byteCount, lines: piece.lineCount)
        return piece
      }
      if waiting.count > options.longestRecord {
        throw .recordTooLong(path: path, byteOffset: waitingOffset, limit: options.longestRecord)
      }
      least = waiting.count + 1
      wanted = max(wanted, min(waiting.count * 2, waiting.count + options.longestRecord))
    }
  }

  private func copyStored(from index: Int, needed: Int) throws(ReadError) -> Int {
    try refill(atLeast: needed)
    if isCompressed { return 0 }
    if storedRange.isEmpty, storedLimit == .end { isAtEnd = true }
    let count = min(storedRange.count, waiting.count - index)
    waiting.replaceSubrange(index..<index + count, with: stored[storedRange.prefix(count)])
    storedRange = storedRange.dropFirst(count)
    return count
  }

  private func decompress(from index: Int, needed: Int) throws(ReadError) -> Int {
    try refill(atLeast: needed)
    do {
      let (taken, given) = try gunzip.inflate(
        stored,
        storedRange,
        into: &waiting,
        index..<waiting.count
      )
      storedRange = storedRange.dropFirst(taken)
      if given == 0, storedLimit == .end, storedRange.isEmpty {
        guard gunzip.isComplete else {
          throw ReadError.damaged(path: path, byteOffset: storedOffset, isCutOff: true)
        }
        isAtEnd = true
      }
      return given
    } catch let error as ReadError {
      throw error
    } catch {
      let offset = storedOffset - UInt64(storedRange.count - gunzip.takenBeforeDamage)
      if gunzip.isComplete { throw .trailingBytes(path: path, byteOffset: offset) }
      throw .damaged(path: path, byteOffset: offset, isCutOff: false)
    }
  }

  /// Reads stored bytes where none are left, and notes what they are; does not wait for none.
  private func refill(atLeast needed: Int) throws(ReadError) {
    guard storedRange.isEmpty, storedLimit != .end else { return }
    let isFirst = storedOffset == 0
    let count = try readStored(atLeast: isFirst ? Self.gzipMark.count : needed)
    storedRange = 0..<count
    storedOffset += UInt64(count)
    if isFirst { isCompressed = stored[..<count].starts(with: Self.gzipMark) }
    note(count)
  }

  private static let gzipMark: [UInt8] = [0x1F, 0x8B]

  /// Fills `stored` from its beginning; with fewer bytes than there is room for only at the end, and at
  /// a pause that comes after `least`.
  private func readStored(atLeast least: Int) throws(ReadError) -> Int {
    var filled = 0
    while true {
      if isStopped.load(ordering: .relaxed) { throw .stopped }
      let found: NextBytes
      do {
        found = try handle.readNext(count: stored.count - filled, into: &stored, from: filled)
      } catch {
        throw .unreadable(path: path, reason: error)
      }
      filled += found.count
      storedLimit = found.limit
      guard filled < least, storedLimit == .pause else { break }
      if found.count == 0, isStoppedByPause.load(ordering: .relaxed) { throw .stopped }
    }
    return filled
  }

  private func note(_ count: Int) {
    if options.secureIdentity { return secure.update(Array(stored[..<count])) }
    identityBlock += stored[..<count]
    while identityBlock.count >= IdentityTree.blockBytes { addIdentityBlock() }
  }

  private func addIdentityBlock() {
    let size = min(identityBlock.count, IdentityTree.blockBytes)
    identity.append(IdentityTree.digest(ofBlock: identityBlock, in: 0..<size))
    identityBlock.removeFirst(size)
  }
}
