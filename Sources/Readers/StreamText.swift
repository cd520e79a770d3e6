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
  private var storedIsAtEnd = false
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

  /// Reads on until `count` bytes wait or the input ends.
  func load(atLeast count: Int) throws(ReadError) {
    var filled = waiting.count
    waiting.append(contentsOf: repeatElement(0, count: max(0, count - filled)))
    while filled < count, !isAtEnd {
      filled += try isCompressed ? decompress(from: filled) : copyStored(from: filled)
    }
    waiting.removeLast(waiting.count - filled)
  }

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

  /// Gives the next complete records.
  ///
  /// - Returns: Nil when there are none left.
  func next(into text: inout SplitText) throws(ReadError) -> StreamPiece? {
    var wanted = max(waiting.count, options.splitBytes)
    while true {
      try load(atLeast: wanted)
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
      wanted = min(waiting.count * 2, waiting.count + options.longestRecord)
    }
  }

  private func copyStored(from index: Int) throws(ReadError) -> Int {
    try refill()
    if isCompressed { return 0 }
    if storedRange.isEmpty { isAtEnd = true }
    let count = min(storedRange.count, waiting.count - index)
    waiting.replaceSubrange(index..<index + count, with: stored[storedRange.prefix(count)])
    storedRange = storedRange.dropFirst(count)
    return count
  }

  private func decompress(from index: Int) throws(ReadError) -> Int {
    try refill()
    do {
      let (taken, given) = try gunzip.inflate(
        stored,
        storedRange,
        into: &waiting,
        index..<waiting.count
      )
      storedRange = storedRange.dropFirst(taken)
      if given == 0, storedIsAtEnd, storedRange.isEmpty {
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

  /// Reads stored bytes where none are left, and notes what they are.
  private func refill() throws(ReadError) {
    guard storedRange.isEmpty, !storedIsAtEnd else { return }
    let isFirst = storedOffset == 0
    let found: Int?
    do {
      found = try handle.readNext(count: stored.count, into: &stored, from: 0) {
        isStopped.load(ordering: .relaxed)
      }
    } catch {
      throw .unreadable(path: path, reason: error)
    }
    guard let count = found else { throw .stopped }
    storedRange = 0..<count
    storedOffset += UInt64(count)
    storedIsAtEnd = count < stored.count
    if isFirst { isCompressed = stored[..<count].starts(with: [0x1F, 0x8B]) }
    note(count)
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
