internal import Kernels

/// How one axis of the matrix was made: x ↦ (transform(x) − centre) / scale × weight.
public struct AxisModel: Hashable, Sendable {
  /// Which axis.
  public var axis: FeatureAxis
  /// Applied first.
  public var transform: AxisTransform
  /// Applied second.
  public var scaling: AxisScaling
  /// Mean, minimum or median of the transformed values, as the scaling says; 0 without scaling.
  public var centre: Double
  /// Deviation, range or quartile distance of the transformed values; 1 without scaling, and 0 where
  /// the scaling found nothing to scale by: the column is then all zeros.
  public var scale: Double
  /// Applied last.
  public var weight: Double

  /// Names the parameters of one axis.
  public init(
    axis: FeatureAxis,
    transform: AxisTransform,
    scaling: AxisScaling,
    centre: Double,
    scale: Double,
    weight: Double
  ) {
    self.axis = axis
    self.transform = transform
    self.scaling = scaling
    self.centre = centre
    self.scale = scale
    self.weight = weight
  }

  /// The features of some values.
  public func apply(_ values: [Double]) -> [Double] {
    scaled(transform.apply(values))
  }

  /// The features of values that are transformed already.
  func scaled(_ transformed: [Double]) -> [Double] {
    guard scale != 0 else { return transformed.map { _ in 0 } }
    return transformed.map { ($0 - centre) / scale * weight }
  }

  /// The value that a feature stands for; the centre where the column is all zeros.
  public func invert(_ feature: Double) -> Double {
    transform.invert(feature / weight * scale + centre)
  }
}

extension AxisTransform {
  /// The transformed values.
  public func apply(_ values: [Double]) -> [Double] {
    switch self {
    case .none: values
    case .log1p: signedLog1p(values)
    }
  }

  /// The value that was transformed.
  public func invert(_ value: Double) -> Double {
    switch self {
    case .none: value
    case .log1p: signedExpm1(value)
    }
  }
}

/// Principal components that replaced the axes.
public struct PrincipalComponents: Hashable, Sendable {
  /// Variances along the components, descending.
  public var variances: [Double]
  /// Sum of the variances along all components, kept or not.
  public var totalVariance: Double
  /// Means of the axes that were taken off first.
  public var means: [Double]
  /// d × p, column-major: column i is the unit vector of component i, its largest entry positive.
  public var vectors: [Double]

  /// Names the parameters of all components.
  public init(variances: [Double], totalVariance: Double, means: [Double], vectors: [Double]) {
    precondition(vectors.count == means.count * variances.count, "vectors are not d × p")
    self.variances = variances
    self.totalVariance = totalVariance
    self.means = means
    self.vectors = vectors
  }
}

/// How the feature matrix was made, so that it can be made again and read back.
public struct FeatureModel: Hashable, Sendable {
  /// The axes, in order.
  public var axes: [AxisModel]
  /// Principal components in place of the axes; nil where the axes are the columns.
  public var principalComponents: PrincipalComponents?

  /// A model of these axes, or of the components that replaced them.
  public init(axes: [AxisModel], principalComponents: PrincipalComponents? = nil) {
    self.axes = axes
    self.principalComponents = principalComponents
  }

  /// Names of the matrix's columns.
  public var columnNames: [String] {
    guard let components = principalComponents else { return axes.map(\.axis.rawValue) }
    return components.variances.indices.map { "component_\($0 + 1)" }
  }

  /// Points of the matrix's space, such as centroids, in days, counts and money.
  ///
  /// - Parameter points: Points × columns, row-major.
  /// - Returns: Points × axes, row-major, in the order of ``axes``.
  public func invert(_ points: [Double]) -> [Double] {
    let columnCount = columnNames.count
    precondition(points.count % columnCount == 0, "points are not whole rows")
    return stride(from: 0, to: points.count, by: columnCount).flatMap { begin in
      zip(axes, features(Array(points[begin..<begin + columnCount]))).map { $0.invert($1) }
    }
  }

  /// A point in the space of the scaled axes.
  private func features(_ point: [Double]) -> [Double] {
    guard let components = principalComponents else { return point }
    return components.means.indices.map { axis in
      point.indices.reduce(components.means[axis]) { sum, component in
        sum + point[component] * components.vectors[component * components.means.count + axis]
      }
    }
  }
}
