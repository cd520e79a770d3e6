/// One thing that is wrong with the settings.
public struct SettingProblem: Hashable, Sendable {
  /// Where the value stands in the settings, such as `clusters.count`; empty for a whole file.
  public var keyPath: String
  /// What is wrong and what to write instead.
  public var message: String
  /// Where it was typed.
  public var origin: SettingOrigin
}

extension SettingProblem: CustomStringConvertible {
  /// One line: where, what, and what to do.
  public var description: String {
    let place = origin == .standard ? "" : "\(origin): "
    return keyPath.isEmpty ? "\(place)\(message)" : "\(place)\(keyPath): \(message)"
  }
}

/// Why there is no plan.
public enum SettingsError: Error, Equatable {
  /// A file is neither readable nor a built-in; `near` is the built-in that it may have meant.
  case noSuchConfiguration(String, near: String?)
  /// Everything that is wrong with the values, in the order of the keys.
  case problems([SettingProblem])
}

extension SettingsError: CustomStringConvertible {
  /// One line a problem.
  public var description: String {
    switch self {
    case .noSuchConfiguration(let name, let near):
      "--config \(name): no such file or built-in"
        + (near.map { "; did you mean '\($0)'?" } ?? "")
    case .problems(let problems):
      problems.map(\.description).joined(separator: "\n")
    }
  }
}
