internal import Kernels
internal import Readers

/// Shows the records of a file exactly as the readers see them.
public struct Cat {
  private let plan: Plan
  private static let flushBytes = 1 << 20

  /// A plan of which the dialect and the split size count.
  public init(_ plan: Plan) {
    self.plan = plan
    plan.simd.force()
  }

  /// Writes each record as a JSON array of strings, a line each.
  ///
  /// Declared encodings are read as such. Bytes that are no UTF-8 then are replaced, since JSON has no
  /// others; the digest takes them as they are.
  ///
  /// - Throws: ``RunError``, or what `write` throws.
  public func records(of path: String, to write: ([UInt8]) throws -> Void) throws {
    var buffer: [UInt8] = []
    var failure: (any Error)?
    try read(path) { fields in
      buffer.append(UInt8(ascii: "["))
      for (index, field) in fields.enumerated() {
        if index > 0 { buffer.append(UInt8(ascii: ",")) }
        JSONText.append(field, to: &buffer)
      }
      buffer += [UInt8(ascii: "]"), UInt8(ascii: "\n")]
      guard buffer.count >= Self.flushBytes else { return true }
      do {
        try write(buffer)
        buffer.removeAll(keepingCapacity: true)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    try write(buffer)
  }

  /// One SHA-256 over all records, in hexadecimal.
  ///
  /// Over each record, for each field, its length as 8 little-endian bytes and then its bytes, those of
  /// its UTF-8 where another encoding was declared; after each record eight bytes 0xFF.
  ///
  /// - Throws: ``RunError``.
  public func digest(of path: String) throws -> String {
    var hash = SHA256()
    var buffer: [UInt8] = []
    try read(path) { fields in
      for field in fields {
        for byte in 0..<8 { buffer.append(UInt8(truncatingIfNeeded: field.count >> (8 * byte))) }
        buffer += field
      }
      buffer += [UInt8](repeating: 0xFF, count: 8)
      if buffer.count >= Self.flushBytes {
        hash.update(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
      return true
    }
    hash.update(buffer)
    return hash.hexDigest()
  }

  private func read(_ path: String, _ body: ([[UInt8]]) -> Bool) throws {
    do throws(ReadError) {
      let files = try InputDiscovery.find(paths: [path], glob: false)
      let reader = RecordReader(dialect: plan.format.dialect, options: plan.read)
      for file in files {
        var open: ReadError?
        try reader.read(file) { item in
          switch item {
          case .record(let fields): return body(fields)
          case .openQuote(let line, let byteOffset):
            open = .unsupported(
              path: "\(file.path):\(line), byte \(byteOffset)",
              kind: "a quote that is never closed",
              remedy: "see --quote"
            )
            return false
          }
        }
        if let open { throw open }
      }
    } catch {
      throw RunError(stage: .read, cause: error)
    }
  }
}
