/// An axis of the matrix that is clustered.
public enum FeatureAxis: String, Hashable, Sendable, CaseIterable {
  /// Recency in days.
  case recency
  /// Frequency as defined.
  case frequency
  /// Money as defined.
  case monetary
}

/// A function applied to each value of an axis, before scaling.
public enum AxisTransform: String, Hashable, Sendable, CaseIterable {
  /// The value itself.
  case none
  /// sign(x) · log(1 + |x|).
  case log1p
}

/// What an axis is brought to the scale of the others by.
public enum AxisScaling: String, Hashable, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// (x − mean) / population standard deviation.
  case zScore = "z_score"
  /// (x − min) / (max − min).
  case minMax = "min_max"
  /// (x − median) / (75 % quantile − 25 % quantile), quantiles linearly interpolated.
  case robust
}

/// How one axis enters the matrix.
public struct AxisOptions: Hashable, Sendable {
  /// Which axis.
  public var axis: FeatureAxis
  /// Applied first.
  public var transform: AxisTransform = .log1p
  /// Applied second.
  public var scaling: AxisScaling = .zScore
  /// Multiplies the scaled value; above 0.
  public var weight = 1.0

  /// log1p, then z-score, with weight 1.
  public init(axis: FeatureAxis) {
    self.axis = axis
  }
}

/// How the matrix is made.
public struct FeatureOptions: Hashable, Sendable {
  /// The axes in the order of the matrix's columns; at least one, none twice.
  public var axes: [AxisOptions] = FeatureAxis.allCases.map(AxisOptions.init)
  /// Replaces the columns by this many principal components; nil leaves them.
  public var principalComponents: Int?

  /// Recency, frequency and monetary, each log1p and z-score.
  public init() {}
}
