internal import Kernels

/// The beginning and the end of the process.
public enum Startup {
  /// The environment of the process.
  public static var environment: [String: String] { ProcessSurroundings.environment }

  /// Lets signals through that a parent held back, and makes closed pipes an error of the call.
  ///
  /// To be called before any other thread starts.
  public static func prepareProcess() {
    SignalMask.clear()
    Interruption.ignoreClosedPipes()
  }

  /// Leaves the process with this exit code.
  public static func exit(_ status: Int32) -> Never {
    ProcessSurroundings.exit(status)
  }
}
