import Foundation
import TestKit
import Testing

/// Inputs that somebody will bring some day: each ends with a code of the table and a message.
@Suite struct NastyTests {
  private static let header =
    "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"

  private static func row(_ order: Int, _ quantity: String, _ price: String, _ id: String) -> String
  {
    "\(order),a,b,\(quantity),2010-01-01 00:00:00,\(price),\(id),F\n"
  }

  private static let cases: [(name: String, text: String, status: Int32, message: String)] = [
    ("empty", "", 3, "ends before its header"),
    ("header only", header, 3, "no row was kept: read 0;"),
    ("one customer", header + row(1, "1", "1.5", "7"), 0, ""),
    ("all alike", header + (1...3).map { row($0, "1", "1.5", "\($0)") }.joined(), 0, ""),
    (
      "BOM, CRLF", "\u{FEFF}" + (header + row(1, "1", "2", "7")).replacing("\n", with: "\r\n"), 0,
      ""
    ),
    ("huge", header + row(1, "9223372036854775807", "9223372036854775.807", "7"), 4, "too large"),
    ("open quote", header + "1,a,\"b,1,2010-01-01 00:00:00,1.5,7,F\n", 4, "never closed"),
    (
      "swallowed", header + "1,a,\"b,1,2010-01-01 00:00:00,1.5,7,F\n" + row(2, "1", "1", "8"), 3,
      "a.csv:2, byte 77: a quote in the record that begins there is never closed and takes up all 2"
    ),
    ("escape sequence", header + "1,\u{1B}[2J,b\n", 4, "field"),
    ("UTF-16", "\u{0}I\u{0}n", 3, "UTF-16"),
    ("all filtered", header + row(1, "-1", "1.5", "7"), 3, "quantity_not_positive 1"),
    ("odd keys", header + row(1, "1", "2", "\"../x\"\"\n=1\"") + row(2, "3", "4", "é"), 0, ""),
  ]

  @Test(arguments: cases.map(\.name))
  func `it ends in good order`(name: String) throws {
    let nasty = try #require(Self.cases.first { $0.name == name })
    try withTemporaryDirectory { folder in
      var bytes = Array(nasty.text.utf8)
      if name == "UTF-16" { bytes = [0xFF, 0xFE] + bytes }
      try folder.write(bytes, to: "a.csv")
      let outcome = try tranche(
        "run",
        "--config",
        "online-retail-ii",
        "--out",
        "out",
        "--set",
        "clusters.count=2",
        "a.csv",
        in: folder
      )
      #expect(outcome.status == nasty.status, "\(outcome.errorText)")
      let isTold = nasty.message.isEmpty || outcome.errorText.contains(nasty.message)
      #expect(isTold, "\(outcome.errorText)")
      #expect(!outcome.errorText.contains("\u{1B}"))
      #expect(Locations.isPresent(folder.child("out")) == (nasty.status == 0))
    }
  }
}
