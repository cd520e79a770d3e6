internal import Foundation
internal import Generators
internal import Kernels
internal import TestKit

func bytes(_ generator: LedgerGenerator, workers: Int = 2) throws -> [UInt8] {
  try withTemporaryDirectory { directory in
    let file = directory.child("ledger.csv")
    try generator.write(to: FileReplacement(path: file.path()), workers: Workers(count: workers))
    return try file.bytes()
  }
}

func text(_ bytes: [UInt8]) -> String {
  String(decoding: bytes, as: UTF8.self)
}

func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
  bytes.split(separator: UInt8(ascii: "\n"))
}

func sorted(_ lines: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
  lines.sorted { $0.lexicographicallyPrecedes($1) }
}
