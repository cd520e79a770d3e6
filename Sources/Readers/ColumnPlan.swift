import Tables

/// Where a file has the columns that a ledger's roles ask for, counted from 0.
struct ColumnPlan: Sendable {
  /// Columns that an amount is made of.
  enum Amount: Sendable {
    case amount(Int)
    case product(quantity: Int, price: Int, discount: Int?)
  }

  /// Fields of every row.
  let count: Int
  let customer: Int
  /// Nil where the order is the day or the row.
  let order: Int?
  let time: Int
  let amount: Amount
  let currency: Int?
  /// Declared dimensions, then declared attributes.
  let named: [Int]
  private let header: [[UInt8]]

  /// What the header, or else its number, calls a column.
  func name(of column: Int) -> String {
    let name = String(decoding: header[column], as: UTF8.self)
    return name.isEmpty ? "column \(column + 1)" : name
  }

  /// Finds the columns of one file.
  ///
  /// - Throws: `missingColumn`, `ambiguousColumn` or `columnOutOfRange`.
  init(_ format: LedgerFormat, header: [[UInt8]], path: String) throws(ReadError) {
    let finder = ColumnFinder(header: header, path: path)
    self.header = header
    count = header.count
    customer = try finder.find(format.customer, role: "customer")
    time = try finder.find(format.time, role: "time")
    if case .column(let reference) = format.order {
      order = try finder.find(reference, role: "order")
    } else {
      order = nil
    }
    switch format.amount {
    case .amount(let reference):
      amount = .amount(try finder.find(reference, role: "amount"))
    case .product(let quantity, let price, let discount):
      amount = .product(
        quantity: try finder.find(quantity, role: "quantity"),
        price: try finder.find(price, role: "price"),
        discount: try finder.find(ifDeclared: discount, role: "discount")
      )
    }
    currency = try finder.find(ifDeclared: format.currency, role: "currency")
    var named: [Int] = []
    for column in format.dimensions + format.attributes {
      named.append(try finder.find(column.column, role: column.name))
    }
    self.named = named
  }
}

private struct ColumnFinder {
  let header: [[UInt8]]
  let path: String

  func find(ifDeclared reference: ColumnReference?, role: String) throws(ReadError) -> Int? {
    guard let reference else { return nil }
    return try find(reference, role: role)
  }

  func find(_ reference: ColumnReference, role: String) throws(ReadError) -> Int {
    switch reference {
    case .number(let number):
      guard (1...max(1, header.count)).contains(number) else {
        throw .columnOutOfRange(role: role, number: number, path: path, columns: header.count)
      }
      return number - 1
    case .name(let name):
      let places = header.indices.filter { header[$0].elementsEqual(name.utf8) }
      guard let place = places.first else {
        let names = header.map { String(decoding: $0, as: UTF8.self) }
        throw .missingColumn(role: role, column: name, path: path, header: names)
      }
      if places.count > 1 { throw .ambiguousColumn(role: role, column: name, path: path) }
      return place
    }
  }
}
