internal import CBridge

/// SHA-256 over bytes that come in pieces.
public struct SHA256: Sendable {
  private var state = cb_sha256()

  /// A hash over no bytes yet.
  public init() {
    // SAFETY: the state is this value's own.
    unsafe cb_sha256_begin(&state)
  }

  /// Appends bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    // SAFETY: the span outlives the call and holds `count` bytes.
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe cb_sha256_update(&state, bytes.baseAddress, bytes.count)
    }
  }

  /// Appends bytes.
  public mutating func update(_ bytes: [UInt8]) {
    update(bytes.span)
  }

  /// The 32 bytes of the hash of everything appended so far; more may be appended afterwards.
  public func digest() -> [UInt8] {
    var ended = state
    var digest = [UInt8](repeating: 0, count: 32)
    // SAFETY: the state is a copy, and the digest has the 32 bytes that are written.
    unsafe digest.withUnsafeMutableBufferPointer { digest in
      guard let digest = digest.baseAddress else { return }
      unsafe cb_sha256_finish(&ended, digest)
    }
    return digest
  }

  /// The digest in lower-case hexadecimal digits.
  public func hexDigest() -> String {
    digest().map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }
}
