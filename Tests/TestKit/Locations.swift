public import Foundation
public import Testing

/// Where tests find what lies outside them.
public enum Locations {
  /// The folder that holds `Package.swift`.
  public static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Real ledgers, which are not part of the package; see ``isPresent(_:)``.
  public static let sharedData = packageRoot.deletingLastPathComponent()
    .appendingPathComponent("shared/data", isDirectory: true)

  /// Results of other programs on the real ledgers, which are not part of the package.
  public static let sharedReference = packageRoot.deletingLastPathComponent()
    .appendingPathComponent("shared/reference", isDirectory: true)

  /// The folder that holds the products of the build that these tests belong to.
  public static let products = URL(fileURLWithPath: "/proc/self/exe")
    .resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// The built `tranche` program: `TRANCHE_BINARY`, or the one beside the tests.
  public static let tranche: URL = {
    if let path = ProcessInfo.processInfo.environment["TRANCHE_BINARY"] {
      return URL(fileURLWithPath: path)
    }
    return products.appendingPathComponent("tranche")
  }()

  /// Whether a file or folder exists.
  public static func isPresent(_ place: URL) -> Bool {
    FileManager.default.fileExists(atPath: place.path)
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test, saying what is missing, where `../shared/data` lacks any of the files.
  public static func needsData(_ names: String...) -> Self {
    needs(names, in: Locations.sharedData)
  }

  /// Skips the test, saying what is missing, where `../shared/reference` lacks any of the files.
  public static func needsReference(_ names: String...) -> Self {
    needs(names, in: Locations.sharedReference)
  }

  private static func needs(_ names: [String], in folder: URL) -> Self {
    let missing = names.filter { !Locations.isPresent(folder.appendingPathComponent($0)) }
    return .enabled(
      if: missing.isEmpty,
      "not found in \(folder.path): \(missing.joined(separator: ", "))"
    )
  }
}
