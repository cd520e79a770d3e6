import Kernels
import Tables

/// Adds up what the workers found, and checks what only the whole tells.
struct LedgerSummary {
  private(set) var value = ReadSummary()

  /// Days between the newest day and the one before it that are worth a warning.
  private static let suspiciousGap: Int32 = 30

  init(
    _ parts: [WorkerPart],
    pass: LedgerPass,
    format: LedgerFormat,
    options: ReadOptions
  ) throws(ReadError) {
    addRows(parts, pass.filters)
    try checkRejects(pass.rejects, options.rejectLimit)
    for (index, input) in pass.inputs.inputs.enumerated() {
      value.inputs.append(try Self.identity(of: input, at: index, pass, options))
    }
    if format.repeatedRows == .keep { noteTwins(pass.inputs.inputs) }
    try checkCurrencies(parts, pass)
    noteNewest(parts, pass)
  }

  private mutating func addRows(_ parts: [WorkerPart], _ filters: FilterProgram) {
    value.kept = Self.tally(parts, verdict: 0)
    value.filtered = filters.names.enumerated().map { index, name in
      (rule: name, tally: Self.tally(parts, verdict: UInt8(index + 1)))
    }
    for verdict in Verdict.lowestReject...Verdict.unreadableAmount {
      let tally = Self.tally(parts, verdict: verdict)
      value.rejected.rows += tally.rows
      value.rejected.money += tally.money
      if verdict == Verdict.unreadableAmount { value.rejected.unreadableAmounts += tally.rows }
    }
    for part in parts {
      value.rejected.rows += part.oddRejects
      value.rejected.unreadableAmounts += part.oddRejects
      value.blank += part.blank
      value.bytesScanned += part.bytesScanned
    }
    value.rowsRead =
      value.kept.rows + value.filtered.reduce(0) { $0 + $1.tally.rows } + value.rejected.rows
      + value.blank
  }

  private static func tally(_ parts: [WorkerPart], verdict: UInt8) -> RowTally {
    var sum = RowTally()
    for part in parts {
      let tally = part.tallies[verdict]
      sum.rows += tally.rows
      sum.money += Money(units: tally.money)
    }
    return sum
  }

  /// Warns about inputs whose bytes another one has, too.
  private mutating func noteTwins(_ opened: [OpenInput]) {
    var firsts: [InputContent: String] = [:]
    for (input, opened) in zip(value.inputs, opened) where opened.mayHaveRows {
      let content = InputContent(byteCount: input.byteCount, digest: input.digest)
      guard let first = firsts[content] else {
        firsts[content] = input.path
        continue
      }
      value.warnings.append(
        """
        \(input.path): the same bytes as \(first), and its rows count once more; if it is a copy, leave \
        it out
        """
      )
    }
  }

  /// What two inputs have in common when one is a copy of the other.
  private struct InputContent: Hashable {
    let byteCount: UInt64
    let digest: String
  }

  private static func identity(
    of input: OpenInput,
    at index: Int,
    _ pass: LedgerPass,
    _ options: ReadOptions
  ) throws(ReadError) -> InputIdentity {
    try refuseChanged(input)
    switch input.storage {
    case .stream(let stream):
      return InputIdentity(
        path: input.file.path,
        byteCount: stream.storedByteCount,
        digest: stream.finishIdentity()
      )
    case .ranges(let handle, let byteCount):
      if options.secureIdentity {
        let digest = try secureDigest(of: handle, byteCount: byteCount, path: input.file.path)
        return InputIdentity(path: input.file.path, byteCount: byteCount, digest: digest)
      }
      // An empty file has no piece, and so no tree yet.
      let empty = "xxh3-tree:\(IdentityTree().finish(byteCount: 0))"
      return pass.identity(of: index)
        ?? InputIdentity(path: input.file.path, byteCount: byteCount, digest: empty)
    }
  }

  private static func refuseChanged(_ input: OpenInput) throws(ReadError) {
    guard let stamp = input.file.stamp else { return }
    let now: FileStamp
    do { now = try FileStamp(path: input.file.path) } catch {
      throw .changed(path: input.file.path)
    }
    if now != stamp { throw .changed(path: input.file.path) }
  }

  private static func secureDigest(
    of handle: InputHandle,
    byteCount: UInt64,
    path: String
  ) throws(ReadError) -> String {
    var hash = SHA256()
    var block = [UInt8](repeating: 0, count: 1 << 20)
    var offset: UInt64 = 0
    while offset < byteCount {
      let count = Int(min(UInt64(block.count), byteCount - offset))
      if count < block.count { block.removeLast(block.count - count) }
      do {
        guard try handle.read(at: offset, count: count, into: &block, from: 0) == count else {
          throw ReadError.changed(path: path)
        }
      } catch {
        throw .changed(path: path)
      }
      hash.update(block)
      offset += UInt64(count)
    }
    return "sha256:\(hash.hexDigest())"
  }

  private func checkRejects(_ queue: RejectQueue, _ limit: RejectLimit) throws(ReadError) {
    let count = queue.count
    switch limit {
    case .count(let most):
      // Reading may have stopped anywhere behind this one.
      if count > most {
        throw .tooManyRejects(count: most + 1, limit: limit, last: queue.lastPlace)
      }
    case .percent(let percent):
      guard Double(value.rejected.rows) * 100 > percent * Double(value.rowsRead) else { return }
      throw .tooManyRejects(count: count, limit: limit, last: queue.lastPlace)
    }
  }

  private func checkCurrencies(_ parts: [WorkerPart], _ pass: LedgerPass) throws(ReadError) {
    var first: [[UInt8]: (place: RowPlace, line: Int)] = [:]
    for part in parts {
      first.merge(part.currencies) { $0.place < $1.place ? $0 : $1 }
    }
    let ordered = first.sorted { $0.value.place < $1.value.place }
    guard ordered.count > 1 else { return }
    throw .mixedCurrencies(
      first: String(decoding: ordered[0].key, as: UTF8.self),
      firstPlace: Self.position(ordered[0].value, pass),
      second: String(decoding: ordered[1].key, as: UTF8.self),
      secondPlace: Self.position(ordered[1].value, pass)
    )
  }

  private mutating func noteNewest(_ parts: [WorkerPart], _ pass: LedgerPass) {
    let newest = parts.compactMap(\.tallies.newestInstant).max().map(Instant.init(microseconds:))
    value.newestInstant = newest
    guard let newest else { return }
    let candidates = parts.flatMap { part in
      [part.tallies.newestInstant, part.tallies.runnerUpInstant].compactMap(\.self)
    }
    let earlier = candidates.map { Instant(microseconds: $0).day }.filter { $0 < newest.day }.max()
    let places = parts.filter { part in
      part.tallies.newestInstant.map { Instant(microseconds: $0).day == newest.day } ?? false
    }
    let first = places.compactMap(\.newestPlace).min { $0.place < $1.place }
    guard let earlier, let first, newest.day.number - earlier.number >= Self.suspiciousGap else {
      return
    }
    value.warnings.append(
      """
      \(Self.position(first, pass)): the newest day \(newest.day) stands \
      \(newest.day.number - earlier.number) days after the one before it, \(earlier); if its date \
      is wrong, filter it or fix `--as-of`, or every customer's recency is counted from it
      """
    )
  }

  private static func position(_ at: (place: RowPlace, line: Int), _ pass: LedgerPass) -> String {
    "\(pass.inputs.inputs[Int(at.place.fileOrdinal)].file.path):\(at.line)"
  }
}
