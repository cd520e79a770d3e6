internal import Foundation
public import Kernels

/// One test at a time, since the level belongs to the process.
private let forcing = NSLock()

/// Does `body` while kernels use this level, or the highest that the processor has below it.
///
/// Whoever else calls it waits, so that what is computed at a level is computed at that level; calls
/// must not be nested.
public func withInstructionSet<Value>(
  _ level: InstructionSet,
  _ body: () throws -> Value
) rethrows -> Value {
  try forcing.withLock {
    let before = InstructionSet.current
    level.force()
    defer { before.force() }
    return try body()
  }
}
