internal import Foundation
internal import Generators
internal import Kernels
internal import TestKit
internal import Testing

@Suite struct LedgerGeneratorTests {
  @Test(arguments: [1, 2, 16_384, 16_385, 40_000])
  func `a ledger has exactly the rows asked for, and a header`(rows: Int) throws {
    let records = parseCSV(try bytes(LedgerGenerator(rows: rows, customers: 500, seed: 1)))
    #expect(records.count == rows + 1)
    #expect(records.allSatisfy { $0.count == 8 })
    #expect(
      records[0].map(text) == [
        "Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID",
        "Country",
      ]
    )
  }

  @Test(arguments: [false, true])
  func `workers change no byte`(shuffle: Bool) throws {
    let generator = try LedgerGenerator(rows: 150_000, customers: 900, seed: 7, shuffle: shuffle)
    let alone = try bytes(generator, workers: 1)
    #expect(try bytes(generator, workers: 3) == alone)
  }

  @Test func `another seed gives another ledger`() throws {
    let first = try bytes(LedgerGenerator(rows: 100, customers: 50, seed: 1))
    #expect(try bytes(LedgerGenerator(rows: 100, customers: 50, seed: 2)) != first)
  }

  @Test func `shuffled lines are the same lines in another order`() throws {
    let inOrder = lines(try bytes(LedgerGenerator(rows: 40_000, customers: 300, seed: 3)))
    let shuffled = lines(
      try bytes(LedgerGenerator(rows: 40_000, customers: 300, seed: 3, shuffle: true))
    )
    #expect(shuffled[0] == inOrder[0])
    #expect(shuffled != inOrder)
    #expect(sorted(shuffled) == sorted(inOrder))
  }

  @Test func `quoting every field changes no value`() throws {
    let plain = try bytes(LedgerGenerator(rows: 5_000, customers: 300, seed: 4))
    let quoted = try bytes(LedgerGenerator(rows: 5_000, customers: 300, seed: 4, quotesAll: true))
    #expect(parseCSV(quoted) == parseCSV(plain))
    for line in lines(quoted) {
      #expect(line.first == UInt8(ascii: "\"") && line.last == UInt8(ascii: "\""))
    }
  }

  @Test(arguments: [16, 40, 64])
  func `long keys have their length and stand for the same customers`(length: Int) throws {
    let plain = parseCSV(try bytes(LedgerGenerator(rows: 20_000, customers: 3_000, seed: 4)))
    let long = parseCSV(
      try bytes(LedgerGenerator(rows: 20_000, customers: 3_000, seed: 4, keyBytes: length))
    )
    var keys: [[UInt8]: [UInt8]] = [:]
    for (short, key) in zip(plain.dropFirst().map { $0[6] }, long.dropFirst().map { $0[6] }) {
      #expect(key.count == (short.isEmpty ? 0 : length))
      #expect(keys.updateValue(key, forKey: short) ?? key == key)
    }
    #expect(Set(keys.values).count == keys.count)
  }

  @Test func `numbers out of range are refused by name`() {
    #expect(throws: GenerateError.tooFewRows(rows: 0)) {
      try LedgerGenerator(rows: 0, customers: 1, seed: 1)
    }
    #expect(throws: GenerateError.badCustomerCount(customers: 0)) {
      try LedgerGenerator(rows: 1, customers: 0, seed: 1)
    }
    #expect(throws: GenerateError.badKeyLength(bytes: 15)) {
      try LedgerGenerator(rows: 1, customers: 1, seed: 1, keyBytes: 15)
    }
  }

  @Test func `a file that cannot be opened is named`() throws {
    try withTemporaryDirectory { directory in
      let generator = try LedgerGenerator(rows: 1, customers: 1, seed: 1)
      let path = directory.child("none/ledger.csv").path()
      #expect(throws: GenerateError.cannotWrite(path: path, SinkError(code: 2))) {
        try generator.write(to: FileReplacement(path: path), workers: Workers(count: 1))
      }
    }
  }
}
