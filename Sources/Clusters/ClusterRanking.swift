public import Tables

/// Arithmetic means of one cluster's members.
public struct ClusterMeans: Hashable, Sendable {
  /// Members.
  public var customerCount: Int
  /// Mean recency in days; 0 without members, as the others.
  public var recencyDays: Double
  /// Mean frequency.
  public var frequency: Double
  /// Mean money in whole currency.
  public var monetary: Double
}

/// Clusters in the order of their value, the most valuable first.
///
/// Value is the mean money of the members, then their mean frequency, then their mean recency, where
/// fewer days are better; equal clusters keep the order they had, and those without members come last.
public struct ClusterRanking: Sendable {
  /// The clustering with label i for the cluster of rank i + 1.
  public let clustering: Clustering
  /// For each rank the label that the cluster had before.
  public let order: [Int]
  /// For each rank the means of the members.
  public let means: [ClusterMeans]

  /// Ranks the clusters of a clustering.
  ///
  /// - Parameters:
  ///   - clustering: One label a customer.
  ///   - rfm: The same customers in the same order.
  /// - Complexity: O(n), in one thread and in row order, so that the sums are always the same.
  public init(_ clustering: Clustering, rfm: RFMTable) {
    precondition(clustering.labels.count == rfm.count, "labels and customers differ in number")
    let unranked = Self.means(of: clustering, rfm: rfm)
    let order = unranked.indices.sorted { left, right in
      let (a, b) = (unranked[left].sortKey, unranked[right].sortKey)
      return a == b ? left < right : a < b
    }
    self.order = order
    means = order.map { unranked[$0] }
    self.clustering = clustering.reordered(order)
  }

  /// The clusters as groups `cluster_1`, `cluster_2` and so on.
  public var clusters: Grouping {
    let names = means.indices.map {
      GroupName(id: "cluster_\($0 + 1)", label: "Cluster \($0 + 1)")
    }
    return Grouping(names: names, indices: clustering.labels)
  }

  /// The clusters as tiers, such as Platinum, Gold and Silver for three, the most valuable first.
  public var tiers: Grouping {
    Grouping(names: Self.tierNames(count: means.count), indices: clustering.labels)
  }

  /// Names of tiers, the highest first; more than there are names for are numbered.
  public static func tierNames(count: Int) -> [GroupName] {
    let ladders = [
      ["Gold"],
      ["Gold", "Silver"],
      ["Platinum", "Gold", "Silver"],
      ["Platinum", "Gold", "Silver", "Bronze"],
      ["Diamond", "Platinum", "Gold", "Silver", "Bronze"],
      ["Diamond", "Platinum", "Gold", "Silver", "Bronze", "Iron"],
      ["Diamond", "Emerald", "Platinum", "Gold", "Silver", "Bronze", "Iron"],
      ["Diamond", "Emerald", "Platinum", "Gold", "Silver", "Bronze", "Copper", "Iron"],
    ]
    guard (1...ladders.count).contains(count) else {
      return (0..<count).map { GroupName(id: "tier_\($0 + 1)", label: "Tier \($0 + 1)") }
    }
    return ladders[count - 1].map { GroupName(id: $0.lowercased(), label: $0) }
  }

  private static func means(of clustering: Clustering, rfm: RFMTable) -> [ClusterMeans] {
    var counts = Array(repeating: 0, count: clustering.clusterCount)
    var days = Array(repeating: Int64(0), count: clustering.clusterCount)
    var frequencies = days
    var money = Array(repeating: 0.0, count: clustering.clusterCount)
    for (row, label) in clustering.labels.enumerated() {
      counts[Int(label)] += 1
      days[Int(label)] += rfm.recencyDays[row]
      frequencies[Int(label)] += rfm.frequency[row]
      money[Int(label)] += rfm.monetary[row]
    }
    return counts.indices.map { cluster in
      let count = Double(max(1, counts[cluster]))
      return ClusterMeans(
        customerCount: counts[cluster],
        recencyDays: Double(days[cluster]) / count,
        frequency: Double(frequencies[cluster]) / count,
        monetary: money[cluster] / count
      )
    }
  }
}

extension ClusterMeans {
  /// Ascending from the most valuable.
  fileprivate var sortKey: (Int, Double, Double, Double) {
    (customerCount > 0 ? 0 : 1, -monetary, -frequency, recencyDays)
  }
}

extension Clustering {
  /// The same clusters with label i for what was label `order[i]`.
  fileprivate func reordered(_ order: [Int]) -> Clustering {
    var ranks = Array(repeating: UInt16(0), count: clusterCount)
    for (rank, label) in order.enumerated() { ranks[label] = UInt16(rank) }
    var result = self
    result.labels = labels.map { ranks[Int($0)] }
    result.centroids = order.flatMap { label in
      centroids[label * columnCount..<(label + 1) * columnCount]
    }
    return result
  }
}
