internal import Writers

/// Files that a benchmark writes: starts, labels, charts.
enum BenchOutput {
  /// Writes a file, replacing what it held.
  ///
  /// - Throws: ``RunError`` with a ``ClusterBenchError/cannotWrite(path:reason:)``.
  static func write(_ bytes: [UInt8], to path: String) throws(RunError) {
    do throws(WriteError) {
      try ReplacedFile.write(bytes, to: path)
    } catch {
      var reason = "\(error)"
      if case .system(_, _, _, let words) = error { reason = words }
      throw RunError(
        stage: .write,
        cause: ClusterBenchError.cannotWrite(path: path, reason: reason)
      )
    }
  }
}
