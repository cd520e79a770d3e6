internal import Foundation
internal import Segments
internal import Tables
internal import TestKit
internal import Testing

/// The R×F grid of all 4,338 customers of Online Retail, as pandas makes it.
@Suite struct ReferenceTests {
  @Test(.needsReference("online_retail_rf_grid.csv"))
  func `scores and names of Online Retail equal those of pandas`() throws {
    let file = Locations.sharedReference.appendingPathComponent("online_retail_rf_grid.csv")
    let lines = try file.text().split(whereSeparator: \.isNewline).dropFirst()
    let rows = lines.map { $0.split(separator: ",").map(String.init) }
    #expect(rows.count == 4338)

    let rfm = table(
      days: rows.compactMap { Int64($0[1]) },
      orders: rows.compactMap { Int64($0[2]) },
      money: rows.compactMap { Double($0[3]) }
    )
    let options = SegmentOptions(maps: [grid])
    let (result, model) = try Segmentation.assign(rfm, places: [], options: options)

    #expect(result.recencyScores == rows.compactMap { UInt8($0[4]) })
    #expect(result.frequencyScores == rows.compactMap { UInt8($0[5]) })
    #expect(result.monetaryScores == rows.compactMap { UInt8($0[6]) })
    // The reference spells two names in its own way.
    let spelling = ["at_Risk": "at_risk", "cant_loose": "cant_lose"]
    let names = result.segments.indices.map { result.segments.names[Int($0)].id }
    #expect(names == rows.map { spelling[$0[7]] ?? $0[7] })
    #expect(model.recency.bins.map(\.customers).reduce(0, +) == 4338)
  }
}
