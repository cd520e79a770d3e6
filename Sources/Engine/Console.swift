internal import Kernels

/// The two streams of the program, for the command line: the only target that prints.
public enum Console {
  /// Nobody reads standard output any more: a reason to end quietly.
  public struct ClosedPipe: Error, Equatable {}

  /// Whether a person looks at standard error.
  public static var errorsAreTerminal: Bool { StandardStream.errors.isTerminal }

  /// Writes bytes to standard output.
  ///
  /// - Throws: `ClosedPipe`, or ``RunError`` where the system refuses.
  public static func write(_ bytes: [UInt8]) throws {
    switch StandardStream.output.write(bytes) {
    case .written: return
    case .closedPipe: throw ClosedPipe()
    case .failed(let code): throw RunError(stage: .write, cause: StreamError(code: code))
    }
  }

  /// Writes text to standard error; there is nobody to tell where that fails.
  public static func writeError(_ text: String) {
    StandardStream.errors.write(Array(text.utf8))
  }
}

/// The system's error number for a stream that cannot be written.
public struct StreamError: Error, Equatable, CustomStringConvertible {
  /// As in `errno.h`.
  public var code: Int32

  /// For people.
  public var description: String { "standard output cannot be written (system error \(code))" }
}
