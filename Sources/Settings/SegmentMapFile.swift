internal import Foundation
internal import Segments
internal import Tables

/// A segment map as it was typed.
struct SegmentMapFile {
  /// The map; of no use where there are problems.
  var map: SegmentMap
  /// What is wrong with it.
  var problems: [SettingProblem]

  /// Reads a file, counted from `folder`, or the built-in of this name.
  ///
  /// - Returns: nil where there is neither.
  static func load(_ name: String, folder: String) -> SegmentMapFile? {
    let path = Resolution.path(name, in: folder)
    if let text = BuiltIns.segments[name] { return parse(text, name: name) }
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return parse(String(decoding: data, as: UTF8.self), name: path)
  }

  static func parse(_ text: String, name: String) -> SegmentMapFile {
    var reading = Reading(file: SettingsFile.parse(text, name: name, folder: ""))
    let map = reading.map()
    return SegmentMapFile(map: map, problems: reading.resolution.problems)
  }
}

/// The values of one file on their way into a map.
private struct Reading {
  var resolution: Resolution

  init(file: SettingsFile) {
    resolution = Resolution(root: file.root, problems: file.problems)
  }

  mutating func map() -> SegmentMap {
    checkKeys(of: resolution.root, known: ["id", "bins", "segments", "otherwise"], at: "")
    let id = resolution.text("id")
    if !Names.isSnakeCase(id) { resolution.fail("id", "expected a name in snake_case") }
    let bins = resolution.integer("bins", in: 2...ScoreRule.maxBins)
    var segments: [SegmentMap.Segment] = []
    if case .list(let items) = resolution.node("segments").value {
      for (index, item) in items.enumerated() {
        segments.append(segment(item, at: "segments[\(index + 1)]", bins: bins))
      }
    } else {
      resolution.fail("segments", "expected a list of segments")
    }
    let otherwise = resolution.root[["otherwise"]].map { name($0, at: "otherwise") }
    return SegmentMap(
      id: id,
      bins: bins,
      segments: segments,
      otherwise: otherwise ?? GroupName(id: "other", label: "Other")
    )
  }

  private mutating func segment(
    _ item: SettingNode,
    at path: String,
    bins: Int
  ) -> SegmentMap.Segment {
    checkKeys(of: item, known: ["id", "label", "r", "f", "m", "codes"], at: "\(path).")
    let name = name(item, at: path)
    if let codes = item[["codes"]] {
      return SegmentMap.Segment(name: name, codes: declared(codes, at: "\(path).codes", bins: bins))
    }
    let r = scores(item[["r"]], at: "\(path).r", bins: bins)
    let f = scores(item[["f"]], at: "\(path).f", bins: bins)
    let m = scores(item[["m"]], at: "\(path).m", bins: bins)
    let codes = r.flatMap { r in f.flatMap { f in m.map { ScoreCode(r: r, f: f, m: $0) } } }
    return SegmentMap.Segment(name: name, codes: codes)
  }

  private mutating func name(_ node: SettingNode, at path: String) -> GroupName {
    let id = node[["id"]]?.text ?? ""
    if !Names.isSnakeCase(id) { resolution.fail(path, "needs an id in snake_case", at: node) }
    return GroupName(id: id, label: node[["label"]]?.text ?? id)
  }

  private mutating func scores(_ node: SettingNode?, at path: String, bins: Int) -> [UInt8] {
    guard let node else { return (1...bins).map(UInt8.init) }
    return resolution.texts(of: node, at: path).compactMap { typed in
      if let score = UInt8(typed), (1...bins).contains(Int(score)) { return score }
      resolution.fail(path, "expected scores from 1 to \(bins), not '\(typed)'", at: node)
      return nil
    }
  }

  private mutating func declared(_ node: SettingNode, at path: String, bins: Int) -> [ScoreCode] {
    resolution.texts(of: node, at: path).compactMap { typed in
      let digits = typed.utf8.map { $0 &- 0x30 }
      if digits.count == 3, digits.allSatisfy({ (1...min(9, bins)).contains(Int($0)) }) {
        return ScoreCode(r: digits[0], f: digits[1], m: digits[2])
      }
      resolution.fail(path, "expected three digits from 1 to \(bins), not '\(typed)'", at: node)
      return nil
    }
  }

  private mutating func checkKeys(of node: SettingNode, known: [String], at prefix: String) {
    for (key, value) in node.entries ?? [] where !known.contains(key) {
      let near = NearMiss.suggestion(for: key, among: known)
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      resolution.fail("\(prefix)\(key)", "unknown key\(hint)", at: value)
    }
  }
}
