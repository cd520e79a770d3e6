internal import Segments
internal import Tables
internal import TestKit
internal import Testing

@Suite struct SegmentationTests {
  private func code(_ r: UInt8, _ f: UInt8, _ m: UInt8) -> ScoreCode { ScoreCode(r: r, f: f, m: m) }

  private func segment(_ id: String, _ codes: [ScoreCode]) -> SegmentMap.Segment {
    SegmentMap.Segment(name: GroupName(id: id, label: id.uppercased()), codes: codes)
  }

  /// Two bins on every axis, cut so that values 0 and 1 score 1 and 2 (days 1 and 0).
  private func options(_ map: SegmentMap) -> SegmentOptions {
    var options = SegmentOptions(maps: [map])
    options.scores.recency = .cuts([0])
    options.scores.frequency = .cuts([0])
    options.scores.monetary = .cuts([0])
    return options
  }

  @Test func `the first of two claims has the triple, and gaps go to the rest`() throws {
    let map = SegmentMap(
      id: "small",
      bins: 2,
      segments: [segment("a", [code(2, 2, 2)]), segment("b", [code(2, 2, 2), code(2, 2, 1)])],
      otherwise: GroupName(id: "rest", label: "Rest")
    )
    let rfm = table(days: [0, 0, 1], orders: [1, 1, 1], money: [1, 0, 1])
    let (table, _) = try Segmentation.assign(rfm, places: [], options: options(map))
    #expect(table.segments.names.map(\.id) == ["a", "b", "rest"])
    #expect(table.segments.indices == [0, 1, 2])
  }

  @Test func `a map without gaps has no group for the rest`() throws {
    let (result, _) = try Segmentation.assign(
      table(money: [1, 2, 3]),
      places: [],
      options: SegmentOptions(maps: [grid])
    )
    #expect(result.segments.names.count == 10)
  }

  @Test func `several maps are evaluated at once`() throws {
    let (result, _) = try Segmentation.assign(
      table(money: [1, 2, 3]),
      places: [],
      options: SegmentOptions(maps: [grid, plainMap()])
    )
    #expect(result.furtherMaps.map(\.name) == ["plain"])
    #expect(result.furtherMaps[0].grouping.indices == [0, 0, 0])
  }

  @Test func `tiers are cut at quantiles of money`() throws {
    // Positions 4.5 and 7.2 of ten amounts 1 to 10: cuts 5.5 and 8.2.
    let money = (1...10).map(Double.init)
    let (result, model) = try Segmentation.assign(
      table(money: money),
      places: [],
      options: SegmentOptions(maps: [plainMap()])
    )
    #expect(result.tiers.names.map(\.id) == ["low_value", "mid_value", "high_value"])
    #expect(result.tiers.indices == [0, 0, 0, 0, 0, 1, 1, 1, 2, 2])
    #expect(zip(model.tierCuts, [5.5, 8.2]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func `customers all alike are of low value`() throws {
    let options = SegmentOptions(maps: [plainMap()])
    let (result, _) = try Segmentation.assign(table(money: [5, 5]), places: [], options: options)
    #expect(result.tiers.indices == [0, 0])
  }
}

@Suite struct SegmentOptionsTests {
  private func error(_ change: (inout SegmentOptions) -> Void) -> SegmentError? {
    var options = SegmentOptions(maps: [plainMap()])
    change(&options)
    do throws(SegmentError) {
      try options.validate()
      return nil
    } catch {
      return error
    }
  }

  @Test func `options that agree pass`() {
    #expect(error { $0.maps = [grid, plainMap()] } == nil)
  }

  @Test func `contradictions are refused by name`() {
    let outside = SegmentMap.Segment(
      name: GroupName(id: "x", label: "X"),
      codes: [ScoreCode(r: 6, f: 1, m: 1)]
    )
    #expect(error { $0.maps = [] } == .noMap)
    #expect(error { $0.maps = [grid, grid] } == .repeatedID("rf_grid_10"))
    #expect(
      error { $0.maps[0].segments = [outside] }
        == .codeOutOfRange(map: "plain", segment: "x", code: ScoreCode(r: 6, f: 1, m: 1))
    )
    #expect(
      error { $0.scores.monetary = .cuts([1]) }
        == .mapBins(map: "plain", bins: 5, axis: "monetary", axisBins: 2)
    )
    #expect(
      error { $0.scores.recency = .cuts([3, 2, 1, 0]) } == .unsortedCuts(axis: "recency")
    )
    #expect(
      error { $0.scores.frequency = .quantiles(bins: 1, ties: .mid) }
        == .binCount(axis: "frequency", bins: 1)
    )
    #expect(error { $0.tiers.quantiles = [0.5] } == .tierCount(ids: 3, labels: 3, quantiles: 1))
    #expect(error { $0.tiers.quantiles = [0.8, 0.5] } == .unsortedTiers)
    #expect(error { $0.tiers.ids = ["a", "b", "a"] } == .repeatedID("a"))
  }

  @Test func `ties by appearance need places`() {
    var options = SegmentOptions(maps: [plainMap()])
    options.scores.frequency = .quantiles(bins: 5, ties: .ordinalByAppearance)
    #expect(throws: SegmentError.placesMissing(axis: "frequency")) {
      try Segmentation.assign(table(money: [1]), places: [], options: options)
    }
  }

  @Test func `an amount that is no number is refused`() {
    #expect(throws: SegmentError.notFinite(axis: "monetary", row: 1)) {
      try Segmentation.assign(
        table(money: [1, .nan]),
        places: [],
        options: SegmentOptions(maps: [plainMap()])
      )
    }
  }
}
