import Kernels
import Synchronization

/// One piece of the inputs: a range of a file, or complete records of a stream.
struct Piece {
  /// Pieces are numbered in the order of the inputs.
  var number: Int
  /// Position of the input in the list.
  var input: Int
  /// The range to read, or nil where the records are in memory already.
  var range: Range<UInt64>?
  /// Whether the next piece belongs to another input.
  var isLast: Bool
}

/// Why a piece could not be read.
struct PieceFailure: Error {
  /// The number of the piece.
  var piece: Int
  var error: ReadError
}

/// The split plan: hands out pieces in ascending order to whoever asks.
///
/// Ranges are planned, not read; streams are read here, since only one worker can.
final class PieceSource: Sendable {
  private struct Cursor {
    var number = 0
    var input = 0
    var offset: UInt64 = 0
  }

  private let inputs: [OpenInputBox]
  private let splitBytes: UInt64
  private let cursor = Mutex(Cursor())
  // Beside the cursor, whose lock a worker holds while it waits for a stream.
  private let isStopped = Atomic<Bool>(false)

  init(_ inputs: [OpenInput], splitBytes: Int) {
    self.inputs = inputs.map(OpenInputBox.init)
    self.splitBytes = UInt64(splitBytes)
  }

  /// The next piece, its records placed in `text` where it comes from a stream; nil at the end.
  ///
  /// - Throws: The error of a stream, with the number of the piece that could not be made.
  func next(_ text: inout SplitText) throws(PieceFailure) -> Piece? {
    var failure: PieceFailure?
    let piece = cursor.withLock { cursor -> Piece? in
      do throws(ReadError) {
        return try advance(&cursor, &text)
      } catch {
        stop()
        // A stream that was told to stop has no error of its own.
        guard error != .stopped else { return nil }
        failure = PieceFailure(piece: cursor.number, error: error)
        return nil
      }
    }
    if let failure { throw failure }
    return piece
  }

  /// Hands out no more pieces, also to a worker that waits for a stream; waits for nobody.
  func stop() {
    isStopped.store(true, ordering: .relaxed)
    for case .stream(let stream) in inputs.map(\.input.storage) { stream.stop() }
  }

  /// Hands out no more pieces once an input pauses, also to a worker that waits already.
  func stopAtPause() {
    for case .stream(let stream) in inputs.map(\.input.storage) { stream.stopAtPause() }
  }

  private func advance(_ cursor: inout Cursor, _ text: inout SplitText) throws(ReadError) -> Piece?
  {
    while !isStopped.load(ordering: .relaxed), cursor.input < inputs.count {
      let found: Piece?
      switch inputs[cursor.input].input.storage {
      case .ranges(_, let byteCount): found = nextRange(&cursor, byteCount)
      case .stream(let stream): found = try nextRecords(&cursor, stream, &text)
      }
      if let found {
        cursor.number += 1
        return found
      }
      cursor.input += 1
      cursor.offset = 0
    }
    return nil
  }

  private func nextRange(_ cursor: inout Cursor, _ byteCount: UInt64) -> Piece? {
    guard cursor.offset < byteCount else { return nil }
    let end = min(byteCount, cursor.offset + splitBytes)
    defer { cursor.offset = end }
    return Piece(
      number: cursor.number,
      input: cursor.input,
      range: cursor.offset..<end,
      isLast: end == byteCount
    )
  }

  private func nextRecords(
    _ cursor: inout Cursor,
    _ stream: StreamText,
    _ text: inout SplitText
  ) throws(ReadError) -> Piece? {
    guard try stream.next(into: &text) != nil else { return nil }
    return Piece(number: cursor.number, input: cursor.input, range: nil, isLast: false)
  }
}

/// An open input that is used by one worker at a time, under the source's lock.
private struct OpenInputBox: @unchecked Sendable {
  // Ranges are read at offsets, which needs no order; streams are touched under `cursor` alone, save
  // for telling them to stop.
  let input: OpenInput
}
