internal import Segments
internal import Tables
internal import TestKit

/// A table of these values; a missing axis is all zero.
func table(days: [Int64] = [], orders: [Int64] = [], money: [Double] = []) -> RFMTable {
  let count = max(days.count, orders.count, money.count)
  func filled<Value>(_ values: [Value], _ zero: Value) -> [Value] {
    values.isEmpty ? Array(repeating: zero, count: count) : values
  }
  let amounts = filled(money, 0)
  return RFMTable(
    asOf: Instant(microseconds: 0),
    recencyDays: filled(days, 0),
    frequency: filled(orders, 0),
    monetary: amounts,
    net: amounts.map { $0.isFinite ? Int128($0 * 100) : 0 }
  )
}

/// A map that names every triple of quintiles `all`.
func plainMap(bins: Int = 5) -> SegmentMap {
  SegmentMap(id: "plain", bins: bins, segments: [], otherwise: GroupName(id: "all", label: "All"))
}

/// Triples from lists of scores.
func codes(r: [UInt8], f: [UInt8], m: [UInt8] = [1, 2, 3, 4, 5]) -> [ScoreCode] {
  r.flatMap { r in f.flatMap { f in m.map { m in ScoreCode(r: r, f: f, m: m) } } }
}

/// The 25-cell grid, written as in `config/segments/rf_grid_10.yaml`.
let grid: SegmentMap = {
  let cells: [(String, r: [UInt8], f: [UInt8])] = [
    ("champions", [5], [4, 5]), ("loyal_customers", [3, 4], [4, 5]),
    ("potential_loyalists", [4, 5], [2, 3]), ("new_customers", [5], [1]),
    ("promising", [4], [1]), ("need_attention", [3], [3]), ("about_to_sleep", [3], [1, 2]),
    ("cant_lose", [1, 2], [5]), ("at_risk", [1, 2], [3, 4]), ("hibernating", [1, 2], [1, 2]),
  ]
  return SegmentMap(
    id: "rf_grid_10",
    bins: 5,
    segments: cells.map { id, r, f in
      SegmentMap.Segment(name: GroupName(id: id, label: id), codes: codes(r: r, f: f))
    },
    otherwise: GroupName(id: "other", label: "Other")
  )
}()
