internal import Foundation
internal import FoundationXML
internal import TestKit
internal import Testing
internal import Writers

/// Texts of a chart as an XML reader sees them.
private final class ChartReader: NSObject, XMLParserDelegate {
  var texts: [String] = []
  var bars: [[String: String]] = []

  func parser(
    _ parser: XMLParser,
    didStartElement name: String,
    namespaceURI: String?,
    qualifiedName: String?,
    attributes: [String: String]
  ) {
    if name == "text" { texts.append("") }
    if name == "rect", attributes["x"] != nil { bars.append(attributes) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if !texts.isEmpty, !string.allSatisfy(\.isNewline) { texts[texts.count - 1] += string }
  }
}

private func read(_ chart: BarChart) throws -> ChartReader {
  let parser = XMLParser(data: Data(chart.svg.utf8))
  let reader = ChartReader()
  parser.delegate = reader
  try #require(parser.parse(), "\(chart.svg)")
  return reader
}

private func chart(_ bars: [BarChart.Bar], title: String = "t", note: String = "n") -> BarChart {
  BarChart(title: title, notes: [note], panels: [BarChart.Panel(title: "p", bars: bars)])
}

@Suite struct BarChartTests {
  @Test func `text comes back as it was, whatever marks it has`() throws {
    let nasty = "<script>alert(\"1\" & '2')</script> ]]> &amp; ü"
    let reader = try read(
      chart([BarChart.Bar(label: nasty, value: 1, text: nasty)], title: nasty, note: nasty)
    )
    #expect(reader.texts == [nasty, nasty, "p", nasty, nasty])
  }

  @Test func `characters that XML cannot have are replaced`() throws {
    let bar = BarChart.Bar(label: "a\u{0}b\u{1B}c\u{FFFF}", value: 1, text: "x\u{9B}y")
    let reader = try read(chart([bar]))
    #expect(reader.texts.suffix(2) == ["a\u{FFFD}b\u{FFFD}c\u{FFFD}", "x\u{FFFD}y"])
  }

  @Test func `bars are as long as their values, within the picture`() throws {
    let bars = [4.0, 2, 1, 0].map { BarChart.Bar(label: "engine", value: $0, text: "\($0) s") }
    let widths = try read(chart(bars)).bars.compactMap { $0["width"].flatMap(Double.init) }
    try #require(widths.count == 4)
    #expect(abs(widths[0] / widths[1] - 2) < 0.01)
    #expect(abs(widths[1] / widths[2] - 2) < 0.01)
    #expect(widths[3] == 1)
    #expect(widths[0] < 900 && widths[0] > 500)
  }

  @Test func `values that cannot be drawn do no harm`() throws {
    for value in [Double.nan, .infinity, -3, 0, 1e308, 1e-308] {
      let long = String(repeating: "w", count: 300)
      let bars = [
        BarChart.Bar(label: long, value: value, spread: 0...1, text: "x"),
        BarChart.Bar(label: "b", value: 1, spread: 0.5...1e300, text: "y"),
      ]
      #expect(try read(chart(bars)).bars.count == 2)
    }
    #expect(try read(chart([])).texts == ["t", "n", "p"])
  }
}

@Suite struct ReplacedFileTests {
  @Test func `a file is made and replaced, and nothing is left beside it`() throws {
    try withTemporaryDirectory { folder in
      for text in ["one", "two"] {
        try ReplacedFile.write(Array(text.utf8), to: folder.child("a.csv").path)
        #expect(try folder.child("a.csv").text() == text)
        #expect(try folder.filesBelow() == ["a.csv"])
      }
    }
  }

  @Test func `folders, links and missing folders are refused`() throws {
    try withTemporaryDirectory { folder in
      try folder.write("x", to: "in/a.csv")
      try FileManager.default.createSymbolicLink(
        at: folder.child("link"),
        withDestinationURL: folder.child("in/a.csv")
      )
      for name in ["in", "link", "none/a.csv"] {
        #expect(throws: WriteError.self) {
          try ReplacedFile.write([0x41], to: folder.child(name).path)
        }
      }
      #expect(try folder.filesBelow() == ["in/a.csv", "link"])
      #expect(try folder.child("in/a.csv").text() == "x")
    }
  }
}
