internal import Tables

/// Something about a map that its author may not have meant; the map can be used all the same.
public enum SegmentMapFinding: Hashable, Sendable {
  /// No segment claims these triples, so they go to `otherwise`.
  case gap([ScoreCode])
  /// Two segments claim these triples; the first has them.
  case overlap(first: String, second: String, codes: [ScoreCode])
  /// Every triple that the segment claims belongs to one before it, or it claims none.
  case neverOccurs(String)
}

extension SegmentMap {
  /// Looks for triples that no segment claims, triples that several claim, and segments that no
  /// customer can ever be in.
  ///
  /// - Returns: Overlaps and segments that never occur, in declared order; then the gap. Triples are in
  ///   ascending order of R, F and M, each named once.
  public func findings() -> [SegmentMapFinding] {
    var owners: [ScoreCode: String] = [:]
    var findings: [SegmentMapFinding] = []
    for segment in segments {
      let codes = Set(segment.codes).sorted(by: Self.ascending)
      for (first, shared) in Self.grouped(codes, by: owners) {
        findings.append(.overlap(first: first, second: segment.name.id, codes: shared))
      }
      let own = codes.filter { owners[$0] == nil }
      if own.isEmpty { findings.append(.neverOccurs(segment.name.id)) }
      for code in own { owners[code] = segment.name.id }
    }
    let unclaimed = allCodes.filter { owners[$0] == nil }
    return unclaimed.isEmpty ? findings : findings + [.gap(unclaimed)]
  }

  /// Every triple, in ascending order.
  private var allCodes: [ScoreCode] {
    let scores = (1...UInt8(bins))
    return scores.flatMap { r in
      scores.flatMap { f in scores.map { m in ScoreCode(r: r, f: f, m: m) } }
    }
  }

  /// The codes that have an owner, by owner, in the order in which the owners come up.
  private static func grouped(
    _ codes: [ScoreCode],
    by owners: [ScoreCode: String]
  ) -> [(owner: String, codes: [ScoreCode])] {
    var groups: [(owner: String, codes: [ScoreCode])] = []
    for code in codes {
      guard let owner = owners[code] else { continue }
      if let group = groups.firstIndex(where: { $0.owner == owner }) {
        groups[group].codes.append(code)
      } else {
        groups.append((owner, [code]))
      }
    }
    return groups
  }

  private static func ascending(_ left: ScoreCode, _ right: ScoreCode) -> Bool {
    (left.r, left.f, left.m) < (right.r, right.f, right.m)
  }
}
