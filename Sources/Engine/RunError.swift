/// A step of a run, for times and errors.
public enum RunStage: String, Hashable, Sendable, CaseIterable {
  /// Finding the input files.
  case discover
  /// Bytes to rows, and rows to orders, at once.
  case read
  /// Orders to customers.
  case aggregate
  /// Customers to features.
  case features
  /// Scores, maps and tiers.
  case segments
  /// K-means.
  case clusters
  /// Files and their hashes.
  case write
  /// fsync, and the exchange with the old version.
  case publish
  /// Reading a model that was fitted before.
  case model
  /// Writing a synthetic ledger.
  case generate
}

/// A failed run: where it failed, and what the stage said.
public struct RunError: Error {
  /// Which step failed.
  public var stage: RunStage
  /// What the stage threw.
  public var cause: any Error
  /// The first rejected rows, one line each: where, what, and the setting that mends it.
  public var rejectLines: [String] = []
  /// OUT.failed, where it was written.
  public var failedOutput: String?

  /// Wraps what a stage threw.
  public init(stage: RunStage, cause: any Error) {
    self.stage = stage
    self.cause = cause
  }
}
