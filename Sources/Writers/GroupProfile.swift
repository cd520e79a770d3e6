public import Kernels
public import Tables

/// The figures of one group of customers.
public struct GroupProfile: Hashable, Sendable {
  /// The group.
  public var name: GroupName
  /// How many customers it has.
  public var customers: Int
  /// Its part of all customers; 0 where there are none.
  public var share: Double
  /// Mean days since the last row; nil in an empty group, as all means and medians are.
  public var meanRecencyDays: Double?
  /// Middle value, or the mean of the two middle ones.
  public var medianRecencyDays: Double?
  /// Mean frequency.
  public var meanFrequency: Double?
  /// Median frequency.
  public var medianFrequency: Double?
  /// Mean money, in whole currency.
  public var meanMonetary: Double?
  /// Median money, in whole currency.
  public var medianMonetary: Double?
  /// The exact net amount of its customers.
  public var totalMoney: Money

  /// Works out the figures of all groups, in the order of their names.
  ///
  /// Means of whole numbers and of exact amounts are exact sums, divided once. Means of other money
  /// are summed in the order of the customers. So no figure depends on the workers.
  ///
  /// - Parameters:
  ///   - grouping: One index a customer; each stands for a name.
  ///   - rfm: One row a customer.
  ///   - moneyScale: Decimals of `rfm.net`.
  ///   - monetaryIsNet: Whether `rfm.monetary` is the amount in `rfm.net`.
  ///   - workers: How many columns are worked on at once.
  /// - Returns: One profile a group.
  /// - Complexity: O(n); allocates 24 bytes a customer and worker.
  public static func all(
    _ grouping: Grouping,
    rfm: RFMTable,
    moneyScale: Int,
    monetaryIsNet: Bool,
    workers: Workers
  ) -> [GroupProfile] {
    precondition(grouping.indices.count == rfm.count, "each customer has a group")
    let members = GroupMembers(grouping)
    let medians = workers.map(blocks: 3) { column in
      switch column {
      case 0: members.medians(OrderedKeys(rfm.recencyDays))
      case 1: members.medians(OrderedKeys(rfm.frequency))
      default: members.medians(OrderedKeys(rfm.monetary))
      }
    }
    let recency = members.sums(rfm.recencyDays)
    let frequency = members.sums(rfm.frequency)
    let net = members.sums(rfm.net)
    let monetary = monetaryIsNet ? nil : members.sums(rfm.monetary)
    let unit = powerOfTen(moneyScale)

    return grouping.names.indices.map { group in
      let count = members.counts[group]
      func mean(_ sum: Double, per unit: Double = 1) -> Double? {
        count == 0 ? nil : sum / (Double(count) * unit)
      }
      return GroupProfile(
        name: grouping.names[group],
        customers: count,
        share: rfm.count == 0 ? 0 : Double(count) / Double(rfm.count),
        meanRecencyDays: mean(Double(recency[group])),
        medianRecencyDays: medians[0][group],
        meanFrequency: mean(Double(frequency[group])),
        medianFrequency: medians[1][group],
        meanMonetary: monetary.map { mean($0[group]) } ?? mean(Double(net[group]), per: unit),
        medianMonetary: medians[2][group],
        totalMoney: Money(units: net[group])
      )
    }
  }

  /// The profile as `summary.json` shows it.
  public func json(moneyScale: Int) -> JSONValue {
    [
      "id": .string(name.id),
      "label": .string(name.label),
      "customers": .int(customers),
      "share": .double(share),
      "mean_recency_days": .optional(meanRecencyDays),
      "mean_frequency": .optional(meanFrequency),
      "mean_monetary": .optional(meanMonetary),
      "median_recency_days": .optional(medianRecencyDays),
      "median_frequency": .optional(medianFrequency),
      "median_monetary": .optional(medianMonetary),
      "total_money": .money(totalMoney, scale: moneyScale),
    ]
  }
}

/// Ten to a power, exactly for the scales that amounts have (up to 22).
private func powerOfTen(_ exponent: Int) -> Double {
  (0..<exponent).reduce(1) { power, _ in power * 10 }
}

/// Who belongs to each group.
private struct GroupMembers {
  /// Customers in each group.
  let counts: [Int]
  private let indices: [UInt16]

  init(_ grouping: Grouping) {
    indices = grouping.indices
    var counts = [Int](repeating: 0, count: grouping.names.count)
    for index in indices { counts[Int(index)] += 1 }
    self.counts = counts
  }

  /// The sum of each group's values, taken in the order of the customers.
  func sums<Value: AdditiveArithmetic>(_ values: [Value]) -> [Value] {
    var sums = [Value](repeating: .zero, count: counts.count)
    for (row, index) in indices.enumerated() { sums[Int(index)] += values[row] }
    return sums
  }

  /// The median of each group's values; nil for a group without customers.
  func medians(_ column: OrderedKeys) -> [Double?] {
    var ends = counts
    for group in ends.indices.dropFirst() { ends[group] += ends[group - 1] }
    let begins = [0] + ends.dropLast()
    var next = begins
    var gathered = [UInt64](repeating: 0, count: indices.count)
    for (row, index) in indices.enumerated() {
      gathered[next[Int(index)]] = column.keys[row]
      next[Int(index)] += 1
    }
    return counts.indices.map { group in
      let count = counts[group]
      guard count > 0 else { return nil }
      let keys = Array(gathered[begins[group]..<ends[group]])
      let middle = orderStatistics(of: keys, at: [(count - 1) / 2, count / 2])
      return (column.value(middle[0]) + column.value(middle[1])) / 2
    }
  }
}
