/// Where a setting was typed.
public enum SettingOrigin: Hashable, Sendable {
  /// Nowhere: it is the default.
  case standard
  /// In a settings file or a built-in of this name, on this line.
  case file(String, line: Int)
  /// In this environment variable.
  case environment(String)
  /// On the command line, with this option.
  case option(String)
}

extension SettingOrigin: CustomStringConvertible {
  /// For people, such as `shop.yaml:12`.
  public var description: String {
    switch self {
    case .standard: "default"
    case .file(let name, let line): "\(name):\(line)"
    case .environment(let variable): variable
    case .option(let option): option
    }
  }
}

/// One typed value, or several, and where they were typed.
struct SettingNode: Sendable {
  /// What stands there.
  enum Value: Sendable {
    /// Text; `isQuoted` tells `"3"` from `3`.
    case scalar(String, isQuoted: Bool)
    /// Values in order.
    case list([SettingNode])
    /// Values by key, in the order in which they were typed.
    case map([(key: String, node: SettingNode)])
  }

  var value: Value
  var origin: SettingOrigin
  /// The folder that relative paths in this value count from; empty for the working directory.
  var folder = ""

  /// Text as typed; nil for lists and maps.
  var text: String? {
    guard case .scalar(let text, _) = value else { return nil }
    return text
  }

  /// The entries of a map; nil for everything else.
  var entries: [(key: String, node: SettingNode)]? {
    guard case .map(let entries) = value else { return nil }
    return entries
  }

  /// Whether this is YAML's null: nothing, `~` or `null`, without quotes.
  var isNull: Bool {
    guard case .scalar(let text, false) = value else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The value behind `path`, or nil where a key is missing.
  subscript(path: some Collection<Substring>) -> SettingNode? {
    guard let first = path.first else { return self }
    return entries?.first { $0.key == first }?.node[path.dropFirst()]
  }

  /// This value with `above` laid over it: maps merge key by key, everything else is replaced.
  func overlaid(with above: SettingNode) -> SettingNode {
    guard var merged = entries, let upper = above.entries else { return above }
    for (key, node) in upper {
      if let place = merged.firstIndex(where: { $0.key == key }) {
        merged[place].node = merged[place].node.overlaid(with: node)
      } else {
        merged.append((key, node))
      }
    }
    return SettingNode(value: .map(merged), origin: above.origin, folder: above.folder)
  }

  /// A value under a path of keys.
  static func nested(_ path: [Substring], _ leaf: SettingNode) -> SettingNode {
    path.reversed().reduce(leaf) { inner, key in
      SettingNode(value: .map([(String(key), inner)]), origin: inner.origin, folder: inner.folder)
    }
  }
}
