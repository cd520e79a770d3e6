internal import Kernels
internal import Tables

extension TierOptions {
  /// Checks that names and cut points match and ascend.
  func validate() throws(SegmentError) {
    guard ids.count == labels.count, ids.count == quantiles.count + 1 else {
      throw .tierCount(ids: ids.count, labels: labels.count, quantiles: quantiles.count)
    }
    let isAscending = zip(quantiles, quantiles.dropFirst()).allSatisfy { $0 < $1 }
    guard isAscending, quantiles.allSatisfy((0..<1).contains) else { throw .unsortedTiers }
    var seen: Set<String> = []
    for id in ids where !seen.insert(id).inserted { throw .repeatedID(id) }
  }

  /// The tier of each amount: one above the number of cuts that it exceeds, lowest first.
  func assign(_ money: OrderedKeys) -> (grouping: Grouping, cuts: [Double]) {
    let cuts = Segments.quantiles(of: money, at: quantiles)
    let names = zip(ids, labels).map { GroupName(id: $0, label: $1) }
    var indices = [UInt16](repeating: 0, count: money.keys.count)
    for cut in cuts.map({ money.key(cut: $0) }) {
      for row in indices.indices { indices[row] &+= money.keys[row] > cut ? 1 : 0 }
    }
    return (Grouping(names: names, indices: indices), cuts)
  }
}
