internal import Glibc

/// What this process was given by whoever started it.
public enum ProcessSurroundings {
  /// The environment; where a variable stands twice, the first counts, as for `getenv`.
  public static var environment: [String: String] {
    var variables: [String: String] = [:]
    // SAFETY: `environ` is an array of terminated strings that ends with a null pointer; nothing in
    // this program changes it.
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let variable = unsafe String(cString: text)
      let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, variables[String(parts[0])] == nil {
        variables[String(parts[0])] = String(parts[1])
      }
      unsafe entry += 1
    }
    return variables
  }

  /// Lets some time pass.
  public static func pause() {
    usleep(10_000)
  }

  /// Leaves the process with this exit code.
  public static func exit(_ status: Int32) -> Never {
    Glibc.exit(status)
  }
}
