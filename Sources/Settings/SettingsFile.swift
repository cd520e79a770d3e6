internal import Foundation
internal import Yams

/// What was typed in one place: a file, a built-in, the environment or the command line.
struct SettingsFile: Sendable {
  /// The values.
  var root: SettingNode
  /// What is wrong with the text itself.
  var problems: [SettingProblem] = []

  /// Reads a file, or the built-in of this name where there is no such file.
  ///
  /// - Throws: ``SettingsError/noSuchConfiguration(_:near:)``.
  static func load(_ name: String) throws(SettingsError) -> SettingsFile {
    if let data = FileManager.default.contents(atPath: name) {
      return parse(String(decoding: data, as: UTF8.self), name: name, folder: folder(of: name))
    }
    guard let text = BuiltIns.ledgers[name] else {
      let near = NearMiss.suggestion(for: name, among: BuiltIns.ledgers.keys.sorted())
      throw .noSuchConfiguration(name, near: near)
    }
    return parse(text, name: name, folder: "")
  }

  /// Reads YAML text that messages call `name`, and whose relative paths count from `folder`.
  static func parse(_ text: String, name: String, folder: String) -> SettingsFile {
    let nothing = SettingNode(value: .map([]), origin: .file(name, line: 1), folder: folder)
    do {
      guard let node = try Yams.compose(yaml: text) else { return SettingsFile(root: nothing) }
      let root = convert(node, name: name, folder: folder)
      if root.entries != nil { return SettingsFile(root: root) }
      return SettingsFile(
        root: nothing,
        problems: root.isNull ? [] : [wrong("expected keys, such as `input:`", root.origin)]
      )
    } catch let error as YamlError {
      return SettingsFile(root: nothing, problems: [syntaxProblem(error, name: name)])
    } catch {
      return SettingsFile(root: nothing, problems: [wrong("not YAML", nothing.origin)])
    }
  }

  /// Reads `key.path=value` as `--set` takes it.
  static func assignment(_ text: String, option: String) -> SettingsFile {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let origin = SettingOrigin.option(option)
    guard parts.count == 2, !parts[0].isEmpty else {
      let nothing = SettingNode(value: .map([]), origin: origin)
      return SettingsFile(
        root: nothing,
        problems: [wrong("expected key.path=value, not '\(text)'", origin)]
      )
    }
    return value(String(parts[1]), at: String(parts[0]), origin: origin)
  }

  /// Reads the variables that stand for settings: `TRANCHE_CLUSTERS__SEED` is `clusters.seed`.
  ///
  /// Others that begin with `TRANCHE_` are passed over, unless they are plainly a slip of the pen.
  static func environment(_ variables: [String: String]) -> [SettingsFile] {
    keyPaths(of: variables).compactMap { variable, path in
      guard standsForSetting(path) else { return nil }
      return value(variables[variable] ?? "", at: path, origin: .environment(variable))
    }
  }

  /// A line for each variable that begins with `TRANCHE_` and is passed over.
  static func environmentWarnings(_ variables: [String: String]) -> [String] {
    keyPaths(of: variables).filter { !standsForSetting($0.path) }.map { variable, path in
      let near = NearMiss.suggestion(for: path, among: Schema.keys.map(\.path))
      let name = (near ?? "clusters.seed").uppercased().replacing(".", with: "__")
      return "\(variable): stands for no setting, and is ignored; "
        + (near == nil
          ? "settings have names such as \(prefix)\(name)" : "did you mean \(prefix)\(name)?")
    }
  }

  private static let prefix = "TRANCHE_"

  private static func keyPaths(
    of variables: [String: String]
  ) -> [(variable: String, path: String)] {
    variables.keys.filter { $0.hasPrefix(prefix) }.sorted().map { variable in
      (variable, variable.dropFirst(prefix.count).lowercased().replacing("__", with: "."))
    }
  }

  private static func standsForSetting(_ path: String) -> Bool {
    path.contains(".") || Schema.beginsWithSection(path)
  }

  /// One value under a key path.
  ///
  /// Text that begins with a bracket, a brace or a quote is YAML; everything else stands for itself,
  /// so that `%d.%m.%Y` needs no quotes.
  static func value(_ text: String, at path: String, origin: SettingOrigin) -> SettingsFile {
    let keys = path.split(separator: ".", omittingEmptySubsequences: false)
    var leaf = SettingNode(value: .scalar(text, isQuoted: false), origin: origin)
    if let first = text.first, "[{\"'".contains(first) {
      guard let node = try? Yams.compose(yaml: text) else {
        let nothing = SettingNode(value: .map([]), origin: origin)
        return SettingsFile(root: nothing, problems: [wrong("not YAML: \(text)", origin, path)])
      }
      leaf = convert(node, name: "", folder: "").movedTo(origin)
    }
    return SettingsFile(root: .nested(keys, leaf))
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func convert(_ node: Node, name: String, folder: String) -> SettingNode {
    let origin = SettingOrigin.file(name, line: node.mark?.line ?? 1)
    let value: SettingNode.Value
    switch node {
    case .scalar(let scalar):
      let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
      value = .scalar(scalar.string, isQuoted: isQuoted)
    case .sequence(let items):
      value = .list(items.map { convert($0, name: name, folder: folder) })
    case .mapping(let pairs):
      value = .map(
        pairs.map { pair in
          (pair.key.scalar?.string ?? "?", convert(pair.value, name: name, folder: folder))
        }
      )
    case .alias:
      value = .scalar("", isQuoted: false)
    }
    return SettingNode(value: value, origin: origin, folder: folder)
  }

  private static func wrong(
    _ message: String,
    _ origin: SettingOrigin,
    _ path: String = ""
  ) -> SettingProblem {
    SettingProblem(keyPath: path, message: message, origin: origin)
  }

  private static func syntaxProblem(_ error: YamlError, name: String) -> SettingProblem {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return wrong("not YAML: \(problem)", .file(name, line: mark.line))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().joined(separator: ", ")
      return wrong("the same key twice: \(keys)", .file(name, line: context.mark.line))
    default:
      return wrong("not YAML", .file(name, line: 1))
    }
  }
}

extension SettingNode {
  /// This value as if it had been typed at `origin`.
  fileprivate func movedTo(_ origin: SettingOrigin) -> SettingNode {
    var moved = self
    moved.origin = origin
    switch value {
    case .scalar: break
    case .list(let items): moved.value = .list(items.map { $0.movedTo(origin) })
    case .map(let entries): moved.value = .map(entries.map { ($0.key, $0.node.movedTo(origin)) })
    }
    return moved
  }
}
