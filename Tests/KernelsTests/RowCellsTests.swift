internal import Kernels
internal import TestKit
internal import Testing

/// Sums of distances to the clusters of several clusterings, against a plain reference in Swift.
@Suite(.serialized) struct RowCellsTests {
  @Test(arguments: [1, 2, 3, 4, 5, 8, 17, 33])
  func `every level gives the sums of the reference`(columns: Int) throws {
    for rowCount in [1, 7, 8, 9, 100, 1500] {
      let sample = Sample<Double>(UInt64(columns * 10_000 + rowCount), rowCount, columns)
      for clusterCounts in [[1], [5], [2, 3, 7]] {
        let expected = try sample.reference(clusterCounts)
        var results: [[Double]] = []
        for level in InstructionSet.available {
          results.append(try withInstructionSet(level) { try sample.sums(clusterCounts) })
        }
        #expect(results.allSatisfy { $0 == results[0] }, "\(rowCount) rows, \(clusterCounts)")
        #expect(results[0].count == expected.count)
        // The reference adds in another order.
        #expect(zip(results[0], expected).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, $1) })
      }
    }
  }

  @Test func `a point that is a row is at distance 0 from itself`() throws {
    let rows = ClusterRows<Double>(
      columns: [0, 3, 10, 0, 4, 10],
      rowCount: 3,
      centres: [0, 0],
      scale: 1,
      workers: Workers(count: 1)
    )
    let labels = RowBuffer<UInt16>(rowCount: 3, filledWith: 0)
    let cells = RowCells(
      rows,
      clusterings: [RowLabels(labels: labels, clusterCount: 2)],
      workers: Workers(count: 1)
    )
    // 0 + 5 + √200 to the first cluster, nothing to the empty second.
    #expect(try cells.distanceSums(from: [0, 0]) == [5 + 200.0.squareRoot(), 0])
    #expect(throws: KernelError.badShape) { try cells.distanceSums(from: []) }
  }

  @Test func `rows in 32 bits come out as doubles in the order asked for`() {
    let rows = ClusterRows<Float>(
      columns: [1, 2, 3, 10, 20, 30],
      rowCount: 3,
      centres: [0, 0],
      scale: 1,
      workers: Workers(count: 1)
    )
    #expect(rows.columns(of: [2, 0, 2]) == [3, 1, 3, 30, 10, 30])
    #expect(rows.columns(of: []) == [])
  }
}

/// Random rows, with labels by the nearest of some rows.
private struct Sample<Value: ClusterValue> {
  let rows: ClusterRows<Value>
  let rowCount: Int

  init(_ seed: UInt64, _ rowCount: Int, _ columns: Int) {
    var random = SeededGenerator(seed: seed)
    self.rowCount = rowCount
    rows = ClusterRows(
      columns: (0..<rowCount * columns).map { _ in Double.random(in: -2...2, using: &random) },
      rowCount: rowCount,
      centres: Array(repeating: 0, count: columns),
      scale: 1,
      workers: Workers(count: 1)
    )
  }

  private var points: [Double] {
    (0..<6).flatMap { rows.row($0 * 31 % rowCount).map(Double.init) }
  }

  func sums(_ clusterCounts: [Int]) throws -> [Double] {
    let cells = RowCells(
      rows,
      clusterings: try clusterCounts.map {
        RowLabels(labels: try labels($0), clusterCount: $0)
      },
      workers: Workers(count: 2)
    )
    #expect(cells.groupCount == clusterCounts.reduce(0, +))
    return try cells.distanceSums(from: points)
  }

  func reference(_ clusterCounts: [Int]) throws -> [Double] {
    let points = points
    let distances = (0..<rowCount).map { index in
      let row = rows.row(index).map(Double.init)
      return (0..<6).map { point in
        row.indices.reduce(0.0) { sum, column in
          let gap = row[column] - points[point * row.count + column]
          return sum.addingProduct(gap, gap)
        }.squareRoot()
      }
    }
    return try clusterCounts.flatMap { count in
      var sums = Array(repeating: 0.0, count: count * 6)
      for (index, label) in try labels(count).array().enumerated() {
        for point in 0..<6 { sums[Int(label) * 6 + point] += distances[index][point] }
      }
      return sums
    }
  }

  private func labels(_ clusterCount: Int) throws -> RowBuffer<UInt16> {
    let labels = RowBuffer<UInt16>(rowCount: rowCount, filledWith: 0)
    let centroids = (0..<clusterCount).flatMap { rows.row($0 * 17 % rowCount) }
    var partial = ClusterPartial(clusterCount: clusterCount, columnCount: rows.columnCount)
    try rows.assign(
      block: 0,
      centroids: centroids,
      engine: .fused,
      wantsInertia: false,
      scratch: ClusterScratch(),
      partial: &partial,
      labels: labels
    )
    return labels
  }
}
