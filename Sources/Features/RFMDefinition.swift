/// What recency, frequency and monetary mean.
public struct RFMDefinition: Hashable, Sendable {
  /// How the days up to the as-of moment are counted.
  public enum Recency: String, Hashable, Sendable, CaseIterable {
    /// Whole periods of 24 hours.
    case elapsed
    /// Midnights.
    case calendar
  }

  /// What is counted.
  public enum Frequency: String, Hashable, Sendable, CaseIterable {
    /// Distinct orders.
    case orders
    /// Kept rows.
    case rows
    /// Distinct days.
    case days
    /// Distinct days after the first.
    case repeatDays = "repeat_days"
  }

  /// Which money.
  public enum Monetary: String, Hashable, Sendable, CaseIterable {
    /// The sum of the kept amounts.
    case sum
    /// The sum over the number of orders.
    case meanPerOrder = "mean_per_order"
    /// The mean of the orders after the first; 0 for customers with one order.
    case meanPerRepeatOrder = "mean_per_repeat_order"
  }

  /// How the days up to the as-of moment are counted.
  public var recency: Recency = .elapsed
  /// What is counted.
  public var frequency: Frequency = .orders
  /// Which money.
  public var monetary: Monetary = .sum

  /// Elapsed days, distinct orders, sum of money.
  public init() {}
}
