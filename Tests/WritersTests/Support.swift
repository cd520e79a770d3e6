internal import Foundation
internal import Kernels
internal import Tables
internal import TestKit
internal import Writers

/// Customers with these keys; the figures of row i follow from i by simple rules.
func customers(_ keys: [[UInt8]], batchRows: Int = 1000) -> CustomerBatches {
  CustomerBatches(count: keys.count, batchRows: batchRows) { index in
    let rows = index * batchRows..<min(keys.count, (index + 1) * batchRows)
    var batch = CustomerBatch()
    for row in rows {
      batch.keys.append(keys[row])
      // 2011-12-09T12:50:00 and each row a day and a second later.
      let instant = 1_323_435_000_000_000 + Int64(row) * 86_401_000_000
      batch.firstInstants.append(instant)
      batch.lastInstants.append(instant + 3_600_000_000)
      batch.orderCounts.append(Int64(row % 5 + 1))
      batch.rowCounts.append(Int64(row % 7 + 1))
      batch.dayCounts.append(1)
      batch.gross.append(Int128(1000 + 37 * row))
      batch.returns.append(Int128(-row % 100))
      batch.largestOrders.append(Int128(500 + row))
      batch.firstOrders.append(Int128(400 + row))
      batch.gapMeanDays.append(row % 5 == 0 ? .nan : Double(row) / 7)
      batch.gapVarianceDays.append(row % 5 == 0 ? .nan : Double(row) / 9)
      batch.places.append(RowPlace(fileOrdinal: 0, byteOffset: UInt64(row)))
    }
    return batch
  }
}

/// Ascending keys `00000`, `00001` and so on.
func numberedKeys(_ count: Int) -> [[UInt8]] {
  (0..<count).map { number in
    let digits = String(number)
    return Array((String(repeating: "0", count: 5 - digits.count) + digits).utf8)
  }
}

/// Recency, frequency and net amounts of the customers that ``customers(_:batchRows:)`` makes.
func rfm(_ count: Int) -> RFMTable {
  let net = (0..<count).map { Int128(1000 + 37 * $0 - $0 % 100) }
  return RFMTable(
    asOf: Instant(microseconds: 0),
    recencyDays: (0..<count).map { Int64($0 % 400) },
    frequency: (0..<count).map { Int64($0 % 5 + 1) },
    monetary: net.map { Money(units: $0).doubleValue(scale: 2) },
    net: net
  )
}

/// Customer i belongs to group i mod the number of ids.
func grouping(_ ids: [String], count: Int) -> Grouping {
  Grouping(
    names: ids.map { GroupName(id: $0, label: $0.capitalized) },
    indices: (0..<count).map { UInt16($0 % ids.count) }
  )
}

/// Scores, segments and tiers of `count` customers.
func segments(_ count: Int) -> SegmentTable {
  SegmentTable(
    recencyScores: (0..<count).map { UInt8($0 % 5 + 1) },
    frequencyScores: (0..<count).map { UInt8($0 / 5 % 5 + 1) },
    monetaryScores: (0..<count).map { UInt8($0 / 25 % 5 + 1) },
    segments: grouping(["champions", "at_risk", "lost"], count: count),
    furtherMaps: [("second", grouping(["x", "y"], count: count))],
    tiers: grouping(["low_value", "high_value"], count: count)
  )
}

/// A published folder: writes by `body`, adds a manifest, puts it in place.
@discardableResult
func publish(_ out: URL, _ body: (Publication) throws -> Void) throws -> Publication {
  let publication = try Publication(out: out.path)
  try body(publication)
  try publication.writeManifest(
    ManifestFacts(version: "1", definitions: [:], inputs: [])
  )
  try publication.publish()
  return publication
}

/// All names in a folder, hidden ones included, in byte order.
func names(in folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}
