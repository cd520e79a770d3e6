/// Which new cluster continues which old one.
public struct CentroidMatching: Equatable, Sendable {
  /// For each new centroid the index of the old one, or nil where there are more new ones than old.
  public var partners: [Int?]
  /// For each new centroid the squared distance to its partner; nil without one.
  public var squaredDistances: [Double?]
  /// Old centroids without a partner, ascending.
  public var gone: [Int]

  /// The sum of all matches' squared distances.
  public var totalSquaredDistance: Double {
    squaredDistances.reduce(0) { $0 + ($1 ?? 0) }
  }

  /// Matches as many centroids as there are of the fewer kind, at the least total squared distance.
  ///
  /// - Parameters:
  ///   - new: k × d, row-major.
  ///   - old: m × d, row-major, in the same space.
  ///   - columnCount: d.
  /// - Complexity: O(min(k, m)² · max(k, m)).
  public init(new: [Double], old: [Double], columnCount: Int) {
    precondition(
      new.count % columnCount == 0 && old.count % columnCount == 0,
      "centroids are not k × d"
    )
    let (newCount, oldCount) = (new.count / columnCount, old.count / columnCount)
    let scale = Self.scale(new, old)
    let costs = (0..<newCount).map { one in
      (0..<oldCount).map { other in
        (0..<columnCount).reduce(0.0) { sum, column in
          let gap = new[one * columnCount + column] * scale
          let offset = gap - old[other * columnCount + column] * scale
          return sum + offset * offset
        }
      }
    }
    partners = Self.assign(costs, columnCount: oldCount)
    squaredDistances = partners.enumerated().map { one, partner in
      partner.map { costs[one][$0] / scale / scale }
    }
    let taken = Set(partners.compactMap(\.self))
    gone = (0..<oldCount).filter { !taken.contains($0) }
  }

  /// The columns that rows are given to, each to one row at most, at the least total cost.
  ///
  /// Rows and columns are taken in order, and of columns that are equally near to the search the lowest
  /// is taken, so that the result is always the same.
  ///
  /// - Parameters:
  ///   - costs: One list a row, of one finite cost a column, at least 0.
  ///   - columnCount: How many columns there are, also where there is no row.
  /// - Returns: For each row its column; nil for rows that are left over.
  ///
  /// Source: H. Kuhn, "The Hungarian method for the assignment problem", Naval Research Logistics
  /// Quarterly 2, 1955; J. Munkres, "Algorithms for the assignment and transportation problems", J. SIAM
  /// 5(1), 1957; with the shortest augmenting paths of N. Tomizawa, "On some techniques useful for
  /// solution of transportation network problems", Networks 1, 1971.
  package static func assign(_ costs: [[Double]], columnCount: Int) -> [Int?] {
    guard costs.count > columnCount else {
      return LeastCostMatching(costs, columnCount: columnCount).columns
    }
    let transposed = (0..<columnCount).map { column in costs.map { $0[column] } }
    let rows = LeastCostMatching(transposed, columnCount: costs.count).columns
    var columns = [Int?](repeating: nil, count: costs.count)
    for (column, row) in rows.enumerated() { if let row { columns[row] = column } }
    return columns
  }

  private static func scale(_ new: [Double], _ old: [Double]) -> Double {
    let largest = (new + old).reduce(0.0) { max($0, $1.magnitude) }
    guard largest > 0 else { return 1 }
    return Double(sign: .plus, exponent: -max(-1022, largest.exponent), significand: 1)
  }
}

/// The search, for no more rows than columns.
private struct LeastCostMatching {
  private let costs: [[Double]]
  /// What rows and columns pay: no edge costs less than its ends pay, and matched ones exactly that.
  private var rowPrices: [Double]
  private var columnPrices: [Double]
  /// For each column its row.
  private var owners: [Int?]

  init(_ costs: [[Double]], columnCount: Int) {
    self.costs = costs
    rowPrices = Array(repeating: 0, count: costs.count)
    columnPrices = Array(repeating: 0, count: columnCount)
    owners = Array(repeating: nil, count: columnCount)
    for row in costs.indices { add(row) }
  }

  /// For each row its column.
  var columns: [Int?] {
    var columns = [Int?](repeating: nil, count: costs.count)
    for (column, owner) in owners.enumerated() { if let owner { columns[owner] = column } }
    return columns
  }

  /// Matches one more row along the shortest path to a free column.
  private mutating func add(_ row: Int) {
    var slacks = [Double](repeating: .infinity, count: owners.count)
    var before = [Int?](repeating: nil, count: owners.count)
    var visited: [Int] = []
    var isVisited = [Bool](repeating: false, count: owners.count)
    var (current, last) = (row, Int?.none)
    while true {
      var next: Int?
      for column in owners.indices where !isVisited[column] {
        let slack = costs[current][column] - rowPrices[current] - columnPrices[column]
        if slack < slacks[column] { (slacks[column], before[column]) = (slack, last) }
        if next.map({ slacks[column] < slacks[$0] }) ?? true { next = column }
      }
      guard let next else { preconditionFailure("there is a column for each row") }
      let step = slacks[next]
      rowPrices[row] += step
      for column in visited {
        if let owner = owners[column] { rowPrices[owner] += step }
        columnPrices[column] -= step
      }
      for column in owners.indices where !isVisited[column] { slacks[column] -= step }
      guard let owner = owners[next] else { return shift(row, along: before, to: next) }
      isVisited[next] = true
      visited.append(next)
      (current, last) = (owner, next)
    }
  }

  /// Gives each column of the path to the row of the one before.
  private mutating func shift(_ row: Int, along before: [Int?], to end: Int) {
    var column = end
    while let previous = before[column] {
      owners[column] = owners[previous]
      column = previous
    }
    owners[column] = row
  }
}
