import Foundation
import Kernels
import Readers
import Synchronization
import Tables
import TestKit

/// A kept row, as it reached `absorb`.
struct KeptRow: Hashable {
  var customer: String
  var order: String
  var instant: Int64
  var amount: Int64
  var place: RowPlace
}

/// Everything that one reading gave, rows in the order of their places.
struct Reading {
  var rows: [KeptRow] = []
  var rejects: [Reject] = []
  var attributes: [[String]] = []
  var summary = ReadSummary()
}

/// `customer,order,time,amount` with two decimals.
func simpleFormat() -> LedgerFormat {
  var format = LedgerFormat(
    customer: .name("customer"),
    order: .column(.name("order")),
    time: .name("time"),
    amount: .amount(.name("amount"))
  )
  format.moneyFormat.decimals = 2
  return format
}

/// Reads files and collects what comes out, whatever worker it comes from.
func read(
  _ files: [URL],
  _ format: LedgerFormat,
  workers: Int = 1,
  _ configure: (inout ReadOptions) -> Void = { _ in }
) throws -> Reading {
  var options = ReadOptions()
  configure(&options)
  let inputs = try InputDiscovery.find(paths: files.map(\.path), glob: false)
  let collected = Mutex(Reading())
  let summary = try LedgerReader(format: format, options: options).read(
    inputs,
    workers: Workers(count: workers),
    absorb: { _, batch in
      let rows = keptRows(batch)
      let attributes = keptAttributes(batch)
      collected.withLock {
        $0.rows += rows
        $0.attributes += attributes
      }
    },
    rejects: { rejects in collected.withLock { $0.rejects += rejects } },
    progress: { _ in }
  )
  var reading = collected.withLock { $0 }
  reading.rows.sort { $0.place < $1.place }
  reading.summary = summary
  return reading
}

private func keptRows(_ batch: borrowing TransactionBatch) -> [KeptRow] {
  batch.keptRows.map { index in
    let row = Int(index)
    let hasOrders = !batch.orders.begins.isEmpty
    return KeptRow(
      customer: String(decoding: batch.bytes[batch.customers.range(row)], as: UTF8.self),
      order: hasOrders ? String(decoding: batch.bytes[batch.orders.range(row)], as: UTF8.self) : "",
      instant: batch.instants[row],
      amount: batch.amounts[row],
      place: RowPlace(
        fileOrdinal: batch.fileOrdinal,
        byteOffset: batch.originOffset + UInt64(batch.rowBegins[row])
      )
    )
  }
}

private func keptAttributes(_ batch: borrowing TransactionBatch) -> [[String]] {
  batch.keptRows.map { index in
    batch.attributes.map { String(decoding: batch.bytes[$0.range(Int(index))], as: UTF8.self) }
  }
}

/// All records of a file, cut with splits of the given size.
func records(
  _ file: URL,
  splitBytes: Int,
  _ configure: (inout Dialect) -> Void = { _ in }
) throws -> [[String]] {
  var dialect = Dialect()
  dialect.hasHeader = false
  configure(&dialect)
  var options = ReadOptions()
  options.splitBytes = splitBytes
  let input = try InputDiscovery.find(paths: [file.path], glob: false)[0]
  var found: [[String]] = []
  try RecordReader(dialect: dialect, options: options).read(input) { item in
    switch item {
    case .record(let fields): found.append(fields.map { String(decoding: $0, as: UTF8.self) })
    case .openQuote: found.append(["open quote"])
    }
    return true
  }
  return found
}
