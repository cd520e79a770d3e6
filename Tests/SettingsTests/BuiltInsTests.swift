import Engine
import Foundation
import Settings
import TestKit
import Testing

@Suite struct BuiltInsTests {
  @Test(arguments: ["ledgers", "segments"])
  func `what is compiled in equals the files in config`(kind: String) throws {
    let folder = Locations.packageRoot.child("config/\(kind)")
    let names = try folder.filesBelow().filter { $0.hasSuffix(".yaml") }
    let builtIn = kind == "ledgers" ? BuiltIns.ledgers : BuiltIns.segments
    #expect(Set(names) == Set(builtIn.keys.map { "\($0).yaml" }), "run config/embed")
    for (name, text) in builtIn {
      let file = try folder.child("\(name).yaml").text()
      let difference = textDifference(expected: file, actual: text)
      #expect(difference == nil, "\(name): run config/embed\n\(difference ?? "")")
    }
  }

  @Test(arguments: ["online-retail", "online-retail-ii", "cdnow"])
  func `each ledger resolves by its name`(name: String) throws {
    var request = SettingsRequest()
    request.configurations = [name]
    _ = try Resolve.plan(request)
  }

  @Test func `the example explains every key and passes`() throws {
    let example = Locations.packageRoot.child("config/example.yaml")
    var request = SettingsRequest()
    request.configurations = [example.path]
    let plan = try Resolve.plan(request)
    let untyped = plan.settings.filter { $0.origin == "default" }.map(\.keyPath)
    #expect(untyped == [])
    #expect(plan.settings.map(\.keyPath) == Schema.keys.map(\.path))
    let defaults = Dictionary(
      uniqueKeysWithValues: try minimalPlan().settings.map { ($0.keyPath, $0) }
    )
    let differing = plan.settings.filter { $0.value != defaults[$0.keyPath]?.value }.map(\.keyPath)
    let text = try example.text()
    for key in differing {
      let leaf = key.split(separator: ".").last ?? ""
      let isMarked = text.split(separator: "\n").contains { line in
        (line.contains("\(leaf):") || line.contains("country:")) && line.contains("# here")
      }
      #expect(isMarked, "\(key) is not the default, and no comment says so")
    }
  }

  private func minimalPlan() throws -> Plan {
    var request = SettingsRequest()
    request.assignments = [
      "customer.column=1", "order.by=row", "time.column=2", "amount.column=3",
    ]
    return try Resolve.plan(request)
  }
}
