internal import Clusters
internal import Tables
internal import Testing

@Suite struct ClusterRankingTests {
  private func clustering(_ labels: [UInt16], count: Int) -> Clustering {
    Clustering(
      labels: labels,
      centroids: (0..<count).map(Double.init),
      clusterCount: count,
      columnCount: 1,
      inertia: 1,
      rounds: 1,
      converged: true,
      engine: "fused"
    )
  }

  private let rfm = RFMTable(
    asOf: Instant(microseconds: 0),
    recencyDays: [10, 20, 5, 1, 9],
    frequency: [1, 3, 2, 2, 2],
    monetary: [10, 20, 100, 15, 100],
    net: [0, 0, 0, 0, 0]
  )

  @Test func `the cluster with the highest mean money is cluster 1`() {
    // Cluster 0: rows 0 and 1, mean money 15; cluster 1: row 3, 15; cluster 2: rows 2 and 4, 100.
    // Clusters 0 and 1 tie in money and in orders (2), and cluster 1 is more recent.
    let ranking = ClusterRanking(clustering([0, 0, 2, 1, 2], count: 3), rfm: rfm)
    #expect(ranking.order == [2, 1, 0])
    #expect(ranking.clustering.labels == [2, 2, 0, 1, 0])
    #expect(ranking.clustering.centroids == [2, 1, 0])
    #expect(ranking.means.map(\.customerCount) == [2, 1, 2])
    #expect(ranking.means.map(\.monetary) == [100, 15, 15])
    #expect(ranking.means.map(\.frequency) == [2, 2, 2])
    #expect(ranking.means.map(\.recencyDays) == [7, 1, 15])
    #expect(ranking.clusters.names.map(\.id) == ["cluster_1", "cluster_2", "cluster_3"])
    #expect(ranking.clusters.names[0].label == "Cluster 1")
    #expect(ranking.tiers.names.map(\.label) == ["Platinum", "Gold", "Silver"])
    #expect(ranking.tiers.indices == ranking.clustering.labels)
  }

  @Test func `equal clusters keep their order and empty ones come last`() {
    let equal = RFMTable(
      asOf: Instant(microseconds: 0),
      recencyDays: [1, 1],
      frequency: [1, 1],
      monetary: [-5, -5],
      net: [0, 0]
    )
    let ranking = ClusterRanking(clustering([1, 2], count: 3), rfm: equal)
    #expect(ranking.order == [1, 2, 0])
    #expect(ranking.means[2].customerCount == 0)
    #expect(ranking.means[2].monetary == 0)
  }

  @Test func `tiers have names of their own for any number`() {
    for count in 1...40 {
      let names = ClusterRanking.tierNames(count: count)
      #expect(names.count == count)
      #expect(Set(names.map(\.id)).count == count)
    }
    #expect(ClusterRanking.tierNames(count: 2).map(\.id) == ["gold", "silver"])
    #expect(ClusterRanking.tierNames(count: 9)[8] == GroupName(id: "tier_9", label: "Tier 9"))
  }
}
