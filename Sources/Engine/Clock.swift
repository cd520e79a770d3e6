internal import Kernels
internal import Tables

/// The time of day, for logs and for the record of a run; never for results.
public enum Clock {
  /// ISO 8601 in UTC, to the second.
  public static func now() -> String {
    let seconds = Int64(ProcessMeter.epochSeconds)
    return "\(Instant(microseconds: seconds * 1_000_000))Z"
  }
}
