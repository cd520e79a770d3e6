public import Engine

/// Writes resolved settings as a settings file.
public enum SettingsPrinter {
  /// YAML that gives the same plan again; behind each value, where it came from.
  public static func yaml(_ settings: [ResolvedSetting]) -> String {
    var lines: [String] = []
    var open: [Substring] = []
    for setting in settings {
      let path = setting.keyPath.split(separator: ".")
      let shared = zip(open, path).prefix { $0 == $1 }.count
      for depth in shared..<(path.count - 1) {
        lines.append(String(repeating: "  ", count: depth) + "\(path[depth]):")
      }
      open = path.dropLast()
      let indent = String(repeating: "  ", count: path.count - 1)
      let entry = "\(indent)\(path[path.count - 1]): \(setting.value)"
      let padding = String(repeating: " ", count: max(2, 48 - entry.count))
      lines.append("\(entry)\(padding)# \(setting.origin)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every key of the schema with its value.
  static func settings(of root: SettingNode) -> [ResolvedSetting] {
    Schema.keys.compactMap { key in
      root[key.path.split(separator: ".")[...]].map { node in
        ResolvedSetting(
          keyPath: key.path,
          value: flow(
            node,
            in: node.folder,
            isPath: key.path == "input.paths" || key.path == "output.path"
          ),
          origin: node.origin.description.replacing("\n", with: " ")
        )
      }
    }
  }

  /// YAML in one line.
  private static func flow(_ node: SettingNode, in folder: String, isPath: Bool) -> String {
    switch node.value {
    case .scalar(let text, let isQuoted):
      if node.isNull { return text.isEmpty ? "''" : "none" }
      if text == "none", !isQuoted { return text }
      return quoted(isPath ? Resolution.path(text, in: folder) : text, isQuoted)
    case .list(let items):
      return "[\(items.map { flow($0, in: folder, isPath: isPath) }.joined(separator: ", "))]"
    case .map(let entries):
      let pairs = entries.map {
        "\(quoted($0.key, false)): \(flow($0.node, in: folder, isPath: false))"
      }
      return "{\(pairs.joined(separator: ", "))}"
    }
  }

  /// Text as it may stand in a flow: bare where it is harmless.
  private static func quoted(_ text: String, _ isQuoted: Bool) -> String {
    let isHarmless = text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
        || "_./+-".utf8.contains(byte)
    }
    if isHarmless, !text.hasPrefix("-"), !isQuoted, !text.isEmpty { return text }
    return "'\(text.replacing("'", with: "''"))'"
  }
}
