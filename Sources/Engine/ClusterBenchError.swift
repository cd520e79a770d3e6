/// Why engines could not be compared, or that they differ.
public enum ClusterBenchError: Error, Equatable, Sendable {
  /// An option makes no sense; `allowed` says what would.
  case badOption(_ option: String, _ allowed: String)
  /// The starting centroids have other columns than the matrix.
  case startColumns(path: String, found: Int, expected: Int)
  /// The matrix and the start have no file that can hold what was asked for.
  case cannotWrite(path: String, reason: String)
  /// Two engines that have to agree do not.
  case disagreement(Disagreement)
}

/// Where the result of one fit differs from that of the direct engine.
public struct Disagreement: Equatable, Sendable {
  /// What differs first.
  public enum Difference: Equatable, Sendable {
    /// One was done in more rounds.
    case rounds(Int, Int)
    /// A row has another label.
    case label(row: Int, Int, Int)
    /// A value of a centroid has other bits.
    case centroid(cluster: Int, column: Int, Double, Double)
    /// The inertia has other bits.
    case inertia(Double, Double)
  }

  /// The fit that differs, such as `elkan` or `elkan with avx2`.
  public var fit: String
  /// What it was compared with.
  public var reference: String
  /// The seed of the start.
  public var seed: UInt64
  /// What differs: in `fit`, and in `reference`.
  public var difference: Difference
}

extension ClusterBenchError: CustomStringConvertible {
  /// Where, what, and what mends it.
  public var description: String {
    switch self {
    case .badOption(let option, let allowed): "\(option): give \(allowed)"
    case .startColumns(let path, let found, let expected):
      "\(path): centroids of \(found) columns for a matrix of \(expected); give others with --start"
    case .cannotWrite(let path, let reason):
      "\(path): cannot be written: \(reason); name a file in a folder that can be"
    case .disagreement(let disagreement): disagreement.description
    }
  }
}

extension Disagreement: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    "the engines disagree: \(facts) (start of seed \(seed)); this is a bug in Tranche, whose exact "
      + "engines give the same bits; please report it with the matrix and --write-start"
  }

  private var facts: String {
    switch difference {
    case .rounds(let own, let others):
      "\(fit) took \(own) rounds, \(reference) \(others)"
    case .label(let row, let own, let others):
      "row \(row) has label \(own) by \(fit), \(others) by \(reference)"
    case .centroid(let cluster, let column, let own, let others):
      "centroid \(cluster), column \(column) is \(own) by \(fit), \(others) by \(reference)"
    case .inertia(let own, let others):
      "the inertia is \(own) by \(fit), \(others) by \(reference)"
    }
  }
}
