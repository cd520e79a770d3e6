/// What all records have in the columns of a ledger's roles, gathered without keeping the records.
struct LedgerFigures {
  private static let mostTimes = 100_000
  private static let mostWords = 8

  private(set) var recordCount = 0
  private let roles: [ColumnRole: Int]
  private let moneyColumns: [Int]
  private var money: [NumberShape]
  private var quantity = NumberShape()
  private var times: [String] = []
  private var lastTime: [UInt8] = []
  private var missingCustomers = 0
  private var customerWords: [String] = []
  private var customersWithSuffix = 0
  private var customers = 0
  private var currencies: [String] = []
  private var cancelled = 0
  private var notPositive: [ColumnRole: Int] = [:]
  private var isUTF8 = true
  private var hasWindowsBytes = false

  /// Nothing yet of the columns that were guessed.
  init(_ guess: SampleGuess) {
    roles = guess.inspection.roles
    let named = [ColumnRole.price, .amount].compactMap { guess.inspection.roles[$0] }
    moneyColumns = named.isEmpty ? guess.inspection.numberColumns : named
    money = Array(repeating: NumberShape(), count: moneyColumns.count)
  }

  /// Looks at one record.
  mutating func absorb(_ record: [[UInt8]]) {
    recordCount += 1
    for (index, column) in moneyColumns.enumerated() where column < record.count {
      money[index].absorb(record[column])
    }
    if let field = field(.quantity, record) { quantity.absorb(field) }
    if let field = field(.customer, record) { absorbCustomer(field) }
    if let field = field(.order, record), Self.isCancelled(field) { cancelled += 1 }
    if let field = field(.time, record) { absorbTime(field) }
    if let field = field(.currency, record) { absorbCurrency(field) }
    for role in [ColumnRole.quantity, .price, .amount] {
      guard let field = field(role, record), Self.isNotPositive(field) else { continue }
      notPositive[role, default: 0] += 1
    }
    absorbText(record)
  }

  /// Looks at the encoding alone, as in a header.
  mutating func absorbText(_ record: [[UInt8]]) {
    for field in record where field.contains(where: { $0 >= 0x80 }) { absorbText(field) }
  }

  private func field(_ role: ColumnRole, _ record: [[UInt8]]) -> [UInt8]? {
    guard let column = roles[role], column < record.count else { return nil }
    return record[column]
  }

  private mutating func absorbCustomer(_ field: [UInt8]) {
    guard !field.isEmpty else { return missingCustomers += 1 }
    if field.count <= 5 {
      let word = String(decoding: field, as: UTF8.self)
      if customerWords.contains(word) { return missingCustomers += 1 }
      if NullWords.contains(word), customerWords.count < Self.mostWords {
        customerWords.append(word)
        return missingCustomers += 1
      }
    }
    customers += 1
    if field.suffix(2).elementsEqual([0x2E, 0x30]) { customersWithSuffix += 1 }
  }

  private mutating func absorbTime(_ field: [UInt8]) {
    guard !field.isEmpty, field != lastTime, times.count < Self.mostTimes else { return }
    lastTime = field
    times.append(String(decoding: field, as: UTF8.self))
  }

  private mutating func absorbCurrency(_ field: [UInt8]) {
    let code = String(decoding: field, as: UTF8.self)
    if !code.isEmpty, currencies.count < 2, !currencies.contains(code) { currencies.append(code) }
  }

  private mutating func absorbText(_ field: [UInt8]) {
    guard String(validating: field, as: UTF8.self) == nil else { return }
    isUTF8 = false
    hasWindowsBytes = hasWindowsBytes || field.contains { (0x80..<0xA0).contains($0) }
  }

  private static func isCancelled(_ field: [UInt8]) -> Bool {
    field.count > 1 && field[0] == UInt8(ascii: "C")
      && field.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func isNotPositive(_ field: [UInt8]) -> Bool {
    guard let first = field.first else { return false }
    return [0x2D, 0x28].contains(first) || field.last == 0x2D
      || field.allSatisfy { $0 == 0x30 || $0 == 0x2E || $0 == 0x2C }
  }

  // MARK: - what follows

  /// Writes down what was seen.
  func finish(_ inspection: inout Inspection) {
    inspection.sampledRecords = recordCount
    if !isUTF8 { inspection.encoding = hasWindowsBytes ? "windows-1252" : "iso-8859-1" }
    if roles[.time] != nil { inspection.time = TimeShape.guess(times) }
    let hasSuffix = customers > 0 && customersWithSuffix == customers
    inspection.customerSuffix = hasSuffix ? ".0" : ""
    inspection.missingCustomerWords = customerWords
    inspection.currencies = currencies
    finishNumbers(&inspection)
    let findings = [
      ("customer_missing", missingCustomers), ("cancelled", cancelled),
      ("quantity_not_positive", notPositive[.quantity] ?? 0),
      ("price_not_positive", notPositive[.price] ?? 0),
      ("amount_not_positive", notPositive[.amount] ?? 0),
    ]
    inspection.findings = findings.filter { $0.1 > 0 }.map { (rule: $0.0, rows: $0.1) }
  }

  private func finishNumbers(_ inspection: inout Inspection) {
    let amounts = money.reduce(NumberShape()) { $0.joined($1) }
    let all = amounts.joined(quantity)
    let usesComma = all.usesComma(isCommaSeparated: inspection.delimiter == "comma")
    inspection.decimalMark = usesComma ? "comma" : "."
    if all.hasThousands(usesComma: usesComma) {
      inspection.thousandsMark = usesComma ? "." : "comma"
    }
    inspection.decimals = amounts.decimals(usesComma: usesComma)
    inspection.quantityDecimals = quantity.decimals(usesComma: usesComma)
    inspection.currencySigns = amounts.signs
    inspection.hasAccountingNegatives = all.hasAccounting
    inspection.zeroWords = all.words
    inspection.emptyNumbers = all.emptyCount
  }
}
