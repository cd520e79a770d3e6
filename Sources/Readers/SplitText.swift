// How a range of a file is read without waiting for the one before it.
//
// A record belongs to the split that holds its first byte. Where the first record of a split begins is
// only known once all records before it have been followed, because a line end may stand inside quotes.
// So a worker guesses that the first line end in its split ends a record, scans from there, and then
// waits for its predecessor to say where its last record ended. If that is where the guess was, the
// scan stands; if not, the split is scanned again from there. Then the worker follows its own last
// record to its end, which may lie in later splits, and tells its successor. Only what happens between
// being told and telling is done in order.

import Kernels

/// What one split tells the next.
struct Handoff: Sendable {
  /// Where the next record begins.
  var recordBegin: UInt64
  /// Physical lines before the next split.
  var lines: Int
  /// What the file's bytes are, up to the next split.
  var identity: IdentityTree
}

/// Complete records taken from a stream.
struct StreamPiece: Sendable {
  var byteCount: Int
  var lineCount: Int
  var offset: UInt64
  var linesBefore: Int
}

/// A range of an input in memory, cut into records.
///
/// Reused from split to split.
struct SplitText {
  /// Text begins behind the padding that kernels ask for.
  static let origin = TextScan.padding

  /// Text and fields written anew end before this, since kernels gather by signed offsets of 32 bits.
  static let byteLimit = 1 << 31

  /// Bytes read behind a split, where its last record usually ends.
  private static let lookahead = 4096

  var bytes: [UInt8] = []
  private(set) var scan: TextScan
  /// Offset in the input of the byte at `origin`.
  private(set) var originOffset: UInt64 = 0
  /// Physical lines before `lineOrigin`.
  private(set) var linesBefore = 0
  /// The offset in `bytes` that `linesBefore` is counted to.
  private(set) var lineOrigin = SplitText.origin
  /// The records: from the first one's begin to the last one's end.
  private(set) var records = 0..<0
  /// A record that the end of the input left inside quotes.
  private(set) var openRecord: Range<Int>?
  /// One behind the last byte that was read.
  private(set) var filled = 0

  init(dialect: ScanDialect) {
    scan = TextScan(dialect: dialect)
  }

  /// The physical line, from 1, that the byte at `index` of `bytes` stands on.
  func line(of index: Int, in bytes: [UInt8]) -> Int {
    linesBefore + lineCount(bytes, in: lineOrigin..<max(lineOrigin, index)) + 1
  }

  /// Takes the complete records at the front of `waiting`; nil when there is none.
  mutating func takeRecords(
    of waiting: [UInt8],
    isWhole: Bool,
    offset: UInt64,
    linesBefore: Int
  ) -> StreamPiece? {
    place(waiting, offset: offset)
    // Unless this is the end, a CR there is only looked at: it may belong to a CR LF.
    let endsLine = waiting.last == UInt8(ascii: "\n")
    let end = isWhole ? terminated() : endsLine ? filled : filled - 1
    scan.begin(at: Self.origin)
    scan.scan(bytes, upTo: max(Self.origin, end))
    let complete = scan.dropIncompleteRecord(bytes)
    openRecord = isWhole && complete < filled ? complete..<filled : nil
    let last = isWhole ? filled : complete
    guard last > Self.origin else { return nil }
    records = Self.origin..<complete
    lineOrigin = Self.origin
    self.linesBefore = linesBefore
    return StreamPiece(
      byteCount: last - Self.origin,
      lineCount: lineCount(bytes, in: Self.origin..<last),
      offset: offset,
      linesBefore: linesBefore
    )
  }

  private mutating func place(_ waiting: [UInt8], offset: UInt64) {
    reserve(waiting.count)
    bytes.replaceSubrange(Self.origin..<Self.origin + waiting.count, with: waiting)
    filled = Self.origin + waiting.count
    originOffset = offset
  }

  /// Makes room for `count` bytes of text, a line end and the padding.
  private mutating func reserve(_ count: Int) {
    let needed = Self.origin + count + 1 + TextScan.padding
    guard bytes.count < needed else { return }
    precondition(needed <= Self.byteLimit, "offsets of a split fit 31 bits")
    bytes.append(contentsOf: repeatElement(0, count: needed - bytes.count))
  }

  /// Ends the last record where the input does not; says where its text ends.
  private mutating func terminated() -> Int {
    bytes[filled] = 0
    let last = filled > Self.origin ? bytes[filled - 1] : UInt8(ascii: "\n")
    guard last != UInt8(ascii: "\n"), last != UInt8(ascii: "\r") else { return filled }
    bytes[filled] = UInt8(ascii: "\n")
    bytes[filled + 1] = 0
    return filled + 1
  }
}

extension SplitText {
  /// One range of a file, and what is known of it.
  struct Target {
    var handle: InputHandle
    var path: String
    var range: Range<UInt64>
    var fileBytes: UInt64
    var dataBegin: UInt64
    var longestRecord: Int
  }

  /// Reads a range, and scans it from where its first record probably begins.
  ///
  /// - Returns: The value of each identity block that begins in the range.
  mutating func readAhead(_ target: Target) throws(ReadError) -> [UInt8] {
    let begin = target.range.lowerBound
    originOffset = begin == 0 ? 0 : begin - 1
    filled = Self.origin
    try extend(target, to: target.range.upperBound + UInt64(Self.lookahead))
    let digests = try identityBlocks(target)
    scan.begin(at: guess(target))
    scan.scan(bytes, upTo: scanEnd(target))
    return digests
  }

  /// Takes up where the predecessor's last record ended, and follows the last record to its end.
  ///
  /// - Returns: What the next split has to know.
  mutating func settle(_ target: Target, after handoff: Handoff) throws(ReadError) -> Handoff {
    let end = index(target.range.upperBound)
    lineOrigin = index(target.range.lowerBound)
    linesBefore = handoff.lines
    openRecord = nil
    var next = handoff
    guard handoff.recordBegin < target.range.upperBound else {
      next.lines += lineCount(bytes, in: lineOrigin..<end)
      records = end..<end
      scan.begin(at: max(1, end))
      return next
    }
    let begin = index(handoff.recordBegin)
    if begin != scan.beginning {
      scan.begin(at: begin)
      scan.scan(bytes, upTo: scanEnd(target))
    }
    // Lines behind the split are its successor's; a line end that the file lacks is nobody's.
    next.lines += lineCount(bytes, in: lineOrigin..<max(lineOrigin, begin)) + scan.lineCount
    let recordsEnd = try followLastRecord(target)
    records = begin..<recordsEnd
    try refuseLongRecord(target.longestRecord, path: target.path)
    next.recordBegin = originOffset + UInt64((openRecord?.upperBound ?? recordsEnd) - Self.origin)
    return next
  }

  /// Refuses the first record that is longer than `limit`, its line end included.
  func refuseLongRecord(_ limit: Int, path: String) throws(ReadError) {
    guard let begin = beginOfRecord(longerThan: limit) else { return }
    let offset = originOffset + UInt64(begin - Self.origin)
    throw .recordTooLong(path: path, byteOffset: offset, limit: limit)
  }

  private func beginOfRecord(longerThan limit: Int) -> Int? {
    if records.count > limit,
      let begin = scan.beginOfRecord(longerThan: limit, bytes, textEnd: filled)
    {
      return begin
    }
    guard let openRecord, openRecord.count > limit else { return nil }
    return openRecord.lowerBound
  }

  private func index(_ offset: UInt64) -> Int { Self.origin + Int(offset - originOffset) }

  private func isAtEnd(_ target: Target) -> Bool {
    originOffset + UInt64(filled - Self.origin) == target.fileBytes
  }

  /// Reads on to `offset`, or to the end of the file.
  private mutating func extend(_ target: Target, to offset: UInt64) throws(ReadError) {
    let wanted = Int(min(offset, target.fileBytes) - originOffset)
    let count = Self.origin + wanted - filled
    guard count > 0 else { return }
    reserve(wanted)
    let at = originOffset + UInt64(filled - Self.origin)
    let read: Int
    do {
      read = try target.handle.read(at: at, count: count, into: &bytes, from: filled)
    } catch {
      throw .unreadable(path: target.path, reason: error)
    }
    guard read == count else { throw .changed(path: target.path) }
    filled += count
    if isAtEnd(target) { _ = terminated() }
  }

  /// One behind the last byte of the split that is scanned: a missing line end at the end included.
  private func scanEnd(_ target: Target) -> Int {
    let end = index(target.range.upperBound)
    guard target.range.upperBound == target.fileBytes, filled > Self.origin else { return end }
    return bytes[filled] == UInt8(ascii: "\n") ? end + 1 : end
  }

  /// Where the first record begins if the split does not begin inside quotes.
  private func guess(_ target: Target) -> Int {
    let begin = target.range.lowerBound
    let end = index(target.range.upperBound)
    if begin <= target.dataBegin { return min(end, index(max(begin, target.dataBegin))) }
    var at = Self.origin
    while at < end, !endsLine(at) { at += 1 }
    return min(end, at + 1)
  }

  private func endsLine(_ at: Int) -> Bool {
    bytes[at] == UInt8(ascii: "\n")
      || (bytes[at] == UInt8(ascii: "\r") && bytes[at + 1] != UInt8(ascii: "\n"))
  }

  /// Follows the last record to its end; one that has none, or is too long, is left as the open record.
  private mutating func followLastRecord(_ target: Target) throws(ReadError) -> Int {
    if scan.isBetweenRecords(bytes) { return scan.dropIncompleteRecord(bytes) }
    let begin = scan.lastRecordBegin(bytes)
    while true {
      let atEnd = isAtEnd(target)
      // The last byte is only looked at unless it is the last of the file.
      let limit = atEnd ? max(scanEndOfFile(), scan.end) : filled - 1
      if let end = scan.finishRecord(bytes, limit: limit) { return min(end, filled) }
      if atEnd || filled - begin > target.longestRecord {
        openRecord = begin..<filled
        return scan.dropIncompleteRecord(bytes)
      }
      let read = originOffset + UInt64(filled - Self.origin)
      let more = min(filled - begin, target.longestRecord)
      try extend(target, to: read + UInt64(max(Self.lookahead, more)))
    }
  }

  private func scanEndOfFile() -> Int {
    bytes[filled] == UInt8(ascii: "\n") ? filled + 1 : filled
  }

  /// Values of the identity blocks that begin in the range.
  private func identityBlocks(_ target: Target) throws(ReadError) -> [UInt8] {
    let size = UInt64(IdentityTree.blockBytes)
    var digests: [UInt8] = []
    var begin = (target.range.lowerBound + size - 1) / size * size
    while begin < target.range.upperBound {
      let end = min(begin + size, target.fileBytes)
      if index(end) <= filled {
        digests += IdentityTree.digest(ofBlock: bytes, in: index(begin)..<index(end))
      } else {
        digests += try distantBlock(target, begin..<end)
      }
      begin += size
    }
    return digests
  }

  /// Reads a block that the split's own bytes do not hold.
  private func distantBlock(
    _ target: Target,
    _ range: Range<UInt64>
  ) throws(ReadError) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: range.count)
    let read: Int
    do {
      read = try target.handle.read(at: range.lowerBound, count: range.count, into: &block, from: 0)
    } catch {
      throw .unreadable(path: target.path, reason: error)
    }
    guard read == range.count else { throw .changed(path: target.path) }
    return IdentityTree.digest(ofBlock: block, in: 0..<block.count)
  }
}
