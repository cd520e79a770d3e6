internal import Kernels

/// Small files that are read at once.
public enum WholeFile {
  /// All bytes of a file.
  ///
  /// - Parameters:
  ///   - path: A regular file.
  ///   - mostBytes: More are refused before any is read.
  /// - Returns: The bytes.
  /// - Throws: ``ReadError/unreadable(path:reason:)``, ``ReadError/unsupported(path:kind:remedy:)`` for
  ///   what is no file or too large, or ``ReadError/changed(path:)``.
  public static func read(_ path: String, mostBytes: UInt64) throws(ReadError) -> [UInt8] {
    let (handle, stamp) = try reading(path) { () throws(SystemError) in
      let handle = try InputHandle(path: path)
      return (handle, try handle.stamp())
    }
    guard stamp.isRegular, stamp.byteCount <= mostBytes else {
      throw .unsupported(
        path: path,
        kind: "what is no file, or larger than \(mostBytes) bytes,",
        remedy: "name the file itself"
      )
    }
    var bytes = [UInt8](repeating: 0, count: Int(stamp.byteCount))
    let isWhole = try reading(path) { () throws(SystemError) in
      let count = try handle.read(at: 0, count: bytes.count, into: &bytes, from: 0)
      let now = try handle.stamp()
      return count == bytes.count && now == stamp
    }
    guard isWhole else { throw .changed(path: path) }
    return bytes
  }

  /// What tells one version of a file from another: its length, and the SHA-256 of its bytes.
  ///
  /// - Throws: ``ReadError/unreadable(path:reason:)``.
  public static func identity(_ path: String) throws(ReadError) -> InputIdentity {
    try reading(path) { () throws(SystemError) in
      let handle = try InputHandle(path: path)
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      var (hash, offset) = (SHA256(), UInt64(0))
      while true {
        let count = try handle.read(at: offset, count: buffer.count, into: &buffer, from: 0)
        hash.update(buffer.span.extracting(0..<count))
        offset += UInt64(count)
        guard count == buffer.count else { break }
      }
      return InputIdentity(path: path, byteCount: offset, digest: "sha256:" + hash.hexDigest())
    }
  }

  private static func reading<Value>(
    _ path: String,
    _ body: () throws(SystemError) -> Value
  ) throws(ReadError) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw .unreadable(path: path, reason: error)
    }
  }
}
