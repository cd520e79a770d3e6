internal import Kernels
internal import Readers

/// The output would be read as input, now or by the next run, or the input would be replaced.
struct OutputAmongInputs: Error, Equatable, CustomStringConvertible {
  /// OUT, as it was given.
  let output: String
  /// The input, as it was given or as its pattern matched.
  let input: String
  /// Whether the input lies in OUT or OUT.failed; else OUT lies in the input.
  let isInputReplaced: Bool

  var description: String {
    isInputReplaced
      ? "\(input): lies in \(output) or \(output).failed, which the run replaces; move it away or "
        + "set output.path (--out)"
      : "\(output): lies in the input \(input), and the next run would read it; set output.path "
        + "(--out) to a folder elsewhere"
  }

  /// Refuses an output folder among the inputs.
  ///
  /// Paths are compared with all links followed; what cannot be looked at is left to the stage that
  /// reads or writes it.
  static func refuse(_ plan: Plan) throws(OutputAmongInputs) {
    let inputs = (try? InputDiscovery.expand(plan.inputs, glob: plan.globsInputs)) ?? []
    try refuse(output: plan.output, inputs: inputs)
  }

  /// Refuses an output folder among inputs without patterns.
  static func refuse(output: String, inputs: [String]) throws(OutputAmongInputs) {
    guard let out = resolvedOutput(output) else { return }
    for input in inputs where input != "-" {
      guard let path = try? FileSystem.canonical(input) else { continue }
      let isReplaced = isWithin(path, out) || isWithin(path, out + ".failed")
      guard isReplaced || isWithin(out, path) else { continue }
      throw OutputAmongInputs(output: output, input: input, isInputReplaced: isReplaced)
    }
  }

  /// Whether a path is an output folder, or lies in it.
  static func isWithin(_ path: String, output: String) -> Bool {
    guard let out = resolvedOutput(output), let path = try? FileSystem.canonical(path) else {
      return false
    }
    return isWithin(path, out)
  }

  /// The folder itself may not be there yet, so only the one that it stands in is resolved.
  private static func resolvedOutput(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    guard let name = parts.last, name != ".", name != ".." else { return nil }
    let above = parts.dropLast().joined(separator: "/")
    let parent = path.hasPrefix("/") ? "/\(above)" : above.isEmpty ? "." : above
    guard let resolved = try? FileSystem.canonical(parent) else { return nil }
    return resolved == "/" ? "/\(name)" : "\(resolved)/\(name)"
  }

  private static func isWithin(_ path: String, _ folder: String) -> Bool {
    path == folder || folder == "/" || path.hasPrefix(folder + "/")
  }
}
