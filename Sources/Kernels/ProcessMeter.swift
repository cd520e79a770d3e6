internal import Glibc

/// What this process has used so far.
public enum ProcessMeter {
  /// Seconds of a clock that never goes back; its zero means nothing.
  public static var wallSeconds: Double { seconds(CLOCK_MONOTONIC) }

  /// Processor seconds of all threads, in user and system mode.
  public static var processorSeconds: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  /// Seconds since 1970-01-01T00:00:00Z.
  public static var epochSeconds: Double { seconds(CLOCK_REALTIME) }

  /// The most memory that was resident at once, in bytes; 0 where the system does not say.
  ///
  /// Linux counts it from the start of the program, unlike `getrusage`, which also counts the parent.
  public static var peakResidentBytes: Int {
    // SAFETY: the path and the mode are terminated strings that live through the call.
    guard let file = unsafe fopen("/proc/self/status", "r") else { return 0 }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    // SAFETY: fgets writes at most 256 bytes, a terminating zero among them, into the array's own memory.
    while unsafe fgets(&line, 256, file) != nil {
      let text = text(line)
      guard text.hasPrefix("VmHWM:") else { continue }
      return (Int(text.filter(\.isNumber)) ?? 0) * 1024
    }
    return 0
  }

  /// The name of this machine.
  public static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    // SAFETY: at most 255 bytes are written into the array's own memory, whose last byte stays zero.
    guard unsafe gethostname(&name, 255) == 0 else { return "" }
    return text(name)
  }

  /// The text before the first zero.
  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    // SAFETY: the call fills the struct above, which outlives it.
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
