internal import CBridge

/// A Gaussian mixture as the kernels take it.
public struct MixtureComponents: Sendable {
  /// k × d, row-major.
  public var means: [Double]
  /// k lower triangles with the diagonal, row by row: the inverses of the covariances' Cholesky factors.
  public var factors: [Double]
  /// k: log weight + Σ log diagonal of the factor − d / 2 · log 2π.
  public var offsets: [Double]

  /// Names the parts.
  public init(means: [Double], factors: [Double], offsets: [Double]) {
    self.means = means
    self.factors = factors
    self.offsets = offsets
  }
}

/// What a pass over some rows adds up for the next estimate of a mixture.
public struct MixturePartial: Equatable, Sendable {
  /// Log-densities of the rows.
  public var logLikelihood = 0.0
  /// k: the responsibilities of each component.
  public var masses: [Double]
  /// k × d: responsibility × (row − mean).
  public var sums: [Double]
  /// k lower triangles: responsibility × (row − mean) (row − mean)ᵀ.
  public var moments: [Double]

  /// Nothing yet.
  public init(clusterCount: Int, columnCount: Int) {
    masses = Array(repeating: 0, count: clusterCount)
    sums = Array(repeating: 0, count: clusterCount * columnCount)
    moments = Array(repeating: 0, count: clusterCount * columnCount * (columnCount + 1) / 2)
  }

  /// Adds the figures of the rows that follow.
  public mutating func add(_ next: MixturePartial) {
    logLikelihood += next.logLikelihood
    for index in masses.indices { masses[index] += next.masses[index] }
    for index in sums.indices { sums[index] += next.sums[index] }
    for index in moments.indices { moments[index] += next.moments[index] }
  }
}

/// Natural logarithm of a normal number above 0, the same bits on every machine.
public func portableLog(_ value: Double) -> Double {
  precondition(value >= .leastNormalMagnitude && value.isFinite, "no normal number above 0")
  return cb_mixture_log(value)
}

extension ClusterRows where Value == Double {
  /// Memory that the passes of a mixture need.
  public func mixtureScratch(clusterCount: Int) -> RowBuffer<Double> {
    RowBuffer(rowCount: cb_mixture_scratch(columnCount, clusterCount), filledWith: 0)
  }

  /// Responsibilities of one block's rows, and what they add to the next estimate.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - components: The mixture.
  ///   - scratch: What ``mixtureScratch(clusterCount:)`` gave the calling worker.
  ///   - partial: Is added to.
  ///   - labels: Receives the component of greatest density of each row, ties to the lowest.
  ///   - shares: Receives k columns of responsibilities.
  /// - Throws: ``KernelError/badShape`` when the components have too many values.
  public func expect(
    block: Int,
    components: MixtureComponents,
    scratch: RowBuffer<Double>,
    partial: inout MixturePartial,
    labels: RowBuffer<UInt16>,
    shares: RowBuffer<Double>? = nil
  ) throws(KernelError) {
    let taken = rows(ofBlock: block)
    let clusterCount = components.offsets.count
    checkShapes(components.means, clusterCount, scratch, partial, labels)
    precondition(components.factors.count == partial.moments.count, "factors are not k triangles")
    precondition(
      shares.map { $0.rowCount == rowCount && $0.columnCount == clusterCount } ?? true,
      "shares are not n × k"
    )
    var status = CB_OK
    // SAFETY: the block lies within every buffer, which all outlive the call; shapes were checked.
    unsafe components.means.withUnsafeBufferPointer { means in
      unsafe components.factors.withUnsafeBufferPointer { factors in
        unsafe components.offsets.withUnsafeBufferPointer { offsets in
          status = unsafe Self.lend(&partial) { masses, sums, moments, logLikelihood in
            unsafe cb_mixture_expect(
              values.base + taken.lowerBound,
              values.stride,
              taken.count,
              columnCount,
              means.baseAddress,
              factors.baseAddress,
              offsets.baseAddress,
              clusterCount,
              scratch.base,
              logLikelihood,
              masses,
              sums,
              moments,
              labels.base + taken.lowerBound,
              (shares?.base).map { unsafe $0 + taken.lowerBound },
              shares?.stride ?? 0
            )
          }
        }
      }
    }
    try check(status)
  }

  /// The same sums where each row belongs to one component alone.
  ///
  /// - Parameters:
  ///   - block: Which block.
  ///   - labels: Indices below k.
  ///   - means: k × d points that the sums are about.
  ///   - scratch: What ``mixtureScratch(clusterCount:)`` gave the calling worker.
  ///   - partial: Is added to.
  /// - Throws: ``KernelError/badShape`` when the components have too many values.
  public func gather(
    block: Int,
    labels: RowBuffer<UInt16>,
    means: [Double],
    scratch: RowBuffer<Double>,
    partial: inout MixturePartial
  ) throws(KernelError) {
    let taken = rows(ofBlock: block)
    let clusterCount = means.count / columnCount
    checkShapes(means, clusterCount, scratch, partial, labels)
    var status = CB_OK
    // SAFETY: the block lies within every buffer, which all outlive the call; shapes were checked.
    unsafe means.withUnsafeBufferPointer { means in
      status = unsafe Self.lend(&partial) { masses, sums, moments, _ in
        unsafe cb_mixture_gather(
          values.base + taken.lowerBound,
          values.stride,
          taken.count,
          columnCount,
          means.baseAddress,
          clusterCount,
          labels.base + taken.lowerBound,
          scratch.base,
          masses,
          sums,
          moments
        )
      }
    }
    try check(status)
  }

  private func checkShapes(
    _ means: [Double],
    _ clusterCount: Int,
    _ scratch: RowBuffer<Double>,
    _ partial: MixturePartial,
    _ labels: RowBuffer<UInt16>
  ) {
    let needed = cb_mixture_scratch(columnCount, clusterCount)
    let triangle = columnCount * (columnCount + 1) / 2
    precondition(means.count == clusterCount * columnCount, "means are not k × d")
    precondition(scratch.rowCount >= needed, "the scratch is too small")
    precondition(labels.rowCount == rowCount, "labels and rows differ in number")
    precondition(
      partial.masses.count == clusterCount && partial.sums.count == means.count
        && partial.moments.count == clusterCount * triangle,
      "the partial is not for k components"
    )
  }

  private static func lend(
    _ partial: inout MixturePartial,
    to body: (
      UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?,
      UnsafeMutablePointer<Double>
    ) -> cb_status
  ) -> cb_status {
    // SAFETY: the arrays are lent for the call alone.
    unsafe partial.masses.withUnsafeMutableBufferPointer { masses in
      unsafe partial.sums.withUnsafeMutableBufferPointer { sums in
        unsafe partial.moments.withUnsafeMutableBufferPointer { moments in
          unsafe body(
            masses.baseAddress,
            sums.baseAddress,
            moments.baseAddress,
            &partial.logLikelihood
          )
        }
      }
    }
  }
}
