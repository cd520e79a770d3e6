import Foundation
import Kernels
import Readers
import Synchronization
import Tables
import TestKit
import Testing

/// The same error ends a run, whatever the number of workers.
@Suite struct FailureTests {
  private static let header = "customer,order,time,amount,note\n"

  private static func reader(
    repeatedRows: Bool,
    _ configure: (inout ReadOptions) -> Void
  ) -> LedgerReader {
    var format = simpleFormat()
    if repeatedRows { format.repeatedRows = .remove }
    var options = ReadOptions()
    configure(&options)
    return LedgerReader(format: format, options: options)
  }

  @Test(arguments: [1, 2, 8], [false, true])
  func `the error of the lowest piece ends a run`(workers: Int, repeatedRows: Bool) throws {
    for long in [[0, 3], [7, 8, 9], [30, 60, 90], [99]] {
      let text = (0..<100).map { row in
        "a,\(row),2020-01-01,1,\(String(repeating: "x", count: long.contains(row) ? 100 : 0))\n"
      }
      let offset = Self.header.utf8.count + text[..<long[0]].joined().utf8.count
      try withTemporaryDirectory { directory in
        let file = try directory.write(Self.header + text.joined(), to: "ledger.csv")
        let inputs = try InputDiscovery.find(paths: [file.path], glob: false)
        let reader = Self.reader(repeatedRows: repeatedRows) {
          $0.splitBytes = 64
          $0.longestRecord = 90
        }
        let expected = ReadError.recordTooLong(
          path: file.path,
          byteOffset: UInt64(offset),
          limit: 90
        )
        for _ in 0..<10 {
          #expect(throws: expected) {
            _ = try reader.read(
              inputs,
              workers: Workers(count: workers),
              absorb: { _, _ in },
              rejects: { _ in },
              progress: { _ in }
            )
          }
        }
      }
    }
  }

  @Test(arguments: [1, 2, 8], [false, true])
  func `a stream's error does not hide that of a piece before it`(
    workers: Int,
    repeatedRows: Bool
  ) throws {
    let rows = (0..<20_000).map { "a,\($0),2020-01-01,1,\($0 * $0)\n" }.joined()
    try withTemporaryDirectory { directory in
      _ = try directory.write(Self.header + rows, to: "ledger.csv")
      _ = try Command.shell("gzip ledger.csv", directory: directory).run()
      let whole = try directory.child("ledger.csv.gz").bytes()
      let cut = try directory.write(Array(whole.dropLast(9)), to: "cut.csv.gz")
      let inputs = try InputDiscovery.find(paths: [cut.path], glob: false)
      let reader = Self.reader(repeatedRows: repeatedRows) { $0.splitBytes = 128 << 10 }
      let refusal = UInt64(150_000)
      // Whoever absorbs the second piece fails late, when the stream has failed already.
      for fails in [false, true] {
        let error = #expect(throws: ReadError.self) {
          _ = try reader.read(
            inputs,
            workers: Workers(count: workers),
            absorb: { _, batch in
              guard fails, batch.originOffset < refusal else { return }
              Thread.sleep(forTimeInterval: 0.02)
              throw ReadError.stopped
            },
            rejects: { _ in },
            progress: { _ in }
          )
        }
        #expect((error == .stopped) == fails)
      }
    }
  }

  @Test(arguments: [1, 2, 8])
  func `the memory for repeated rows is refused before it is taken`(workers: Int) throws {
    let rows = (0..<4000).map { "a,\($0),2020-01-01,1,\n" }.joined()
    try withTemporaryDirectory { directory in
      let file = try directory.write(Self.header + rows, to: "ledger.csv")
      var format = simpleFormat()
      format.repeatedRows = .remove
      #expect(throws: ReadError.repeatedRowsMemory(limit: 100_000)) {
        try read([file], format, workers: workers) {
          $0.splitBytes = 1000
          $0.repeatedRowsMemory = 100_000
        }
      }
    }
  }

  @Test func `a set of rows never holds more than its limit, even while it grows`() {
    var set = RowSet()
    let limit = 200_000
    var row = [UInt8](repeating: 0, count: 64)
    for number in 0..<100_000 {
      write(number, into: &row)
      guard set.insert(row, in: 0..<20, limit: limit) == .added else {
        #expect(number > 500)
        #expect(set.insert(row, in: 0..<20, limit: limit) == .full)
        return
      }
      #expect(set.byteCount <= limit)
    }
    Issue.record("the set never was full")
  }

  private func write(_ number: Int, into row: inout [UInt8]) {
    for byte in 0..<8 { row[byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
  }

  @Test(arguments: [1, 2, 8])
  func `exactly the first rejects and ten more are delivered`(workers: Int) throws {
    let rows = (0..<200).map { "a,\($0),2020-01-01,\($0 % 2 == 0 ? "x" : "1"),\n" }.joined()
    try withTemporaryDirectory { directory in
      let file = try directory.write(Self.header + rows, to: "ledger.csv")
      for splitBytes in [1, 30, 500, 1 << 20] {
        let lines = Mutex<[Int]>([])
        let inputs = try InputDiscovery.find(paths: [file.path], glob: false)
        let reader = Self.reader(repeatedRows: false) {
          $0.splitBytes = splitBytes
          $0.rejectLimit = .count(5)
        }
        let last = "\(file.path):12"
        #expect(throws: ReadError.tooManyRejects(count: 6, limit: .count(5), last: last)) {
          _ = try reader.read(
            inputs,
            workers: Workers(count: workers),
            absorb: { _, _ in },
            rejects: { found in lines.withLock { $0 += found.map(\.line) } },
            progress: { _ in }
          )
        }
        #expect(lines.withLock(\.self) == (0..<15).map { 2 + 2 * $0 })
      }
    }
  }
}
