internal import Kernels

extension AxisScaling {
  /// What is taken off and divided by, for transformed values that are all finite.
  ///
  /// - Parameters:
  ///   - values: At least one.
  ///   - workers: Share the sums.
  /// - Returns: Centre and scale; a scale of 0 for a column that the scaling finds constant.
  func parameters(_ values: [Double], workers: Workers) -> (centre: Double, scale: Double) {
    switch self {
    case .none: (0, 1)
    case .zScore: Self.zScore(values, workers: workers)
    case .minMax: Self.minMax(values, workers: workers)
    case .robust: Self.robust(values)
    }
  }

  /// Mean and population standard deviation, in two passes.
  private static func zScore(_ values: [Double], workers: Workers) -> (Double, Double) {
    let (lowest, range) = minMax(values, workers: workers)
    guard range > 0 else { return (lowest, 0) }
    let figures = ColumnFigures(values, workers: workers)
    let count = Double(values.count)
    let mean = figures.sum() / count
    return (mean, (figures.sumOfSquares(centre: mean) / count).squareRoot())
  }

  private static func minMax(_ values: [Double], workers: Workers) -> (Double, Double) {
    let (lowest, highest, _) = ColumnFigures(values, workers: workers).range()
    return (lowest, highest - lowest)
  }

  private static func robust(_ values: [Double]) -> (Double, Double) {
    let sorted = values.sorted()
    let scale = quantile(0.75, ofSorted: sorted) - quantile(0.25, ofSorted: sorted)
    return (quantile(0.5, ofSorted: sorted), scale)
  }

  /// The linearly interpolated quantile (R's type 7, NumPy's `linear`).
  static func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    let position = share * Double(values.count - 1)
    let below = Int(position)
    let above = min(below + 1, values.count - 1)
    return values[below] + (values[above] - values[below]) * (position - Double(below))
  }
}
