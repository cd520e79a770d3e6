internal import Kernels

/// What the manifest says besides the list of files.
public struct ManifestFacts: Sendable {
  /// Tranche's version.
  public var version: String
  /// What made the numbers: as-of, meanings, filters, cut points, transforms, seed.
  public var definitions: JSONValue
  /// The inputs' names and identities.
  public var inputs: JSONValue

  /// Names the facts.
  public init(version: String, definitions: JSONValue, inputs: JSONValue) {
    self.version = version
    self.definitions = definitions
    self.inputs = inputs
  }
}

extension Publication {
  /// Writes a JSON document, such as `summary.json`.
  ///
  /// - Parameters:
  ///   - json: The document.
  ///   - name: Its path below OUT.
  ///   - isListed: Whether the manifest lists it.
  /// - Returns: The facts about the file.
  /// - Throws: ``WriteError/abandoned`` or an error of the system.
  @discardableResult
  public func write(
    _ json: JSONValue,
    to name: String,
    isListed: Bool = true
  ) throws(WriteError) -> WrittenFile {
    let file = try makeFile(name)
    try wrapping { () throws(FileError) in try file.append(Array(json.text.utf8)) }
    return try finish(file, name: name, rows: nil, isListed: isListed)
  }

  /// Writes `run.json`, which holds what may differ from run to run and stands outside the manifest.
  ///
  /// - Throws: ``WriteError/abandoned`` or an error of the system.
  public func writeRun(_ run: JSONValue) throws(WriteError) {
    try write(run.marked("run"), to: Replaceable.Mark.run.rawValue, isListed: false)
  }

  /// Writes `_SUCCESS`, and `manifest.json` with every listed file: the last thing before publishing.
  ///
  /// - Throws: ``WriteError/abandoned`` or an error of the system.
  public func writeManifest(_ facts: ManifestFacts) throws(WriteError) {
    _ = try finish(makeFile("_SUCCESS"), name: "_SUCCESS", rows: nil)
    let manifest: JSONValue = [
      "version": .string(facts.version),
      "definitions": facts.definitions,
      "inputs": facts.inputs,
      "files": .array(files.map(\.json)),
    ]
    try write(manifest.marked("manifest"), to: Replaceable.Mark.manifest.rawValue, isListed: false)
  }
}

extension JSONValue {
  /// The object with our format as its first key, by which a later run knows it.
  func marked(_ kind: String) -> JSONValue {
    let format = Member(key: "format", value: .string("tranche.\(kind)/1"))
    guard case .object(let members) = self else { return .object([format]) }
    return .object([format] + members.filter { $0.key != "format" })
  }
}
