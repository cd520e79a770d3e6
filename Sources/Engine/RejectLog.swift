internal import Synchronization
internal import Tables
internal import Writers

/// Rows that cannot be read, on their way to a file; the first ones are kept to be shown.
final class RejectLog: Sendable {
  private static let shownCount = 10
  private let writer: RejectWriter
  private let shown = Mutex<[Reject]>([])

  init(publication: Publication) {
    writer = RejectWriter(publication: publication)
  }

  /// The first rejects, in the order of their places.
  var first: [Reject] { shown.withLock(\.self) }

  func append(_ rejects: [Reject]) {
    shown.withLock { shown in
      shown += rejects.prefix(max(0, Self.shownCount - shown.count))
    }
    writer.append(rejects)
  }

  /// Ends the file.
  func finish() throws(WriteError) {
    _ = try writer.finish()
  }
}

extension Reject {
  /// One line: where, what, and the setting that mends it.
  var complaint: String {
    let at = column.isEmpty ? "" : ", column '\(column)'"
    return
      "\(file):\(self.line), byte \(byteOffset)\(at): \(reason.complaint): \(excerpt) (\(reason.remedy))"
  }

  /// The beginning of the row, with nothing in it that would disturb a terminal.
  private var excerpt: String {
    let printable = raw.prefix(80).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
    return String(decoding: printable, as: UTF8.self) + (raw.count > 80 ? "..." : "")
  }
}

extension RejectReason {
  fileprivate var complaint: String {
    switch self {
    case .fieldCount: "not as many fields as the header has"
    case .openQuote: "a quote is never closed"
    case .encoding: "bytes that the encoding does not allow"
    case .customerMissing: "no customer id"
    case .orderMissing: "no order id"
    case .time: "not a time as declared"
    case .number: "not a number as declared"
    case .decimals: "more decimals than declared"
    case .overflow: "too large a number"
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .fieldCount: "see input.delimiter and input.quote"
    case .openQuote: "see input.quote"
    case .encoding: "set input.encoding, such as iso-8859-1"
    case .customerMissing: "add a filter with missing: true on customer"
    case .orderMissing: "set order.by, or add a filter with missing: true on order"
    case .time: "set time.format"
    case .number: "see amount.decimal_mark, amount.thousands_mark and amount.zero_words"
    case .decimals: "raise amount.decimals or amount.quantity_decimals"
    case .overflow: "see amount.decimals, or add a filter"
    }
  }
}
