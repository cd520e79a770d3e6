import Foundation
import Kernels
import Readers
import Tables
import TestKit
import Testing

/// What is refused or cut short does not depend on splits and workers.
@Suite struct LimitTests {
  private static let header = "customer,order,time,amount,note\n"
  private static let splitSizes = [1, 7, 64, 300, 1 << 20]

  /// The file itself and a compressed copy, which is read as a stream.
  private static func bothForms(of text: String, in directory: URL) throws -> [URL] {
    let file = try directory.write(text, to: "ledger.csv")
    _ = try Command.shell("gzip -k ledger.csv", directory: directory).run()
    return [file, directory.child("ledger.csv.gz")]
  }

  @Test func `the first record beyond the limit is refused, however the input is split`() throws {
    // Behind the 32 bytes of the header, at 32, 50, 90, 131, 149, 209 and 227; the last lacks a line end.
    let lengths = [18, 40, 41, 18, 60, 18, 63]
    let rows = lengths.map { "a,1,2020-01-01,1,\(String(repeating: "x", count: $0 - 18))\n" }
    try withTemporaryDirectory { directory in
      let text = Self.header + rows.joined().dropLast()
      for file in try Self.bothForms(of: text, in: directory) {
        for splitBytes in Self.splitSizes {
          for (limit, offset) in [(39, 50), (40, 90), (41, 149), (59, 149), (61, 227)] {
            let expected = ReadError.recordTooLong(
              path: file.path,
              byteOffset: UInt64(offset),
              limit: limit
            )
            #expect(throws: expected, "limit \(limit), split \(splitBytes)") {
              try read([file], simpleFormat(), workers: 2) {
                $0.splitBytes = splitBytes
                $0.longestRecord = limit
              }
            }
          }
          let whole = try read([file], simpleFormat(), workers: 2) {
            $0.splitBytes = splitBytes
            $0.longestRecord = 62
          }
          #expect(whole.rows.count == lengths.count)
        }
      }
    }
  }

  @Test func `a quote that is never closed is a reject up to the limit, and an error beyond it`()
    throws
  {
    let text = Self.header + "a,1,2020-01-01,1,\"open open\n"
    try withTemporaryDirectory { directory in
      for file in try Self.bothForms(of: text, in: directory) {
        for splitBytes in Self.splitSizes {
          let reading = try read([file], simpleFormat(), workers: 2) {
            $0.splitBytes = splitBytes
            $0.longestRecord = 28
            $0.rejectLimit = .count(1)
          }
          #expect(reading.rejects.map(\.reason) == [.openQuote])
          #expect(
            throws: ReadError.recordTooLong(path: file.path, byteOffset: 32, limit: 27)
          ) {
            try read([file], simpleFormat(), workers: 2) {
              $0.splitBytes = splitBytes
              $0.longestRecord = 27
            }
          }
        }
      }
    }
  }

  @Test func `of many currencies the first two are named, whichever workers meet them`() throws {
    let header = "customer,order,time,amount,currency\n"
    let rows = (0..<300).map { "a,\($0),2020-01-01,1,\($0 < 40 ? "EUR" : "X\($0 % 90)")\n" }
    var format = simpleFormat()
    format.currency = .name("currency")
    try withTemporaryDirectory { directory in
      let file = try directory.write(header + rows.joined(), to: "ledger.csv")
      let expected = ReadError.mixedCurrencies(
        first: "EUR",
        firstPlace: "\(file.path):2",
        second: "X40",
        secondPlace: "\(file.path):42"
      )
      for (workers, splitBytes) in [(1, 1 << 20), (1, 50), (2, 50), (8, 500)] {
        #expect(throws: expected) {
          try read([file], format, workers: workers) { $0.splitBytes = splitBytes }
        }
      }
    }
  }
}
