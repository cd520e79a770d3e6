internal import Kernels

/// One field of CSV: quoted where it must be.
func csvField(_ bytes: some Sequence<UInt8>, isDefused: Bool = false) -> [UInt8] {
  let bytes = Array(bytes)
  let row = RowFormat(
    columns: [.text(bytes: bytes, ends: [bytes.count])],
    isDefused: isDefused
  )
  var buffer = TextBuffer()
  do throws(KernelError) {
    try row.append(range: 0..<1, to: &buffer)
  } catch {
    preconditionFailure("a text of \(bytes.count) bytes cannot be quoted: \(error)")
  }
  return Array(buffer.bytes(0..<buffer.count - 1))
}

/// A header line.
func csvHeader(_ names: [String]) -> [UInt8] {
  Array(names.map { csvField($0.utf8) }.joined(separator: [UInt8(ascii: ",")])) + [0x0A]
}

/// Texts as a column.
func textColumn(_ texts: [some Sequence<UInt8>]) -> TextColumn {
  var bytes: [UInt8] = []
  var ends: [Int] = []
  for text in texts {
    bytes += text
    ends.append(bytes.count)
  }
  return .text(bytes: bytes, ends: ends)
}

extension OutputFile {
  /// Appends `count` rows of these columns.
  func append(_ columns: [TextColumn], count: Int) throws(WriteError) {
    var buffer = TextBuffer()
    do throws(KernelError) {
      try RowFormat(columns: columns).append(range: 0..<count, to: &buffer)
    } catch {
      throw .badValue
    }
    try wrapping { () throws(FileError) in
      try buffer.withText(0..<buffer.count) { text throws(FileError) in try append(text) }
    }
  }
}
