internal import Kernels
public import Tables

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

/// Names for any number of groups that are ordered by value.
public enum TierLadder {
  /// Names for `count` groups, lowest value first: Silver, Gold, Platinum for three.
  ///
  /// Bronze joins below from four, Diamond above from five, Iron below from six; more than that are
  /// numbered levels.
  public static func names(count: Int) -> [GroupName] {
    let metals = ["Iron", "Bronze", "Silver", "Gold", "Platinum", "Diamond"]
    let used: ArraySlice<String> =
      switch count {
      case ...0: []
      case 1...3: metals[2..<2 + count]
      case 4: metals[1..<5]
      case 5: metals[1..<6]
      case 6: metals[0..<6]
      default: ArraySlice((1...count).map { "Level \($0)" })
      }
    return used.map { label in
      let id = label.lowercased().split(separator: " ").joined(separator: "_")
      return GroupName(id: id, label: label)
    }
  }
}
