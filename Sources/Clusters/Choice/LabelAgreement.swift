/// How far two labelings of the same rows agree.
///
/// Everything comes from one table of counts, in exact integers; labels are any numbers, and what they
/// are called does not matter.
public struct LabelAgreement: Sendable {
  /// Rows.
  public let rowCount: Int
  /// Rows of each label of the first labeling, labels ascending.
  public let firstCounts: [Int]
  /// Rows of each label of the second labeling, labels ascending.
  public let secondCounts: [Int]
  /// The rows that two labels share, for the pairs that share some: ascending by first, then second.
  public let shared: [SharedRows]

  /// The rows that a label of each labeling have in common.
  public struct SharedRows: Hashable, Sendable {
    /// Index in ``LabelAgreement/firstCounts``.
    public var first: Int
    /// Index in ``LabelAgreement/secondCounts``.
    public var second: Int
    /// Rows; at least 1.
    public var rows: Int
  }

  /// A cluster of the first labeling and what is most similar to it in the second.
  public struct Match: Hashable, Sendable {
    /// The index of the most similar label of the second labeling, the lowest of equals.
    public var index: Int
    /// Rows in both over rows in either, 0 to 1.
    public var jaccard: Double
  }

  /// Compares two labelings.
  ///
  /// - Parameters:
  ///   - first: One label a row.
  ///   - second: One label for each of the same rows.
  /// - Complexity: O(n log l) for l different labels; where they are few numbers close together, O(n).
  public init<Label: FixedWidthInteger>(_ first: [Label], _ second: [Label]) {
    precondition(first.count == second.count, "the labelings are of different rows")
    rowCount = first.count
    let (rows, columns) = (DenseLabels(first), DenseLabels(second))
    var table = CountTable(rows: rows.counts.count, columns: columns.counts.count)
    for index in first.indices {
      table.add(rows.index(of: first[index]), columns.index(of: second[index]))
    }
    firstCounts = rows.counts
    secondCounts = columns.counts
    shared = table.shared
  }

  /// Adjusted Rand index: 1 for the same clusters, 0 on average for chance, negative below it.
  ///
  /// With pairs of rows that are together in both labelings (a), in the first (b), in the second (c),
  /// and all pairs (t), (a − b c / t) / ((b + c) / 2 − b c / t), in exact integers up to one
  /// division; 1 where both put all rows in one cluster, or each in its own.
  ///
  /// Source: L. Hubert and P. Arabie, "Comparing partitions", J. Classification 2, 1985.
  public var adjustedRand: Double {
    func pairs(_ count: Int) -> Int128 { Int128(count) * Int128(count - 1) / 2 }
    let together = shared.reduce(0 as Int128) { $0 + pairs($1.rows) }
    let first = firstCounts.reduce(0 as Int128) { $0 + pairs($1) }
    let second = secondCounts.reduce(0 as Int128) { $0 + pairs($1) }
    let all = pairs(rowCount)
    let above = 2 * (all * together - first * second)
    let below = all * (first + second) - 2 * first * second
    return below == 0 ? 1 : Double(above) / Double(below)
  }

  /// Normalised mutual information: the information that the labelings share over the mean of what they
  /// have, 0 to 1; 1 where both put all rows in one cluster.
  ///
  /// Source: A. Strehl and J. Ghosh, "Cluster ensembles", JMLR 3, 2002, with the arithmetic mean, as
  /// scikit-learn has it by default.
  public var normalizedMutualInformation: Double {
    guard firstCounts.count > 1 || secondCounts.count > 1 else { return 1 }
    let all = Double(rowCount)
    let information = shared.reduce(0.0) { sum, pair in
      let part = Double(pair.rows)
      let expected = Double(firstCounts[pair.first]) / all * Double(secondCounts[pair.second])
      return sum + part / all * portableLog(part / expected)
    }
    guard information > Double.ulpOfOne else { return 0 }
    return min(1, 2 * information / (entropy(firstCounts) + entropy(secondCounts)))
  }

  /// For each label of the first labeling the most similar of the second.
  public var matches: [Match] {
    var matches = firstCounts.map { _ in Match(index: 0, jaccard: 0) }
    for pair in shared {
      let either = firstCounts[pair.first] + secondCounts[pair.second] - pair.rows
      let jaccard = Double(pair.rows) / Double(either)
      if jaccard > matches[pair.first].jaccard {
        matches[pair.first] = Match(index: pair.second, jaccard: jaccard)
      }
    }
    return matches
  }

  private func entropy(_ counts: [Int]) -> Double {
    -counts.reduce(0.0) { sum, count in
      let share = Double(count) / Double(rowCount)
      return sum + share * portableLog(share)
    }
  }
}

/// Numbers labels from 0, in ascending order.
private struct DenseLabels<Label: FixedWidthInteger> {
  /// Beside so many rows, labels are looked up in a table by value.
  private static var tableSlack: Int { 65_536 }

  /// The rows of each.
  let counts: [Int]
  private let values: [Label]
  /// The index of the value `lowest + place`; empty where values lie too far apart.
  private let table: [Int32]

  init(_ labels: [Label]) {
    guard let lowest = labels.min(), let highest = labels.max() else {
      (counts, values, table) = ([], [], [])
      return
    }
    let span = Self.span(lowest, highest)
    guard let span, span <= labels.count + Self.tableSlack else {
      (values, counts) = Self.sorted(labels)
      table = []
      return
    }
    var byValue = Array(repeating: 0, count: span)
    for label in labels { byValue[Int(label - lowest)] += 1 }
    var next: Int32 = 0
    table = byValue.map { count in
      defer { next += count > 0 ? 1 : 0 }
      return next
    }
    counts = byValue.filter { $0 > 0 }
    values = [lowest]
  }

  func index(of label: Label) -> Int {
    if !table.isEmpty { return Int(table[Int(label - values[0])]) }
    var (low, high) = (0, values.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if values[middle] <= label { low = middle } else { high = middle }
    }
    return low
  }

  /// How many values there are from the lowest to the highest; nil for too many.
  private static func span(_ lowest: Label, _ highest: Label) -> Int? {
    let (difference, overflow) = highest.subtractingReportingOverflow(lowest)
    guard !overflow, let span = Int(exactly: difference), span < Int(Int32.max) else { return nil }
    return span + 1
  }

  private static func sorted(_ labels: [Label]) -> (values: [Label], counts: [Int]) {
    var values: [Label] = []
    var counts: [Int] = []
    for label in labels.sorted() {
      if values.last != label {
        values.append(label)
        counts.append(0)
      }
      counts[counts.count - 1] += 1
    }
    return (values, counts)
  }
}

/// Counts by pairs of indices: in a table where it is small, else as a list that is sorted at the end.
private struct CountTable {
  private static let mostCells = 1 << 20

  private let columns: Int
  private var cells: [Int]
  private var pairs: [UInt64] = []
  private let isTable: Bool

  init(rows: Int, columns: Int) {
    self.columns = columns
    isTable = rows * columns <= Self.mostCells
    cells = isTable ? Array(repeating: 0, count: rows * columns) : []
  }

  mutating func add(_ row: Int, _ column: Int) {
    if isTable {
      cells[row * columns + column] += 1
    } else {
      pairs.append(UInt64(row) << 32 | UInt64(column))
    }
  }

  var shared: [LabelAgreement.SharedRows] {
    guard isTable else { return listed }
    return cells.indices.compactMap { cell in
      let (row, column) = cell.quotientAndRemainder(dividingBy: columns)
      return cells[cell] == 0 ? nil : .init(first: row, second: column, rows: cells[cell])
    }
  }

  private var listed: [LabelAgreement.SharedRows] {
    var shared: [LabelAgreement.SharedRows] = []
    var last: UInt64?
    for pair in pairs.sorted() {
      if pair != last {
        shared.append(.init(first: Int(pair >> 32), second: Int(pair & 0xFFFF_FFFF), rows: 0))
        last = pair
      }
      shared[shared.count - 1].rows += 1
    }
    return shared
  }
}
