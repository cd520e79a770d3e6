internal import Foundation
internal import TestKit

/// A text file of the package.
struct SourceFile: CustomStringConvertible {
  /// Path below the package root.
  let path: String
  let lines: [String]

  var description: String { path }

  /// The lines without what stands behind `//`, numbered from 1.
  var code: [(number: Int, text: String)] {
    lines.enumerated().map { index, line in
      (index + 1, line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? line)
    }
  }

  /// Modules that the file imports.
  var imports: [String] {
    code.compactMap { _, line in
      line.firstMatch(of: /^\s*(?:(?:public|package|internal|private)\s+)?import\s+(\w+)/)
        .map { String($0.1) }
    }
  }

  /// `path:line` of each line of code that matches.
  func places(of pattern: some RegexComponent) -> [String] {
    code.filter { $0.text.contains(pattern) }.map { "\(path):\($0.number)" }
  }

  /// All files below a folder of the package whose names end so.
  static func all(below folder: String, endings: [String]) throws -> [SourceFile] {
    let root = Locations.packageRoot.child(folder)
    return try root.filesBelow()
      .filter { name in endings.contains { name.hasSuffix($0) } }
      .map { name in
        let text = try root.child(name).text()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return SourceFile(path: "\(folder)/\(name)", lines: lines)
      }
  }
}
