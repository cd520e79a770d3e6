public import Kernels

/// Why a ledger could not be read.
public enum ReadError: Error, Equatable, Sendable {
  /// The system refuses a path.
  case unreadable(path: String, reason: SystemError)
  /// A path matches nothing, or a folder holds no file.
  case noInput(path: String)
  /// The same file stands twice in the list.
  case sameInput(path: String, as: String)
  /// A file changed while it was read.
  case changed(path: String)
  /// A kind of file that is not read, such as UTF-16 text; `remedy` says what helps.
  case unsupported(path: String, kind: String, remedy: String)
  /// A compressed stream is damaged or cut off; nothing of the run is kept.
  case damaged(path: String, byteOffset: UInt64, isCutOff: Bool)
  /// Bytes behind the last member of a compressed stream are no member.
  case trailingBytes(path: String, byteOffset: UInt64)
  /// A file ends before its header.
  case noHeader(path: String)
  /// A quote in the header is never closed.
  case openHeader(path: String)
  /// A role's column is not in the header.
  case missingColumn(role: String, column: String, path: String, header: [String])
  /// Two columns have the name that a role asks for.
  case ambiguousColumn(role: String, column: String, path: String)
  /// A role asks for a column number that the file does not have.
  case columnOutOfRange(role: String, number: Int, path: String, columns: Int)
  /// The last record has a quote that is never closed, and goes over several physical lines: rows may be
  /// lost in it, so that no limit on rejects allows it. `line` is its first one.
  case openQuote(path: String, line: Int, byteOffset: UInt64, lines: Int)
  /// A record is longer than the limit: most likely a quote was never closed.
  case recordTooLong(path: String, byteOffset: UInt64, limit: Int)
  /// Rows of two currencies were kept.
  case mixedCurrencies(first: String, firstPlace: String, second: String, secondPlace: String)
  /// A time pattern that no time can be read by.
  case badTimePattern(pattern: String, reason: String)
  /// Marks, signs or words of numbers that could be taken for something else.
  case badNumberFormat(NumberFormat.Part, reason: String)
  /// A filter's constant is not a number of its column.
  case badConstant(rule: String, constant: String)
  /// A filter asks for a column that is not declared.
  case unknownFilterColumn(rule: String, column: String)
  /// More distinct rows than the memory for removing repeated rows holds.
  case repeatedRowsMemory(limit: Int)
  /// More rejected rows than allowed: how many were met, and the place of the last one counted, such as
  /// `a.csv:7`. Where a count is the limit, reading stopped there.
  case tooManyRejects(count: Int, limit: RejectLimit, last: String)
  /// A file that should hold a matrix of numbers does not.
  case badMatrix(path: String, MatrixProblem)
  /// Customers that a run published cannot be read back.
  case badCustomers(path: String, line: Int, reason: String)
  /// The caller's `absorb` failed; its own error tells why.
  case stopped
}
