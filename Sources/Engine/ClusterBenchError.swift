package import Clusters

/// Why engines could not be compared, or that they differ.
package enum ClusterBenchError: Error, Equatable, Sendable {
  /// An option makes no sense; `allowed` says what would.
  case badOption(_ option: String, _ allowed: String)
  /// The starting centroids have other columns than the matrix.
  case startColumns(path: String, found: Int, expected: Int)
  /// A start, labels or a chart cannot be written.
  case cannotWrite(path: String, reason: String)
  /// Two engines that have to agree do not.
  case disagreement(Disagreement)
}

/// Where the result of one fit differs from that of another that it has to equal.
package struct Disagreement: Equatable, Sendable {
  /// The fit that differs, such as `elkan` or `elkan with avx2`.
  package var fit: String
  /// What it was compared with.
  package var reference: String
  /// The seed of the start.
  package var seed: UInt64
  /// What differs: in `fit`, and in `reference`.
  package var difference: TrialDifference

  /// Names a difference.
  package init(fit: String, reference: String, seed: UInt64, difference: TrialDifference) {
    self.fit = fit
    self.reference = reference
    self.seed = seed
    self.difference = difference
  }
}

extension ClusterBenchError: CustomStringConvertible {
  /// Where, what, and what mends it.
  package var description: String {
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
  package var description: String {
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
    case .round(let round, let own, let others):
      "in round \(round) the inertia or the shift is \(own) by \(fit), \(others) by \(reference)"
    case .inertia(let own, let others):
      "the inertia is \(own) by \(fit), \(others) by \(reference)"
    }
  }
}
