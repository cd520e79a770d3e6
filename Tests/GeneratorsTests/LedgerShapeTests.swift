internal import Generators
internal import TestKit
internal import Testing

/// What a ledger of 100,000 rows looks like; each bound leaves several standard deviations.
@Suite struct LedgerShapeTests {
  private let byteCount: Int
  private let rows: [[String]]

  init() throws {
    (byteCount, rows) = try ledger.get()
  }

  @Test func `a line has 70 to 84 bytes on average`() {
    #expect((70...84).contains(byteCount / rows.count))
  }

  @Test func `orders have about eight lines of one customer, time and country`() {
    let orders = Dictionary(grouping: rows) { $0[0] }
    #expect((7.5...9).contains(Double(rows.count) / Double(orders.count)))
    #expect(orders.values.allSatisfy { Set($0.map { [$0[4], $0[6], $0[7]] }).count == 1 })
  }

  @Test func `cancelled orders are few, small and negative`() {
    let cancelled = rows.filter { $0[0].hasPrefix("C") }
    #expect((0.01...0.02).contains(share(cancelled)))
    #expect(cancelled.allSatisfy { $0[3].hasPrefix("-") })
  }

  @Test func `some rows have no customer, no price or a negative quantity`() {
    #expect((0.04...0.07).contains(share(rows.filter { $0[6].isEmpty })))
    #expect((0.0005...0.005).contains(share(rows.filter { $0[5] == "0.00" })))
    #expect((0.01...0.03).contains(share(rows.filter { $0[3].hasPrefix("-") })))
  }

  @Test func `some descriptions hold commas, some hold quotes`() {
    #expect((0.05...0.2).contains(share(rows.filter { $0[2].contains(",") })))
    #expect((0.02...0.1).contains(share(rows.filter { $0[2].contains("\"") })))
  }

  @Test func `prices have two decimals and times are ISO 8601`() {
    for row in rows.prefix(2_000) {
      #expect(row[5].wholeMatch(of: /[0-9]+\.[0-9]{2}/) != nil, "\(row)")
      #expect(
        row[4].wholeMatch(of: /20(09|10|11)-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:00/) != nil,
        "\(row)"
      )
    }
  }

  @Test func `orders come roughly in the order of time and span two years`() {
    let times = rows.map { $0[4] }
    #expect(times.min()?.hasPrefix("2009-12-01") == true)
    #expect(times.max()?.hasPrefix("2011-11-30") == true)
    let days = times.map { $0.prefix(10) }
    let isBehind = zip(days, days.dropFirst()).filter { $0 > $1 }
    #expect(isBehind.count < rows.count / 100)
  }

  // A tenth of the customers places the root of a tenth, 32 %, of all orders.
  @Test func `the busiest tenth of the customers has about a third of the rows`() {
    let known = rows.filter { !$0[6].isEmpty }
    let counts = Dictionary(grouping: known) { $0[6] }.values.map(\.count).sorted(by: >)
    let busiest = counts.prefix(500).reduce(0, +)
    #expect((0.27...0.42).contains(Double(busiest) / Double(known.count)))
    #expect((3_500...4_600).contains(counts.count))
  }

  @Test func `no two orders share a number`() {
    let starts = zip(rows, rows.dropFirst()).filter { $0[0] != $1[0] }.count + 1
    #expect(Set(rows.map { $0[0] }).count == starts)
  }

  private func share(_ some: [[String]]) -> Double {
    Double(some.count) / Double(rows.count)
  }
}

/// Read once for the whole suite.
private let ledger = Result {
  let bytes = try bytes(LedgerGenerator(rows: 100_000, customers: 5_000, seed: 11))
  return (byteCount: bytes.count, rows: parseCSV(bytes).dropFirst().map { $0.map(text) })
}
