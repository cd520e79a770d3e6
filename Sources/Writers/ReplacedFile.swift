internal import Kernels

/// A single file that is not part of a run's output.
public enum ReplacedFile {
  /// Writes a file, so that whoever looks finds its old bytes or all of the new ones.
  ///
  /// - Parameters:
  ///   - bytes: What it is to hold.
  ///   - path: A file, or a name in a folder that exists.
  /// - Throws: ``WriteError/system(operation:path:code:reason:)``.
  public static func write(_ bytes: [UInt8], to path: String) throws(WriteError) {
    let kind = try wrapping { () throws(FileError) in try FileSystem.kind(path) }
    guard kind == .absent || kind == .file else {
      throw .system(operation: "replace", path: path, code: 0, reason: "it is no plain file")
    }
    let random = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    let beside = "\(path).tranche-\(FileSystem.processID)-\(random)"
    do throws(WriteError) {
      try wrapping { () throws(FileError) in
        let file = try OutputFile(path: beside)
        try file.append(bytes)
        _ = try file.finish()
        guard kind == .file else { return try FileSystem.move(beside, to: path) }
        try FileSystem.exchange(beside, with: path)
        try FileSystem.remove(beside)
      }
    } catch {
      // The first error tells more than a second one could.
      try? FileSystem.remove(beside)
      throw error
    }
  }
}
