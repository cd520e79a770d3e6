internal import Foundation
internal import Tables
internal import TestKit
internal import Testing
internal import Writers

/// A reject with hostile text in every field.
func reject(line: Int) -> Reject {
  Reject(
    file: "a,\"b\".csv",
    line: line,
    byteOffset: 4_000_000_000,
    column: "price",
    reason: .number,
    raw: [0x22, 0x2C, 0x0A, 0x00, 0xFF]
  )
}

@Suite struct RejectWriterTests {
  @Test func `raw bytes come back as they were`() throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      let publication = try publish(out) { publication in
        let writer = RejectWriter(publication: publication)
        writer.append([reject(line: 3)])
        writer.append([])
        writer.append([reject(line: 9), reject(line: 10)])
        #expect(writer.count == 3)
        let file = try writer.finish()
        #expect(file?.rows == 3)
      }
      let file = out.child("rejects/rejects-00000.csv")
      let records = parseCSV(try file.bytes())
      let header = ["file", "line", "byte_offset", "column", "reason", "raw"]
      #expect(records.first == header.map { Array($0.utf8) })
      let second = ["a,\"b\".csv", "9", "4000000000", "price", "number"].map { Array($0.utf8) }
      #expect(records.count == 4)
      #expect(records[2] == second + [[0x22, 0x2C, 0x0A, 0x00, 0xFF]])
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(publication.files.contains { $0.path == "rejects/rejects-00000.csv" })
    }
  }

  @Test func `without rejects there is no file`() throws {
    try withTemporaryDirectory { folder in
      try publish(folder.child("out")) { publication in
        let file = try RejectWriter(publication: publication).finish()
        #expect(file == nil)
      }
      #expect(try folder.child("out").filesBelow() == ["_SUCCESS", "manifest.json"])
    }
  }

  @Test func `an error shows at the end`() throws {
    try withTemporaryDirectory { folder in
      let publication = try Publication(out: folder.child("out").path)
      let writer = RejectWriter(publication: publication)
      publication.abandon()
      writer.append([reject(line: 1)])
      #expect(throws: WriteError.abandoned) { try writer.finish() }
    }
  }
}
