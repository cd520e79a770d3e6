internal import Segments
internal import Tables
internal import Testing

@Suite struct SegmentMapLintTests {
  private func map(_ segments: [(String, [ScoreCode])]) -> SegmentMap {
    SegmentMap(
      id: "small",
      bins: 2,
      segments: segments.map {
        SegmentMap.Segment(name: GroupName(id: $0, label: $0), codes: $1)
      },
      otherwise: GroupName(id: "rest", label: "Rest")
    )
  }

  @Test func `a partition has nothing to find`() {
    let whole = codes(r: [1, 2], f: [1, 2], m: [1, 2])
    #expect(map([("all", whole)]).findings().isEmpty)
  }

  @Test func `the grid names each cell once`() {
    #expect(grid.findings().isEmpty)
  }

  @Test func `gaps, overlaps and names that never occur are found`() {
    let top = ScoreCode(r: 2, f: 2, m: 2)
    let findings = map([
      ("low", codes(r: [1], f: [1, 2], m: [1, 2])),
      ("top", [top, top]),
      ("same", [top]),
      ("high", codes(r: [2], f: [2], m: [1, 2])),
      ("none", []),
    ]).findings()
    #expect(
      findings == [
        .overlap(first: "top", second: "same", codes: [top]),
        .neverOccurs("same"),
        .overlap(first: "top", second: "high", codes: [top]),
        .neverOccurs("none"),
        .gap(codes(r: [2], f: [1], m: [1, 2])),
      ]
    )
  }
}
