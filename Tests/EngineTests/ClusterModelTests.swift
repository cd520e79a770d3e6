internal import Engine
internal import Foundation
internal import Tables
internal import TestKit
internal import Testing
internal import Writers

@Suite struct ClusterModelTests {
  private func document(_ centroids: [[Double]]) -> JSONValue {
    [
      "format": "tranche.model/1",
      "columns": .array(centroids[0].indices.map { .string("x\($0)") }),
      "clusters": .array(
        centroids.enumerated().map { index, centroid in
          [
            "id": .string("cluster_\(index + 1)"), "label": .string("größe \"\(index)\"\n"),
            "centroid": .array(centroid.map { .double($0) }),
          ]
        }
      ),
    ]
  }

  private func read(_ text: String, in folder: URL) throws -> ClusterModel {
    try folder.write(text, to: "model.json")
    return try ClusterModel.read(folder.path)
  }

  @Test func `centroids read back to the bit`() throws {
    var random = SeededGenerator(seed: 3)
    var values: [Double] = [
      0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1, 1e22,
    ]
    while values.count < 3000 {
      let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
      if value.isFinite { values.append(value) }
    }
    let centroids = stride(from: 0, to: values.count, by: 3).map { Array(values[$0..<$0 + 3]) }
    try withTemporaryDirectory { folder in
      let model = try read(document(centroids).text, in: folder)
      #expect(model.centroids.map(\.bitPattern) == values.map(\.bitPattern))
      #expect(model.columns == ["x0", "x1", "x2"])
      #expect(model.names[7].label == "größe \"7\"\n")
      #expect(model.lastNumber == 1000)
    }
  }

  @Test func `a model that is cut anywhere is refused, and never crashes`() throws {
    let text = document([[1, 2], [3, -4.5e-7]]).text.trimmingCharacters(in: .newlines)
    try withTemporaryDirectory { folder in
      let whole = try read(text, in: folder)
      #expect(whole.names.count == 2)
      for end in 0..<text.utf8.count {
        let cut = String(decoding: text.utf8.prefix(end), as: UTF8.self)
        #expect(throws: RunError.self) { try read(cut, in: folder) }
      }
    }
  }

  @Test func `bytes changed at random are refused or read, and never crash`() throws {
    let bytes = Array(document([[1, 2], [3, -4.5e-7]]).text.utf8)
    var random = SeededGenerator(seed: 9)
    try withTemporaryDirectory { folder in
      for _ in 0..<2000 {
        var changed = bytes
        for _ in 0..<3 {
          changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(
            in: 0...255,
            using: &random
          )
        }
        try folder.write(changed, to: "model.json")
        if let model = try? ClusterModel.read(folder.path) {
          #expect(model.centroids.count == model.names.count * model.columns.count)
          #expect(!model.centroids.contains { !$0.isFinite })
        }
      }
    }
  }

  @Test func `what JSON forbids is refused`() throws {
    let texts = [
      "[1,]", "{\"a\": 1, \"a\": 2}", "01", "1.", "\"\\x\"", "\"\\ud800\"", "{} {}", "nul", "-",
      String(repeating: "[", count: 100_000), "\"a\nb\"", "1e400", "+1", "{\"a\" 1}",
    ]
    try withTemporaryDirectory { folder in
      for text in texts {
        do {
          _ = try read(text, in: folder)
          Issue.record("\(text.prefix(40)) was read")
        } catch let error as RunError {
          #expect(error.kind == .input)
          #expect(error.description.contains("not JSON"), "\(text.prefix(40)): \(error)")
        }
      }
    }
  }

  @Test func `methods whose clusters are more than centroids are refused by name`() throws {
    try withTemporaryDirectory { folder in
      let text = document([[1, 2]]).text.replacing(
        "\"columns\"",
        with: "\"method\": \"mixture\", \"columns\""
      )
      do {
        _ = try read(text, in: folder)
        Issue.record("it was read")
      } catch let error as RunError {
        #expect(error.description.contains("'mixture'"))
      }
    }
  }
}
