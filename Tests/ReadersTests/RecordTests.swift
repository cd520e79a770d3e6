import Foundation
import Kernels
import Readers
import TestKit
import Testing

@Suite struct RecordTests {
  /// A text, and its records as RFC 4180 and Python's csv module have them.
  static let examples: [(text: String, records: [[String]])] = [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
    ("a,b\n1,2\r\n3,4\r5,6", [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]),
    ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
    ("a\n\n\nb\n", [["a"], ["b"]]),
    ("\"a,b\",c\n", [["a,b", "c"]]),
    ("\"a\nb\",c\n", [["a\nb", "c"]]),
    ("\"a\r\nb\",c\r\nd,e", [["a\r\nb", "c"], ["d", "e"]]),
    ("\"a\"\"b\",\"\"\n", [["a\"b", ""]]),
    ("\"\"\"\",\"\"\"a\"\"\"\n", [["\"", "\"a\""]]),
    ("12\" ruler,5' 6\"\n", [["12\" ruler", "5' 6\""]]),
    ("\"a\"b,c\n", [["ab", "c"]]),
    ("a \"b,c\"\n", [["a \"b", "c\""]]),
    (",,\n,\n", [["", "", ""], ["", ""]]),
    ("\"\"\n", [[""]]),
    (" \n", [[" "]]),
    ("a,\"b", [["open quote"]]),
    ("a,\"\"", [["a", ""]]),
    ("\"a\",\"b\"\r\n\"c\",\"d\"\r\n", [["a", "b"], ["c", "d"]]),
    ("x,\"\n\n\n\",y\n\"\n,\n\",z,w\n", [["x", "\n\n\n", "y"], ["\n,\n", "z", "w"]]),
    ("é,\"ü,\u{1F600}\"\n", [["é", "ü,\u{1F600}"]]),
  ]

  @Test(arguments: examples.indices)
  func `records are cut alike for every split size and level`(example: Int) throws {
    let (text, expected) = Self.examples[example]
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "input.csv")
      for level in InstructionSet.available {
        try withInstructionSet(level) { () throws in
          for splitBytes in 1...max(1, text.utf8.count) {
            #expect(try records(file, splitBytes: splitBytes) == expected, "split \(splitBytes)")
          }
        }
      }
    }
  }

  @Test func `random bytes are cut alike for every split size and level`() throws {
    let alphabet = Array("ab,\"\n\r ;".utf8)
    for seed in UInt64(1)...20 {
      var generator = SeededGenerator(seed: seed)
      let text = generator.bytes(count: 1 + Int(seed) * 9, from: alphabet)
      try withTemporaryDirectory { directory in
        let file = try directory.write(text, to: "input.csv")
        let expected = try withInstructionSet(.scalar) {
          try records(file, splitBytes: 1 << 20)
        }
        for level in InstructionSet.available {
          try withInstructionSet(level) { () throws in
            for splitBytes in [1, 3, 8, 64, 65] {
              #expect(
                try records(file, splitBytes: splitBytes) == expected,
                "seed \(seed), split \(splitBytes), \(level)"
              )
            }
          }
        }
      }
    }
  }

  @Test func `well-formed text of any fields comes back as it was written`() throws {
    for seed in UInt64(1)...40 {
      var generator = SeededGenerator(seed: seed)
      let rows = (0..<30).map { _ in
        (0..<3).map { _ in
          String(
            decoding: generator.bytes(
              count: Int.random(in: 1...90, using: &generator),
              from: Array("xy,\"\n\r ".utf8)
            ),
            as: UTF8.self
          )
        }
      }
      let text = rows.map { row in
        row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\r\n"
      }.joined()
      try withTemporaryDirectory { directory in
        let file = try directory.write(text, to: "input.csv")
        for splitBytes in [7, 100, 1 << 20] {
          #expect(try records(file, splitBytes: splitBytes) == rows, "seed \(seed)")
        }
      }
    }
  }

  @Test func `any delimiter and quote may be declared`() throws {
    try withTemporaryDirectory { directory in
      let file = try directory.write("a;'b;c'\t\n", to: "input.csv")
      let found = try records(file, splitBytes: 4) {
        $0.separator = .byte(UInt8(ascii: ";"))
        $0.quote = UInt8(ascii: "'")
      }
      #expect(found == [["a", "b;c\t"]])
    }
  }

  @Test func `blanks separate, and mean nothing at either end of a line`() throws {
    let text = "  a  b\tc \r\n\r\n   \n d \"e f\"  g"
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "input.txt")
      for splitBytes in 1...text.utf8.count {
        let found = try records(file, splitBytes: splitBytes) { $0.separator = .blanks }
        #expect(found == [["a", "b", "c"], ["d", "e f", "g"]], "split \(splitBytes)")
      }
    }
  }

  @Test func `comments and a preamble are no records`() throws {
    let text = "Report of May\nno quote \" here\n#a,b\nx,y\n#\"\nz,w\n"
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "input.csv")
      for splitBytes in 1...text.utf8.count {
        let found = try records(file, splitBytes: splitBytes) {
          $0.comment = UInt8(ascii: "#")
          $0.preambleLines = 2
        }
        #expect(found == [["x", "y"], ["z", "w"]], "split \(splitBytes)")
      }
    }
  }

  @Test func `a compressed file reads like its text`() throws {
    var rows: [[String]] = []
    for row in 0..<5000 { rows.append(["\(row)", "text \(row % 7)"]) }
    let text = rows.map { $0.joined(separator: ",") + "\n" }.joined()
    try withTemporaryDirectory { directory in
      let file = try directory.write(text, to: "input.csv")
      _ = try Command.shell("gzip -k input.csv", directory: directory).run()
      let twice =
        "head -c 3000 input.csv | gzip > two.csv.gz; "
        + "tail -c +3001 input.csv | gzip >> two.csv.gz"
      _ = try Command.shell(twice, directory: directory).run()
      for name in ["input.csv.gz", "two.csv.gz"] {
        for splitBytes in [100, 4096, 1 << 20] {
          #expect(try records(directory.child(name), splitBytes: splitBytes) == rows)
        }
      }
      #expect(try records(file, splitBytes: 100) == rows)
    }
  }

  @Test func `a compressed file that is cut off or damaged is refused`() throws {
    let text = (0..<5000).map { "\($0),\($0 * $0)\n" }.joined()
    try withTemporaryDirectory { directory in
      _ = try directory.write(text, to: "input.csv")
      _ = try Command.shell("gzip -k input.csv", directory: directory).run()
      let whole = try directory.child("input.csv.gz").bytes()
      let cut = try directory.write(Array(whole.dropLast(9)), to: "cut.csv.gz")
      var flipped = whole
      flipped[whole.count - 6] ^= 0x55
      let damaged = try directory.write(flipped, to: "damaged.csv.gz")
      for file in [cut, damaged] {
        #expect(throws: ReadError.self) { try records(file, splitBytes: 4096) }
      }
      var broken = whole
      for index in 200..<300 { broken[index] = 0xFF }
      let file = try directory.write(broken, to: "broken.csv.gz")
      let error = #expect(throws: ReadError.self) { try records(file, splitBytes: 4096) }
      guard case .damaged(_, let offset, false) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(offset >= 100 && offset <= UInt64(whole.count))
    }
  }

  @Test(
    arguments: [
      [1], [1, 2, 3], [0x1F, 0x8C], [0x1F, 0], Array("more".utf8),
      Array(repeating: 0x42, count: 100_000),
    ] as [[UInt8]],
    [0, 1, 700]
  )
  func `bytes behind a compressed file that are no member are told with their offset`(
    _ bytes: [UInt8],
    padding: Int
  ) throws {
    try withTemporaryDirectory { directory in
      _ = try directory.write((0..<500).map { "\($0)\n" }.joined(), to: "input.csv")
      _ = try Command.shell("gzip -k input.csv", directory: directory).run()
      let whole = try directory.child("input.csv.gz").bytes() + Array(repeating: 0, count: padding)
      let file = try directory.write(whole + bytes, to: "longer.csv.gz")
      let expected = ReadError.trailingBytes(path: file.path, byteOffset: UInt64(whole.count))
      #expect(throws: expected) { try records(file, splitBytes: 4096) }
    }
  }

  @Test(
    arguments: [
      [0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61], [0x28, 0xB5, 0x2F, 0xFD],
      [0x50, 0x41, 0x52, 0x31],
    ] as [[UInt8]]
  )
  func `foreign kinds of files are refused by name`(magic: [UInt8]) throws {
    try withTemporaryDirectory { directory in
      let file = try directory.write(magic + Array("a,b\n".utf8), to: "input")
      #expect(throws: ReadError.self) { try records(file, splitBytes: 4096) }
    }
  }
}
