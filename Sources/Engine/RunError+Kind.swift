internal import Aggregates
internal import Clusters
internal import Features
internal import Generators
internal import Readers
internal import Segments
internal import Writers

/// What somebody has to look at after a failed run.
public enum FailureKind: Sendable {
  /// The settings or the options.
  case configuration
  /// The inputs.
  case input
  /// Rows that could not be read.
  case rejects
  /// Memory, the disk or the output folder.
  case output
  /// A gate: what had to hold does not.
  case gate
  /// Tranche itself.
  case bug
}

extension RunError {
  /// What somebody has to look at.
  public var kind: FailureKind {
    switch cause {
    case let error as ReadError: error.kind
    case let error as AggregateError:
      error == .outOfMemory ? .output : error == .tooLarge ? .input : .bug
    case let error as GenerateError: error.kind
    case let error as WriteError: error.kind
    case let error as ClusterBenchError: error.kind
    case let error as ModelError: error.isOfFile ? .input : .configuration
    case is NothingKept: .input
    case is OutputAmongInputs, is UnknownStartCustomer, is SegmentError, is FeatureError,
      is ClusterError:
      .configuration
    case is StreamError: .output
    default: .bug
    }
  }
}

extension ReadError {
  fileprivate var kind: FailureKind {
    switch self {
    case .tooManyRejects: .rejects
    case .missingColumn, .ambiguousColumn, .columnOutOfRange, .badTimePattern,
      .badNumberFormat, .badConstant, .unknownFilterColumn, .mixedCurrencies:
      .configuration
    case .repeatedRowsMemory: .output
    case .stopped: .bug
    default: .input
    }
  }
}

extension ClusterBenchError {
  fileprivate var kind: FailureKind {
    switch self {
    case .badOption, .startColumns: .configuration
    case .cannotWrite: .output
    case .disagreement: .gate
    }
  }
}

extension GenerateError {
  fileprivate var kind: FailureKind {
    if case .cannotWrite = self { return .output }
    return .configuration
  }
}

extension WriteError {
  fileprivate var kind: FailureKind {
    switch self {
    case .repeatedColumn, .partitionMissing, .tooManyGroups: .configuration
    case .badValue: .bug
    default: .output
    }
  }
}

/// No row was left to make a customer of.
struct NothingKept: Error, CustomStringConvertible {
  let rowsRead: Int
  let facts: String

  init(_ summary: ReadSummary) {
    rowsRead = summary.rowsRead
    let ways = summary.filtered.map { ($0.rule, $0.tally.rows) }
    facts = (ways + [("rejected", summary.rejected.rows), ("blank", summary.blank)])
      .filter { $0.1 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
  }

  var description: String {
    "no row was kept: read \(rowsRead)\(facts); check the inputs and `filters`"
  }
}

/// A customer whose row was to be a starting centroid does not exist.
struct UnknownStartCustomer: Error, CustomStringConvertible {
  let key: String

  var description: String { "no customer '\(key)' was kept; change clusters.start_customers" }
}
