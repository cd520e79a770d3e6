internal import Aggregates
internal import Clusters
internal import Features
internal import Generators
internal import Kernels
internal import Readers
internal import Segments
internal import Writers

extension RunError: CustomStringConvertible {
  /// One line: where, what, and what to do.
  public var description: String {
    switch cause {
    case let error as ReadError: error.message
    case let error as AggregateError: error.message
    case let error as SegmentError: error.message
    case let error as WriteError: error.message
    default: "\(cause)"
    }
  }
}

extension AggregateError {
  fileprivate var message: String {
    switch self {
    case .badBatch(let file, let offset):
      "input \(file), byte \(offset): the rows contradict themselves; this is a bug in Tranche"
    case .tooLarge:
      "a customer or order id is 2 GiB or longer, or one partition has 2^32 orders; see input.quote"
    case .outOfMemory: "the system has no more memory to give; use fewer customers or more memory"
    }
  }
}

extension ReadError {
  fileprivate var message: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .noInput(let path): "\(path): no file there; name files, folders or - for standard input"
    case .sameInput(let path, let twin): "\(path): the same file as \(twin); name it once"
    case .changed(let path): "\(path): changed while it was read; run again when it rests"
    case .unsupported(let path, let kind, let remedy): "\(path): \(kind) is not read; \(remedy)"
    case .damaged(let path, let offset, let isCutOff):
      "\(path): the compressed stream is \(isCutOff ? "cut off" : "damaged") at byte \(offset); "
        + "fetch the file again"
    case .trailingBytes(let path, let offset):
      "\(path): bytes that are no gzip follow its end, from byte \(offset) on; take them off or fetch "
        + "the file again"
    case .noHeader(let path):
      "\(path): ends before its header; set input.header to false if it has none"
    case .openHeader(let path):
      "\(path): a quote in its header is never closed; set input.quote to none or mend the file"
    case .openQuote(let path, let line, let offset, let lines):
      "\(path):\(line), byte \(offset): a quote in the record that begins there is never closed and "
        + "takes up all \(lines) lines to the end; mend it or set input.quote to none"
    case .recordTooLong(let path, let offset, let limit):
      "\(path), byte \(offset): a record is longer than \(limit) bytes, most likely for a quote that "
        + "was never closed; set input.quote to none or raise input.longest_record"
    case .mixedCurrencies(let first, let firstPlace, let second, let secondPlace):
      "\(secondPlace): the currency '\(second)', but '\(first)' at \(firstPlace); filter on currency"
    case .repeatedRowsMemory(let limit):
      "more distinct rows than \(limit) bytes hold; raise repeated_rows.memory"
    case .tooManyRejects(let count, .count(let limit), let last):
      "\(Self.unreadable(count)) up to \(last), and reading stopped behind it: mend the settings, or raise "
        + "rejects.limit (--max-rejects) from \(limit)"
    case .tooManyRejects(let count, .percent(let limit), _):
      "\(Self.unreadable(count)), more than \(limit)%: mend the settings, or raise rejects.limit "
        + "(--max-rejects)"
    case .badMatrix(let path, let problem): "\(path)\(problem)"
    case .badCustomers(let path, let line, let reason):
      "\(path):\(line): \(reason); publish it anew with `tranche run`"
    case .stopped: "reading was stopped"
    default: columnMessage
    }
  }

  private var columnMessage: String {
    switch self {
    case .missingColumn(let role, let column, let path, let header):
      "\(path): no column '\(column)' in \(Self.list(header)); set \(Self.key(role))"
    case .ambiguousColumn(let role, let column, let path):
      "\(path): two columns are called '\(column)'; give the number in \(Self.key(role))"
    case .columnOutOfRange(let role, let number, let path, let columns):
      "\(path): no column \(number), there are \(columns); set \(Self.key(role))"
    case .badTimePattern(let pattern, let reason): "'\(pattern)': \(reason); set time.format"
    case .badNumberFormat(let part, let reason): "amount.\(part.rawValue): \(reason)"
    case .badConstant(let rule, let constant):
      "the filter \(rule) compares with '\(constant)', which no number of its column can be; see filters"
    case .unknownFilterColumn(let rule, let column):
      "the filter \(rule) looks at '\(column)'; declare it under dimensions"
    default: "\(self)"
    }
  }

  private static func unreadable(_ count: Int) -> String {
    count == 1 ? "1 row cannot be read" : "\(count) rows cannot be read"
  }

  /// The names of a header, as far as somebody would read them.
  private static func list(_ header: [String]) -> String {
    let shown = header.prefix(20).map { $0.prefix(40) }.joined(separator: ", ")
    return header.count > 20 ? "\(shown) and \(header.count - 20) more" : shown
  }

  /// The setting that names a role's column.
  private static func key(_ role: String) -> String {
    switch role {
    case "customer", "order", "time", "currency": "\(role).column"
    case "amount": "amount.column"
    case "quantity", "price", "discount": "amount.\(role)"
    default: "the column of \(role) under dimensions or attributes"
    }
  }
}

extension SegmentError {
  fileprivate var message: String {
    switch self {
    case .notFinite(let axis, let row):
      "customer \(row): \(axis) is no finite number; see definitions"
    case .placesMissing(let axis):
      "\(axis): first appearances are not known; set scores.\(axis).ties"
    default: "the maps, scores and tiers do not agree: \(self)"
    }
  }
}

extension WriteError {
  fileprivate var message: String {
    switch self {
    case .system(let operation, let path, let code, let reason):
      FileError(operation: operation, path: path, code: code).isForbidden
        ? "cannot \(operation == "list" ? "look into" : "write in") folder "
          + "\(Self.folder(of: path, operation)): \(reason); get the right to, or set output.path (--out)"
        : "\(path): \(operation): \(reason)"
    case .outName(let path): "'\(path)' cannot be published; set output.path (--out)"
    case .outMissingParent(let path, let parent):
      "\(path): there is no folder \(parent); make it or set output.path (--out)"
    case .outIsLink(let path): "\(path): is a link; set output.path (--out) to the folder itself"
    case .outNotDirectory(let path): "\(path): is no folder; set output.path (--out)"
    case .outNotOurs(let path, let file):
      "\(path): holds \(file), which is not Tranche's and would be lost; move it away or set "
        + "output.path (--out)"
    case .outInUse(let path):
      "\(path): another run is publishing there; wait or set output.path (--out)"
    case .exchangeUnsupported(let path):
      "\(path): its file system cannot exchange folders in one step; set output.path (--out)"
    case .abandoned: "the publication was abandoned"
    case .repeatedColumn(let name):
      "two output columns are called '\(name)'; rename it in attributes"
    case .partitionMissing(let column): "there is no \(column) to part by; set output.partition"
    case .tooManyGroups(let count): "\(count) pairs of groups are too many for a table; use fewer"
    case .badValue: "a number is too large to be written; this is a bug in Tranche"
    }
  }

  /// The folder that somebody needs rights to: the one that was looked into, or the one around.
  private static func folder(of path: String, _ operation: String) -> String {
    guard operation != "list" else { return path }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
