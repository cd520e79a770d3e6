internal import Features
internal import Kernels
internal import Tables
internal import Testing

/// Two customers: one with three orders, one with a single one.
private let customers: CustomerBatch = {
  var batch = CustomerBatch()
  batch.keys.append("a".utf8)
  batch.keys.append("b".utf8)
  let day = Instant.microsecondsPerDay
  batch.firstInstants = [0, 2 * day]
  batch.lastInstants = [day + day / 2, 2 * day]
  batch.orderCounts = [3, 1]
  batch.rowCounts = [7, 2]
  batch.dayCounts = [2, 1]
  batch.gross = [10_000, 250]
  batch.returns = [-1000, 0]
  batch.firstOrders = [3000, 250]
  return batch
}()

/// Seven customers in batches of two, of which every second is customer 0 above.
private let batches = CustomerBatches(count: 7, batchRows: 2) { index in
  guard index == 3 else { return customers }
  var last = CustomerBatch()
  last.keys.append("z".utf8)
  last.lastInstants = [customers.lastInstants[0]]
  last.orderCounts = [3]
  last.rowCounts = [7]
  last.dayCounts = [2]
  last.gross = [10_000]
  last.returns = [-1000]
  last.firstOrders = [3000]
  return last
}

private func derive(
  _ change: (inout RFMDefinition) -> Void,
  asOf day: Double = 4,
  workers: Int = 1
) throws -> RFMTable {
  var definition = RFMDefinition()
  change(&definition)
  let micros = Int64(day * Double(Instant.microsecondsPerDay))
  return try RFMTable.derive(
    batches,
    asOf: Instant(microseconds: micros),
    definition: definition,
    moneyScale: 2,
    workers: Workers(count: workers)
  )
}

@Suite struct RFMDerivationTests {
  @Test func `recency counts whole days or midnights`() throws {
    // Customer a's last row is at noon of day 1, as-of is the start of day 4.
    #expect(try derive { $0.recency = .elapsed }.recencyDays.prefix(2) == [2, 2])
    #expect(try derive { $0.recency = .calendar }.recencyDays.prefix(2) == [3, 2])
    // As-of before a row: the day that has begun counts back.
    #expect(try derive({ $0.recency = .elapsed }, asOf: 1).recencyDays.prefix(2) == [-1, -1])
  }

  @Test func `frequency counts what it is told to`() throws {
    #expect(try derive { $0.frequency = .orders }.frequency.prefix(2) == [3, 1])
    #expect(try derive { $0.frequency = .rows }.frequency.prefix(2) == [7, 2])
    #expect(try derive { $0.frequency = .days }.frequency.prefix(2) == [2, 1])
    #expect(try derive { $0.frequency = .repeatDays }.frequency.prefix(2) == [1, 0])
  }

  @Test func `money is the sum or a mean`() throws {
    #expect(try derive { $0.monetary = .sum }.monetary.prefix(2) == [90, 2.5])
    #expect(try derive { $0.monetary = .meanPerOrder }.monetary.prefix(2) == [30, 2.5])
    #expect(try derive { $0.monetary = .meanPerRepeatOrder }.monetary.prefix(2) == [30, 0])
    #expect(try derive { $0.monetary = .meanPerOrder }.net.prefix(2) == [9000, 250])
  }

  @Test func `batches stand in order for any number of workers`() throws {
    for workers in [1, 2, 3, 8] {
      let table = try derive({ _ in }, workers: workers)
      #expect(table.frequency == [3, 1, 3, 1, 3, 1, 3])
      #expect(table.monetary == [90, 2.5, 90, 2.5, 90, 2.5, 90])
    }
  }
}
