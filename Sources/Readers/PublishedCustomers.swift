// The customers that a run published are exact: whole counts, exact decimals, moments to the microsecond.
// So what a run derives from them can be derived again from its files, to the bit, whatever the run's own
// features and clusters were.

internal import Kernels
public import Tables

/// The customers of a run's output.
public struct PublishedCustomers: Sendable {
  /// The customers in ascending byte order of their keys, without gaps, places and attributes.
  public var customers: CustomerBatches
  /// Decimals of the amounts.
  public var moneyScale: Int

  /// Whether a path is the output of a run.
  public static func areIn(_ path: String) -> Bool {
    guard path != "-" else { return false }
    let place = Self.place(path)
    return (try? FileStamp(path: place + "/manifest.json").isRegular) == true
      && (try? FileStamp(path: place + "/customers").isDirectory) == true
  }

  /// Reads all customer files of a run's output, however it is partitioned.
  ///
  /// - Throws: ``ReadError/badCustomers(path:line:reason:)``, or what refuses any input.
  public init(_ path: String) throws(ReadError) {
    let files = try InputDiscovery.find(paths: [Self.place(path) + "/customers"], glob: false)
    var table = CustomerRows()
    for file in files where file.path.hasSuffix(".csv") { try table.read(file) }
    try table.refuseTwins(in: path)
    moneyScale = table.moneyScale ?? 0
    customers = table.customers
  }

  private static func place(_ path: String) -> String {
    path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}

/// Rows of customer files, in the order read.
private struct CustomerRows {
  private static let batchRows = 16_384

  private struct Row {
    var key: [UInt8]
    var instants: (first: Int64, last: Int64)
    var counts: (orders: Int64, rows: Int64, days: Int64)
    var amounts: (gross: Int128, returns: Int128, largest: Int128, first: Int128)
  }

  private var rows: [Row] = []
  private(set) var moneyScale: Int?

  mutating func read(_ file: InputFile) throws(ReadError) {
    var dialect = Dialect()
    dialect.hasHeader = false
    var columns: CustomerColumns?
    var problem: (line: Int, reason: String)?
    try RecordReader(dialect: dialect, options: ReadOptions()).read(file) { item, line in
      guard case .record(let cells) = item else {
        problem = (line(), "a quote is never closed")
        return false
      }
      do throws(CustomerProblem) {
        if let columns {
          rows.append(try row(cells, columns))
        } else {
          columns = try CustomerColumns(cells)
        }
        return true
      } catch {
        problem = (line(), error.reason)
        return false
      }
    }
    if let problem {
      throw .badCustomers(path: file.path, line: problem.line, reason: problem.reason)
    }
  }

  private mutating func row(
    _ cells: [[UInt8]],
    _ columns: CustomerColumns
  ) throws(CustomerProblem) -> Row {
    guard cells.count == columns.names.count else {
      throw CustomerProblem(reason: "\(cells.count) cells for \(columns.names.count) columns")
    }
    return Row(
      key: cells[columns.key],
      instants: (
        try columns.instant("first_order", cells), try columns.instant("last_order", cells)
      ),
      counts: (
        try columns.count("orders", cells), try columns.count("rows", cells),
        try columns.count("days", cells)
      ),
      amounts: (
        try columns.amount("gross", cells, &moneyScale),
        try columns.amount("returns", cells, &moneyScale),
        try columns.amount("largest_order_amount", cells, &moneyScale),
        try columns.amount("first_order_amount", cells, &moneyScale)
      )
    )
  }

  /// Sorts, and refuses a customer who stands twice.
  mutating func refuseTwins(in path: String) throws(ReadError) {
    rows.sort { $0.key.lexicographicallyPrecedes($1.key) }
    for (row, next) in zip(rows, rows.dropFirst()) where row.key == next.key {
      let key = String(decoding: row.key, as: UTF8.self)
      throw .badCustomers(path: path, line: 1, reason: "customer '\(key.prefix(40))' stands twice")
    }
  }

  var customers: CustomerBatches {
    let batches = stride(from: 0, to: rows.count, by: Self.batchRows).map { begin in
      batch(rows[begin..<min(rows.count, begin + Self.batchRows)])
    }
    return CustomerBatches(count: rows.count, batchRows: Self.batchRows) { batches[$0] }
  }

  private func batch(_ rows: ArraySlice<Row>) -> CustomerBatch {
    var batch = CustomerBatch()
    for row in rows { batch.keys.append(row.key) }
    batch.firstInstants = rows.map(\.instants.first)
    batch.lastInstants = rows.map(\.instants.last)
    batch.orderCounts = rows.map(\.counts.orders)
    batch.rowCounts = rows.map(\.counts.rows)
    batch.dayCounts = rows.map(\.counts.days)
    batch.gross = rows.map(\.amounts.gross)
    batch.returns = rows.map(\.amounts.returns)
    batch.largestOrders = rows.map(\.amounts.largest)
    batch.firstOrders = rows.map(\.amounts.first)
    return batch
  }
}

private struct CustomerProblem: Error {
  let reason: String
}

/// Where the columns of a customer file stand.
private struct CustomerColumns {
  let names: [String]
  let key: Int
  private let places: [String: Int]

  init(_ header: [[UInt8]]) throws(CustomerProblem) {
    names = header.map { String(decoding: $0, as: UTF8.self) }
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() where places[name] == nil { places[name] = place }
    // Where frequency counts orders, it stands for them.
    if places["orders"] == nil { places["orders"] = places["frequency"] }
    for name in [
      "customer_id", "first_order", "last_order", "orders", "rows", "days", "gross", "returns",
      "largest_order_amount", "first_order_amount",
    ] where places[name] == nil { throw CustomerProblem(reason: "no column '\(name)'") }
    self.places = places
    key = places["customer_id"] ?? 0
  }

  func instant(_ name: String, _ cells: [[UInt8]]) throws(CustomerProblem) -> Int64 {
    guard let instant = Instant(text: text(name, cells)) else { throw bad(name, cells) }
    return instant.microseconds
  }

  func count(_ name: String, _ cells: [[UInt8]]) throws(CustomerProblem) -> Int64 {
    guard let count = Int64(text(name, cells)), count >= 0 else { throw bad(name, cells) }
    return count
  }

  /// An amount in its smallest units; all amounts have as many decimals.
  func amount(
    _ name: String,
    _ cells: [[UInt8]],
    _ scale: inout Int?
  ) throws(CustomerProblem) -> Int128 {
    let text = text(name, cells)
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count == 2 ? parts[1].utf8.count : 0
    guard (1...2).contains(parts.count), text.first != "+", scale ?? decimals == decimals,
      let units = Int128(parts.joined())
    else { throw bad(name, cells) }
    scale = decimals
    return units
  }

  private func text(_ name: String, _ cells: [[UInt8]]) -> String {
    places[name].map { String(decoding: cells[$0], as: UTF8.self) } ?? ""
  }

  private func bad(_ name: String, _ cells: [[UInt8]]) -> CustomerProblem {
    CustomerProblem(reason: "'\(text(name, cells).prefix(40))' is no \(name)")
  }
}
