internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// The rows of one column, as lines.
private func lines(_ column: TextColumn, count: Int, isDefused: Bool = false) throws -> [String] {
  var buffer = TextBuffer()
  try RowFormat(columns: [column], isDefused: isDefused).append(range: 0..<count, to: &buffer)
  let text = String(decoding: buffer.bytes(0..<buffer.count), as: UTF8.self)
  return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

private func text(_ fields: [String]) -> TextColumn {
  let column = fields.map { Array($0.utf8) }
  return .text(
    bytes: Array(column.joined()),
    ends: column.indices.map { column[...$0].reduce(0) { $0 + $1.count } }
  )
}

@Suite struct RowFormatTests {
  @Test func `instants are ISO 8601 as Instant writes them`() throws {
    var generator = SeededGenerator(seed: 7)
    var instants: [Int64] = [
      0, -1, 1, 1_323_435_000_000_000, 951_782_400_000_000, .min, .max,
      -62_167_219_200_000_000, -62_167_219_200_000_001, -62_162_035_200_000_000,
      253_402_300_799_999_999, 253_402_300_800_000_000,
    ]
    for shift in 0..<63 {
      for _ in 0..<40 { instants.append(Int64(bitPattern: generator.next()) >> Int64(shift)) }
    }
    for day in stride(from: Int64(-720_000), to: 2_940_000, by: 97) {
      instants.append(day * Instant.microsecondsPerDay)
    }
    #expect(
      try lines(.instants(instants), count: instants.count)
        == instants.map { Instant(microseconds: $0).description }
    )
    #expect(
      try lines(.instants([1_323_435_000_000_000]), count: 1) == ["2011-12-09T12:50:00"]
    )
  }

  @Test func `whole numbers of any size`() throws {
    var generator = SeededGenerator(seed: 8)
    var numbers: [Int64] = [0, 1, -1, 9, 10, 99, 100, .min, .max]
    for shift in 0..<64 {
      for _ in 0..<20 { numbers.append(Int64(bitPattern: generator.next()) >> Int64(shift)) }
    }
    #expect(
      try lines(.integers(numbers, from: 0), count: numbers.count) == numbers.map { "\($0)" }
    )
  }

  @Test(arguments: [0, 1, 2, 3, 4, 9, 18, 19, 20, 38])
  func `amounts are exact as Money writes them`(_ scale: Int) throws {
    var generator = SeededGenerator(seed: UInt64(scale))
    var amounts: [Int128] = [0, 1, -1, 99, 100, -100, .min, .max, 1 << 64, -(1 << 64)]
    for shift in 0..<128 {
      let high = Int128(Int64(bitPattern: generator.next()))
      for amount in [(high << 64 | Int128(generator.next())) >> Int128(shift)] {
        amounts += [amount, -(amount >> 1)]
      }
    }
    let expected = amounts.map { Money(units: $0).decimalString(scale: scale) }
    let count = amounts.count
    #expect(try lines(.money(amounts, scale: scale, from: 0), count: count) == expected)
    let zeros = [Int128](repeating: 0, count: count)
    #expect(try lines(.moneySum(amounts, zeros, scale: scale), count: count) == expected)
  }

  @Test func `sums of amounts that do not fit are refused`() throws {
    #expect(throws: KernelError.overflow) {
      try lines(.moneySum([.max], [1], scale: 2), count: 1)
    }
    #expect(throws: KernelError.badShape) { try lines(.money([1], scale: 39, from: 0), count: 1) }
  }

  @Test func `decimals have six places, rounded half to even`() throws {
    let numbers = [
      0, -0.0, 1, -1.5, 0.000_000_4, -0.000_000_4, 0.999_999_9, 0.5, 1.0 / 3, 2.5e-7, 123_456.789,
      0x1p53, 0x1p64, -0x1p100, .nan, .infinity, 1e-300,
    ]
    #expect(
      try lines(.decimals(numbers, from: 0), count: numbers.count) == [
        "0.000000", "0.000000", "1.000000", "-1.500000", "0.000000", "0.000000", "1.000000",
        "0.500000", "0.333333", "0.000000", "123456.789000", "9007199254740992.000000",
        "18446744073709551616.000000", "-1267650600228229401496703205376.000000", "", "",
        "0.000000",
      ]
    )
    #expect(throws: KernelError.overflow) { try lines(.decimals([0x1p127], from: 0), count: 1) }
  }

  @Test func `names and scores`() throws {
    let names = NameTable(["a", "", "a_long_name_of_a_segment"].map { Array($0.utf8) })
    let column = TextColumn.names(names, [9, 2, 1, 0], from: 1)
    #expect(try lines(column, count: 3) == ["a_long_name_of_a_segment", "", "a"])
    #expect(try lines(.scores([0, 5, 10, 255], from: 0), count: 4) == ["0", "5", "10", "255"])
    #expect(throws: KernelError.badData) { try lines(.names(names, [3], from: 0), count: 1) }
  }

  @Test func `text is quoted only where it must be`() throws {
    let fields = ["plain", "", "a,b", "a\"b", " a", "a ", "\ta", "a b", "a\rb", "=1", "é"]
    #expect(
      try lines(text(fields), count: fields.count)
        == [
          "plain", "", "\"a,b\"", "\"a\"\"b\"", "\" a\"", "\"a \"", "\"\ta\"", "a b", "\"a\rb\"",
          "=1", "é",
        ]
    )
  }

  @Test func `formulas get an apostrophe where it is asked for`() throws {
    let fields = ["=1", "+1", "-1", "@x", "a=1", "", "=a,b", "\tx"]
    #expect(
      try lines(text(fields), count: fields.count, isDefused: true)
        == ["'=1", "'+1", "'-1", "'@x", "a=1", "", "\"'=a,b\"", "\"'\tx\""]
    )
  }

  @Test(arguments: 1...20)
  func `any bytes come back through a reader of RFC 4180`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let alphabet: [UInt8] = Array("ab\",\n\r \t=/.".utf8) + [0, 0xFF, 0xC3]
    let fields = (0..<200).map { _ in
      // A record of one empty field would be an empty line, hence the second column.
      generator.bytes(count: Int.random(in: 0...40, using: &generator), from: alphabet)
    }
    let ends = fields.indices.map { fields[...$0].reduce(0) { $0 + $1.count } }
    let columns: [TextColumn] = [
      .text(bytes: Array(fields.joined()), ends: ends),
      .integers((0..<200).map(Int64.init), from: 0),
    ]
    var buffer = TextBuffer()
    let order = (0..<200).map(UInt32.init).shuffled(using: &generator)
    try RowFormat(columns: columns).append(rows: order[...], to: &buffer)
    let records = parseCSV(Array(buffer.bytes(0..<buffer.count)))
    #expect(records.count == 200)
    for (record, row) in zip(records, order) {
      #expect(record == [fields[Int(row)], Array("\(row)".utf8)])
    }
  }
}
