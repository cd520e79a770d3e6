internal import Kernels

/// Groups of centroids that lie together, whose distances one bound covers.
///
/// They are made once, of the centroids that a start begins with, by a few rounds of k-means from the
/// first of them; a group may end empty and is then left out.
///
/// Source: Y. Ding et al., "Yinyang k-means: a drop-in replacement of the classic k-means with
/// consistent speedup", ICML 2015, with the tenth of k groups and the five rounds that it proposes.
enum CentroidGroups<Value: ClusterValue> {
  private static var centroidsPerGroup: Int { 10 }
  private static var roundCount: Int { 5 }

  /// Groups at most for so many centroids.
  static func count(clusterCount: Int) -> Int { max(1, clusterCount / centroidsPerGroup) }

  /// The group of each centroid, counted from 0 without gaps.
  static func groups(of centroids: [Value], columnCount: Int) throws(KernelError) -> [UInt16] {
    let clusterCount = centroids.count / columnCount
    let count = count(clusterCount: clusterCount)
    guard count > 1 else { return Array(repeating: 0, count: clusterCount) }
    let rows = ClusterRows(
      (0..<clusterCount).map { Array(centroids[$0 * columnCount..<($0 + 1) * columnCount]) },
      columnCount: columnCount
    )
    let labels = RowBuffer<UInt16>(rowCount: clusterCount, filledWith: 0)
    var centres = Array(centroids.prefix(count * columnCount))
    for _ in 0..<roundCount {
      let partial = try assign(rows, to: centres, labels: labels)
      centres = centres.indices.map { index in
        let members = partial.counts[index / columnCount]
        return members == 0 ? centres[index] : Value(partial.sums[index] / Double(members))
      }
    }
    return numbered(labels.array())
  }

  private static func assign(
    _ rows: ClusterRows<Value>,
    to centres: [Value],
    labels: RowBuffer<UInt16>
  ) throws(KernelError) -> ClusterPartial {
    let scratch = ClusterScratch<Value>()
    var partial = ClusterPartial(
      clusterCount: centres.count / rows.columnCount,
      columnCount: rows.columnCount
    )
    for block in 0..<rows.blockCount {
      try rows.assign(
        block: block,
        centroids: centres,
        engine: .fused,
        wantsInertia: false,
        scratch: scratch,
        partial: &partial,
        labels: labels
      )
    }
    return partial
  }

  /// The same groups without gaps in their numbers.
  private static func numbered(_ labels: [UInt16]) -> [UInt16] {
    var numbers: [UInt16: UInt16] = [:]
    for label in labels where numbers[label] == nil { numbers[label] = UInt16(numbers.count) }
    return labels.map { numbers[$0] ?? 0 }
  }
}
