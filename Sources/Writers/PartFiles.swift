internal import Kernels
internal import Synchronization
internal import Tables

/// The files of all groups: at most one of each group is open.
final class PartFiles: Sendable {
  private struct OpenPart {
    let file: OutputFile
    let name: String
    let part: Int
    var rows = 0
    var money: Int128 = 0
  }

  private struct State {
    var open: [OpenPart?]
    /// Parts that have all their rows, some of which may still be being written.
    var full: [(group: Int, part: OpenPart)] = []
    var finished: [(group: Int, part: Int, file: WrittenFile)] = []
  }

  private let publication: Publication
  private let folders: [String]
  private let header: [UInt8]
  private let moneyScale: Int
  private let state: Mutex<State>

  /// No file yet.
  ///
  /// - Parameters:
  ///   - publication: Where the files go.
  ///   - folders: The folder of each group.
  ///   - header: The first line of each file.
  ///   - moneyScale: Decimals of the amounts.
  init(publication: Publication, folders: [String], header: [UInt8], moneyScale: Int) {
    self.publication = publication
    self.folders = folders
    self.header = header
    self.moneyScale = moneyScale
    state = Mutex(State(open: Array(repeating: nil, count: folders.count)))
  }

  /// Claims the places of a batch's pieces in their files; batches come in ascending order, one at a time.
  func claim(_ batch: inout FormattedBatch) throws(WriteError) {
    for index in batch.parts.indices {
      let file = try open(batch.parts[index])
      let claim = batch.text.withText(batch.parts[index].text) { file.claim($0) }
      batch.parts[index].target = (file, claim)
    }
  }

  /// Writes a batch's pieces where they were claimed; batches come in any order.
  ///
  /// All are tried, whatever becomes of the first: a file waits for each of its claims.
  func write(_ batch: FormattedBatch) throws(WriteError) {
    var failure: WriteError?
    for part in batch.parts {
      guard let (file, claim) = part.target else { continue }
      do throws(WriteError) {
        try wrapping { () throws(FileError) in
          try batch.text.withText(part.text) { text throws(FileError) in
            try file.write(text, at: claim)
          }
        }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    try finishFull()
  }

  /// Brings the full parts to the disk that nobody writes to any longer.
  private func finishFull() throws(WriteError) {
    let ready = state.withLock { state in
      let ready = state.full.filter { !$0.part.file.hasOpenClaims }
      state.full.removeAll { full in ready.contains { $0.part.file === full.part.file } }
      return ready
    }
    for (group, part) in ready {
      let file = try finish(part)
      state.withLock { $0.finished.append((group, part.part, file)) }
    }
  }

  /// Makes the first group's first file where it has no customers, so that there is a header.
  func openFirst() throws(WriteError) {
    try state.withLock { (state: inout State) throws(WriteError) in
      guard state.open[0] == nil, state.finished.isEmpty else { return }
      state.open[0] = try begin(group: 0, part: 0)
    }
  }

  /// Brings the open files to the disk.
  ///
  /// - Returns: All files, in ascending order of group and part.
  func finish(workers: Workers) throws(WriteError) -> [WrittenFile] {
    try finishFull()
    let open = state.withLock { state in
      defer { state.open = Array(repeating: nil, count: folders.count) }
      return state.open.enumerated().compactMap { group, part in part.map { (group, $0) } }
    }
    let last = try workers.map(blocks: open.count) { index throws(WriteError) in
      try finish(open[index].1)
    }
    let finished =
      state.withLock(\.finished)
      + zip(open, last).map { (group: $0.0.0, part: $0.0.1.part, file: $0.1) }
    return finished.sorted { ($0.group, $0.part) < ($1.group, $1.part) }.map(\.file)
  }

  /// The file that a piece belongs to, with the piece counted.
  private func open(_ part: FormattedBatch.Part) throws(WriteError) -> OutputFile {
    try state.withLock { (state: inout State) throws(WriteError) in
      let piece = part.piece
      if let full = state.open[piece.group], full.part != piece.part {
        state.full.append((piece.group, full))
        state.open[piece.group] = nil
      }
      var current: OpenPart
      if let open = state.open[piece.group] {
        current = open
      } else {
        current = try begin(group: piece.group, part: piece.part)
      }
      current.rows += piece.rows.count
      current.money += part.money
      state.open[piece.group] = current
      return current.file
    }
  }

  private func begin(group: Int, part: Int) throws(WriteError) -> OpenPart {
    let digits = String(part)
    let number = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let name = "\(folders[group])/part-\(number).csv"
    let file = try publication.makeFile(name)
    try wrapping { () throws(FileError) in try file.append(header) }
    return OpenPart(file: file, name: name, part: part)
  }

  private func finish(_ part: OpenPart) throws(WriteError) -> WrittenFile {
    try publication.finish(
      part.file,
      name: part.name,
      rows: part.rows,
      money: Money(units: part.money).decimalString(scale: moneyScale)
    )
  }
}
