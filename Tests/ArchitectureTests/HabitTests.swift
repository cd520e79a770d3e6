internal import TestKit
internal import Testing

/// Habits that a formatter does not see.
@Suite struct HabitTests {
  @Test func `unsafe code stands in Kernels alone`() throws {
    let unsafe = /\bunsafe\b|\bUnsafe(Mutable)?(Raw)?(Buffer)?Pointer\b/
    for file in try swift(below: ["Sources", "Tests"]) {
      guard !file.path.hasPrefix("Sources/Kernels/"), !isOfThisFolder(file) else { continue }
      #expect(file.places(of: unsafe).isEmpty)
    }
  }

  @Test func `each block of unsafe code says why it is safe`() throws {
    let unsafe = /\bunsafe\b/
    for file in try swift(below: ["Sources/Kernels"]) {
      let reasons = file.lines.indices.filter { file.lines[$0].contains("// SAFETY:") }
      for (index, line) in file.lines.enumerated() where line.contains(unsafe) {
        // The reason stands above the block, or at its beginning.
        let isExplained = reasons.contains { (index - 24...index + 4).contains($0) }
        #expect(isExplained || line.contains("//"), "\(file):\(index + 1)")
      }
    }
  }

  @Test func `errors are never waved through`() throws {
    for file in try swift(below: ["Sources", "Tests"]) where !isOfThisFolder(file) {
      #expect(file.places(of: /\btry!|\bas!/).isEmpty)
    }
  }

  @Test func `nothing is left for later and no place on somebody's machine is named`() throws {
    let marks = ["TODO", "FIXME", "XXX", "/home/", "/Users/", "/root/", "/work/", "/opt/"]
    let endings = [".swift", ".c", ".h", ".py", ".yaml", ".sh", ".md"]
    for folder in ["Sources", "Tests", "CBridge", "Benchmarks", "config", "scripts"]
    where Locations.isPresent(Locations.packageRoot.child(folder)) {
      for file in try SourceFile.all(below: folder, endings: endings) where !isOfThisFolder(file) {
        for (index, line) in file.lines.enumerated() {
          #expect(!marks.contains(where: line.contains), "\(file):\(index + 1)")
        }
      }
    }
  }

  private func swift(below folders: [String]) throws -> [SourceFile] {
    try folders.flatMap { try SourceFile.all(below: $0, endings: [".swift"]) }
  }
}

/// These tests name what they forbid.
func isOfThisFolder(_ file: SourceFile) -> Bool {
  file.path.hasPrefix("Tests/ArchitectureTests/")
}
