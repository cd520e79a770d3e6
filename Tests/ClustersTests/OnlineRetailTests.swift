internal import Clusters
internal import Features
internal import Foundation
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// Online Retail's customers: log1p, z-score, k-means, against scikit-learn.
@Suite struct OnlineRetailTests {
  private static let file = "online_retail_log_kmeans4.csv"

  @Test(.needsReference(file), arguments: [ClusterEngine.blas, .fused, .tile])
  func `Lloyd from given rows gives scikit-learn's labels and inertia`(
    engine: ClusterEngine
  ) throws {
    let retail = try Retail(Self.file)
    var options = ClusterOptions()
    options.tolerance = 0
    options.engine = engine
    let starts = ["12347", "12350", "12357", "18283"].compactMap(retail.ids.firstIndex(of:))
    let result = try KMeans.fit(
      retail.matrix(),
      options: options,
      startRows: starts,
      workers: Workers(count: 2)
    )
    #expect(result.best.labels == retail.startLabels)
    #expect(abs(result.best.inertia - 3938.581253) < 1e-6)
    #expect(result.best.converged)
    #expect(result.best.engine == engine.rawValue)
  }

  @Test(.needsReference(file))
  func `twenty starts reach the inertia that half of scikit-learn's starts reach`() throws {
    let retail = try Retail(Self.file)
    var options = ClusterOptions()
    options.count = .fixed(4)
    options.starts = 20
    options.tolerance = 0
    let result = try KMeans.fit(retail.matrix(), options: options, workers: .all)
    #expect(result.best.inertia <= 3938.5047)
  }

  @Test(.needsReference(file))
  func `ranks by value agree with the published table for 97 % of the customers`() throws {
    let retail = try Retail(Self.file)
    var options = ClusterOptions()
    options.count = .fixed(4)
    options.starts = 20
    let result = try KMeans.fit(retail.matrix(), options: options, workers: .all)
    let ranking = ClusterRanking(result.best, rfm: retail.rfm)
    let equal = zip(ranking.clustering.labels, retail.publishedRanks).count { $0 + 1 == $1 }
    #expect(Double(equal) >= 0.97 * Double(retail.rfm.count))
  }

  @Test(.needsReference(file))
  func `a sweep of three starts comes within 0.1 % of the best of sixty at every k`() throws {
    let retail = try Retail(Self.file)
    var options = ClusterOptions()
    options.starts = 3
    options.tolerance = 0
    let best = [
      2: 6483.5814, 3: 4869.4343, 4: 3938.441669, 5: 3296.6227, 6: 2854.9098, 7: 2548.7522,
      8: 2336.3199,
    ]
    for seed in UInt64(0)..<3 {
      options.seed = seed
      let result = try KMeans.fit(retail.matrix(), options: options, workers: .all)
      for tried in result.tried {
        let reference = try #require(best[tried.clusterCount])
        #expect(
          tried.inertia <= reference * 1.001,
          "seed \(seed), \(tried.clusterCount) clusters: \(tried.inertia)"
        )
      }
    }
  }
}

/// The reference table as columns.
private struct Retail {
  let ids: [String]
  let rfm: RFMTable
  let startLabels: [UInt16]
  let publishedRanks: [UInt16]

  init(_ name: String) throws {
    let file = Locations.sharedReference.appendingPathComponent(name)
    let text = try String(contentsOf: file, encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
    ids = rows.map { String($0[0]) }
    rfm = RFMTable(
      asOf: Instant(microseconds: 0),
      recencyDays: rows.compactMap { Int64($0[1]) },
      frequency: rows.compactMap { Int64($0[2]) },
      monetary: rows.compactMap { Double($0[3]) },
      net: rows.map { _ in 0 }
    )
    startLabels = rows.compactMap { UInt16($0[6]) }
    publishedRanks = rows.compactMap { UInt16($0[5]) }
  }

  func matrix() throws -> FeatureMatrix {
    try Features.fit(rfm, options: FeatureOptions(), workers: .all).matrix
  }
}
