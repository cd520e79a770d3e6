internal import Tables

extension SegmentMap {
  /// The map's groups, and for each triple of scores the group that has it.
  struct Lookup {
    /// The segments in declared order, and the name for the rest if some triple is unclaimed.
    let names: [GroupName]
    /// The map's bins cubed indices into `names`: R slowest, M fastest.
    let table: [UInt16]
  }

  /// Works the map out for every triple.
  func lookup() -> Lookup {
    let unclaimed = UInt16(segments.count)
    var table = [UInt16](repeating: unclaimed, count: bins * bins * bins)
    for (index, segment) in segments.enumerated().reversed() {
      for code in segment.codes { table[position(of: code)] = UInt16(index) }
    }
    let hasGaps = table.contains(unclaimed)
    return Lookup(names: segments.map(\.name) + (hasGaps ? [otherwise] : []), table: table)
  }

  /// Names every customer by the three scores.
  func group(recency: [UInt8], frequency: [UInt8], monetary: [UInt8]) -> Grouping {
    let lookup = lookup()
    var indices = [UInt16](repeating: 0, count: recency.count)
    for row in indices.indices {
      let code = ScoreCode(r: recency[row], f: frequency[row], m: monetary[row])
      indices[row] = lookup.table[position(of: code)]
    }
    return Grouping(names: lookup.names, indices: indices)
  }

  /// Checks that the map's codes and ids are sound and that the axes have as many bins as it.
  func validate(scores: ScoreOptions) throws(SegmentError) {
    for (axis, rule) in scores.axes where rule.binCount != bins {
      throw .mapBins(map: id, bins: bins, axis: axis, axisBins: rule.binCount)
    }
    var ids: Set<String> = [otherwise.id]
    for segment in segments {
      guard ids.insert(segment.name.id).inserted else { throw .repeatedID(segment.name.id) }
      for code in segment.codes where !isInRange(code) {
        throw .codeOutOfRange(map: id, segment: segment.name.id, code: code)
      }
    }
  }

  private func isInRange(_ code: ScoreCode) -> Bool {
    [code.r, code.f, code.m].allSatisfy { (1...bins).contains(Int($0)) }
  }

  private func position(of code: ScoreCode) -> Int {
    ((Int(code.r) - 1) * bins + Int(code.f) - 1) * bins + Int(code.m) - 1
  }
}
