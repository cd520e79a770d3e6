internal import Clusters
internal import Tables
internal import TestKit
internal import Testing

@Suite struct CentroidMatchingTests {
  @Test func `each old centroid is continued by one new one, at the least total`() {
    // On a line: 3-9 and 1-0 cost 36 + 1, but 3-0 and 1-9 cost 9 + 64.
    let matching = CentroidMatching(new: [3, 1], old: [0, 9], columnCount: 1)
    #expect(matching.partners == [1, 0])
    #expect(matching.squaredDistances == [36, 1])
    #expect(matching.totalSquaredDistance == 37)
    #expect(matching.gone.isEmpty)
  }

  @Test func `clusters are new or gone where the numbers differ`() {
    let more = CentroidMatching(new: [5, 100, 1], old: [0, 6], columnCount: 1)
    #expect(more.partners == [1, nil, 0])
    #expect(more.squaredDistances == [1, nil, 1])
    #expect(more.gone.isEmpty)
    let fewer = CentroidMatching(new: [6], old: [0, 100, 5], columnCount: 1)
    #expect(fewer.partners == [2])
    #expect(fewer.gone == [0, 1])
  }

  @Test func `equal centroids keep their order`() {
    let matching = CentroidMatching(new: [2, 2, 2], old: [2, 2, 2], columnCount: 1)
    #expect(matching.partners == [0, 1, 2])
  }

  @Test func `huge and tiny centroids are matched, too`() {
    for scale in [1e-300, 1e300] {
      let matching = CentroidMatching(
        new: [3 * scale, 1 * scale],
        old: [0, 9 * scale],
        columnCount: 1
      )
      #expect(matching.partners == [1, 0])
    }
  }

  @Test(arguments: 0..<300)
  func `the total is the least that any assignment has`(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let rows = Int.random(in: 1...7, using: &random)
    let columns = Int.random(in: 1...7, using: &random)
    // Few different costs make many ties.
    let most = seed % 2 == 0 ? 3.0 : 1e6
    let costs = (0..<rows).map { _ in
      (0..<columns).map { _ in Double.random(in: 0...most, using: &random).rounded() }
    }
    let found = CentroidMatching.assign(costs, columnCount: columns)
    let taken = found.compactMap(\.self)
    #expect(taken.count == min(rows, columns) && Set(taken).count == taken.count)
    let total = found.enumerated().reduce(0.0) { sum, row in
      sum + (row.element.map { costs[row.offset][$0] } ?? 0)
    }
    // Whole numbers are added exactly.
    #expect(total == leastTotal(costs, columns: columns), "seed \(seed)")
    #expect(CentroidMatching.assign(costs, columnCount: columns) == found)
  }

  /// The least total over all assignments of the fewer side, by trying each.
  private func leastTotal(_ costs: [[Double]], columns: Int) -> Double {
    guard costs.count <= columns else {
      let transposed = (0..<columns).map { column in costs.map { $0[column] } }
      return leastTotal(transposed, columns: costs.count)
    }
    guard let first = costs.first else { return 0 }
    return (0..<columns).reduce(Double.infinity) { least, column in
      let rest = costs.dropFirst().map { row in
        row.enumerated().filter { $0.offset != column }.map(\.element)
      }
      return min(least, first[column] + leastTotal(rest, columns: columns - 1))
    }
  }
}
