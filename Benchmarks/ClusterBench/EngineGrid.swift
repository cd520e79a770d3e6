import Clusters
import Foundation
import Kernels

/// What one pass over the rows costs with each engine, over a grid of sizes: the table that the rule
/// of `auto` comes from.
///
/// One worker labels and adds up blobs of random rows that overlap; the least of some repetitions
/// counts, and engines take turns, so that a slow minute hits all of them.
struct EngineGrid {
  let rowCounts: [Int]
  let columnCounts: [Int]
  let clusterCounts: [Int]
  let isFloat32: Bool
  let repetitions: Int

  /// Matrices of more values are left out.
  private static let mostValues = 1 << 26

  init(_ arguments: Arguments) {
    rowCounts = arguments.list("n", separator: ",")
    columnCounts = arguments.list("d", separator: ",")
    clusterCounts = arguments.list("k", separator: ",")
    isFloat32 = arguments.values["type"] == "f32"
    repetitions = arguments.number("repeat", 5)
  }

  /// Prints a line for each size: rows, columns, clusters, and nanoseconds a row for each engine.
  func run() throws {
    print("type n d k", NearestEngine.allCases.map(\.rawValue).joined(separator: " "))
    for rowCount in rowCounts {
      for columnCount in columnCounts where rowCount * columnCount <= Self.mostValues {
        if isFloat32 {
          try measure(Float.self, rowCount, columnCount)
        } else {
          try measure(Double.self, rowCount, columnCount)
        }
      }
    }
  }

  private func measure<Value: ClusterValue>(
    _ type: Value.Type,
    _ rowCount: Int,
    _ columnCount: Int
  ) throws {
    let alone = Workers(count: 1)
    let rows = ClusterRows<Value>(
      columns: blobs(rowCount, columnCount),
      rowCount: rowCount,
      centres: Array(repeating: 0, count: columnCount),
      scale: 1,
      workers: alone
    )
    let norms = try rows.norms(workers: alone)
    for clusterCount in clusterCounts {
      let centroids = (0..<clusterCount).flatMap { rows.row($0 * (rowCount / clusterCount)) }
      var least = Array(repeating: Double.infinity, count: NearestEngine.allCases.count)
      var first: ClusterPartial?
      for _ in 0..<repetitions {
        for (index, engine) in NearestEngine.allCases.enumerated() {
          let begin = clock()
          let partial = try pass(rows, centroids, engine, norms)
          least[index] = min(least[index], Double(clock() - begin))
          precondition(first == nil || first == partial, "\(engine) has other sums")
          first = partial
        }
      }
      let perRow = least.map { $0 / Double(CLOCKS_PER_SEC) * 1e9 / Double(rowCount) }
      print(
        isFloat32 ? "f32" : "f64",
        rowCount,
        columnCount,
        clusterCount,
        perRow.map { String(format: "%.2f", $0) }.joined(separator: " ")
      )
    }
  }

  private func pass<Value: ClusterValue>(
    _ rows: ClusterRows<Value>,
    _ centroids: [Value],
    _ engine: NearestEngine,
    _ norms: RowBuffer<Value>
  ) throws -> ClusterPartial {
    let scratch = ClusterScratch<Value>()
    var partial = ClusterPartial(
      clusterCount: centroids.count / rows.columnCount,
      columnCount: rows.columnCount
    )
    for block in 0..<rows.blockCount {
      try rows.assign(
        block: block,
        centroids: centroids,
        engine: engine,
        norms: norms,
        wantsInertia: false,
        scratch: scratch,
        partial: &partial
      )
    }
    return partial
  }

  /// n × d values, column-major: 32 blobs of about the width of their distances.
  private func blobs(_ rowCount: Int, _ columnCount: Int) -> [Double] {
    var state: UInt64 = 88_172_645_463_325_252
    func next() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / Double(1 << 53) * 2 - 1
    }
    return (0..<columnCount).flatMap { _ in
      let centres = (0..<32).map { _ in next() }
      return (0..<rowCount).map { centres[$0 % 32] + next() + next() }
    }
  }
}
