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

  /// 0xE9 is é in both; 0x80 is the euro sign of Windows-1252, which has no 0x81.
  @Test(
    arguments: [
      ("iso-8859-1", "[\"né\",\"\\u0080\"]\n[\"x\",\"\\u0081\"]\n"),
      ("windows-1252", "[\"né\",\"€\"]\n[\"x\",\"\u{FFFD}\"]\n"),
      ("utf-8", "[\"n\u{FFFD}\",\"\u{FFFD}\"]\n[\"x\",\"\u{FFFD}\"]\n"),
    ]
  )
  func `records are those of the declared encoding`(encoding: String, lines: String) throws {
    try withTemporaryDirectory { folder in
      let text: [UInt8] = [
        0x61, 0x2C, 0x62, 0x0A, 0x6E, 0xE9, 0x2C, 0x80, 0x0A, 0x78, 0x2C, 0x81, 0x0A,
      ]
      try folder.write(text, to: "a.csv")
      let setting = ["cat", "--set", "input.encoding=\(encoding)"]
      let outcome = try Command.tranche(setting + ["a.csv"], directory: folder).run()
      #expect(outcome.outputText == lines, "\(outcome.errorText)")
    }
  }

  @Test(arguments: ["iso-8859-1", "windows-1252"])
  func `the digest is that of the same records in UTF-8`(encoding: String) throws {
    try withTemporaryDirectory { folder in
      try folder.write([0x61, 0x0A, 0x6E, 0xE9, 0x0A], to: "a.csv")
      try folder.write("a\nné\n", to: "b.csv")
      let setting = ["cat", "--digest", "--set", "input.encoding=\(encoding)", "a.csv"]
      let foreign = try Command.tranche(setting, directory: folder).run()
      let plain = try tranche("cat", "--digest", "b.csv", in: folder)
      #expect(foreign.status == 0 && foreign.outputText == plain.outputText)
      let bytes = try tranche("cat", "--digest", "a.csv", in: folder)
      #expect(bytes.outputText != plain.outputText)
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
