internal import TestKit
internal import Testing

/// The folders are the architecture: what each of them may import, read from the import lines.
@Suite struct ImportTests {
  private static let stages: Set = [
    "Readers", "Aggregates", "Features", "Clusters", "Segments", "Writers", "Generators",
  ]

  private static let allowed: [String: Set<String>] = {
    var table: [String: Set<String>] = [
      "Kernels": ["CBridge", "Glibc", "Synchronization"],
      "Tables": [],
      "Engine": stages.union(["Tables", "Kernels", "Synchronization"]),
      "Settings": stages.union(["Engine", "Tables", "Yams", "Foundation"]),
      "tranche": ["Settings", "Engine", "ArgumentParser", "Logging"],
    ]
    for stage in stages { table[stage] = ["Tables", "Kernels", "Synchronization"] }
    return table
  }()

  @Test(arguments: ImportTests.allowed.keys.sorted())
  func `a target imports only what it may`(target: String) throws {
    let allowed = ImportTests.allowed[target] ?? []
    for file in try SourceFile.all(below: "Sources/\(target)", endings: [".swift"]) {
      let isDispatchHome = file.path == "Sources/Kernels/Workers.swift"
      let wrong = Set(file.imports).subtracting(allowed).subtracting(
        isDispatchHome ? ["Dispatch"] : []
      )
      #expect(wrong.isEmpty, "\(file)")
    }
  }

  @Test func `every folder below Sources has its line in the table`() throws {
    let files = try SourceFile.all(below: "Sources", endings: [".swift"])
    let targets = Set(files.map { String($0.path.split(separator: "/")[1]) })
    #expect(targets == Set(ImportTests.allowed.keys))
  }

  @Test func `tests see only what a target offers`() throws {
    for file in try SourceFile.all(below: "Tests", endings: [".swift"]) {
      #expect(file.places(of: /@testable/).isEmpty || isOfThisFolder(file))
    }
  }

  @Test func `the C core neither prints nor allocates nor starts threads`() throws {
    for file in try SourceFile.all(below: "CBridge", endings: [".c", ".h"]) {
      guard !file.path.contains("/tests/"), !file.path.contains("/fuzz/") else { continue }
      let headers = /^\s*#\s*include\s*<(stdio|pthread|threads|malloc|signal)\.h>/
      let calls = /\b(malloc|calloc|realloc|free|alloca|abort|exit)\s*\(/
      #expect(file.places(of: headers).isEmpty)
      #expect(file.places(of: calls).isEmpty)
    }
  }
}
