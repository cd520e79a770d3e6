internal import Kernels

/// What a method other than k-means says about its result.
public struct MethodReport: Equatable, Sendable {
  /// The method.
  public var method: ClusterMethod
  /// What it minimised, in units of the matrix.
  ///
  /// The inertia for `minibatch`, `bisecting` and, over the rows that were kept, `trimmed`; the sum of
  /// 1 − cosine for `spherical`, of absolute differences for `kmedians`; for `mixture` the negative
  /// log-likelihood.
  public var objective: Double
  /// `trimmed`: the rows that were left out, ascending; they have the label of the nearest centroid.
  public var trimmedRows: [Int] = []
  /// `mixture`: its components.
  public var mixture: MixtureModel?
}

/// One fit of a method other than k-means.
struct FamilyFit<Value: ClusterValue>: Sendable {
  /// The centroids; its inertia is the method's own objective, scaled.
  var attempt: Attempt<Value>
  /// One label below k for each row.
  var labels: RowBuffer<UInt16>
  /// Rows left out.
  var trimmedRows: [Int] = []
  /// The components of a mixture, in the units of the matrix.
  var mixture: MixtureModel?

  /// The fit with the lower objective, ties to the first.
  static func better(_ first: FamilyFit?, _ second: FamilyFit) -> FamilyFit {
    guard let first, first.attempt.inertia <= second.attempt.inertia else { return second }
    return first
  }
}
