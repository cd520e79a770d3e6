import Foundation
import TestKit
import Testing

@Suite struct CatTests {
  private static let texts: [(name: String, text: String)] = [
    ("empty", ""), ("header only", "a,b\n"), ("blank lines", "\n\na,b\n\n1,2\n\n"),
    ("CRLF", "a,b\r\n1,2\r\n3,\"x\r\ny\"\r\n"), ("CR", "a,b\r1,2\r3,4"),
    ("mixed", "a,b\n1,2\r\n3,4\r5,6"), ("BOM", "\u{FEFF}a,b\n1,2\n"),
    ("quotes", "a,b\n\"1\"\"2\",\"x,y\"\n\"\",\"\n\"\n"), ("no end", "a,b\n1,\"2\""),
    ("long", "a\n" + String(repeating: "\"x\n\"\"y\",", count: 40) + "z\n"),
  ]

  @Test(arguments: texts.map(\.name))
  func `one digest for every split size`(name: String) throws {
    let text = Self.texts.first { $0.name == name }?.text ?? ""
    try withTemporaryDirectory { folder in
      try folder.write(text, to: "a.csv")
      let expected = try tranche("cat", "--digest", "--no-header", "a.csv", in: folder)
      #expect(expected.status == 0, "\(expected.errorText)")
      for size in stride(
        from: 1,
        through: max(1, text.utf8.count),
        by: max(1, text.utf8.count / 12)
      ) {
        let split = try tranche(
          "cat",
          "--digest",
          "--no-header",
          "--split-bytes",
          "\(size)",
          "a.csv",
          in: folder
        )
        #expect(split.outputText == expected.outputText, "\(size)")
      }
    }
  }

  /// SHA-256 of: 1 as 8 bytes, "1", 3 as 8 bytes, "x,y", eight 0xFF; by `printf | sha256sum`.
  @Test func `the digest is over lengths, bytes and ends of records`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("a,b\n1,\"x,y\"\n", to: "a.csv")
      let octal = #"\001\0\0\0\0\0\0\0001\003\0\0\0\0\0\0\0x,y\377\377\377\377\377\377\377\377"#
      let sum = try Command.shell("printf '\(octal)' | sha256sum", directory: folder).run()
      let digest = try tranche("cat", "--digest", "a.csv", in: folder)
      #expect(digest.outputText.prefix(64) == sum.outputText.prefix(64))
    }
  }

  @Test func `records are JSON lines`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("a;b\n1;\"x\"\"\ny\"\n\n2;\t\n", to: "a.csv")
      let outcome = try tranche("cat", "--delimiter", ";", "a.csv", in: folder)
      #expect(outcome.outputText == "[\"1\",\"x\\\"\\ny\"]\n[\"2\",\"\\t\"]\n")
    }
  }

  @Test func `an open quote ends with 3 and its place`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("a,b\n1,\"2\n", to: "a.csv")
      let outcome = try tranche("cat", "a.csv", in: folder)
      #expect(outcome.status == 3)
      #expect(outcome.errorText.contains("a.csv:2, byte 4"))
    }
  }
}
