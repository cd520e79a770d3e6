internal import CBridge
internal import Glibc

extension ProcessMeter {
  /// Memory that is resident now, in bytes; 0 where the system does not say.
  public static var residentBytes: Int { kilobytes("VmRSS:") * 1024 }

  /// Makes ``peakResidentBytes`` count from now on.
  ///
  /// - Returns: Whether the system does that; without it the peak is that of the whole process.
  public static func resetPeakResidentBytes() -> Bool {
    // What was freed goes back to the system, so that it is not taken for memory in use.
    cb_release_freed_memory()
    // SAFETY: the path and the mode are terminated strings that live through the call.
    guard let file = unsafe fopen("/proc/self/clear_refs", "w") else { return false }
    // 5 resets the peak: see proc_pid_clear_refs(5).
    // SAFETY: the text is terminated and lives through the call; the file is open, and closed once.
    let isWritten = unsafe fputs("5\n", file) >= 0
    return unsafe fclose(file) == 0 && isWritten
  }

  /// The name of the processor, as the system tells it; empty where it does not.
  public static var processorName: String {
    let line = firstLine(of: "/proc/cpuinfo", beginningWith: "model name")
    let name = line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
    return String(name.prefix { $0 != "\n" })
  }

  private static func kilobytes(_ key: String) -> Int {
    Int(firstLine(of: "/proc/self/status", beginningWith: key).filter(\.isNumber)) ?? 0
  }

  /// The first line of a file that begins so, or its first 255 bytes; empty without such a line.
  private static func firstLine(of path: String, beginningWith key: String) -> String {
    // SAFETY: the path and the mode are terminated strings that live through the call.
    guard let file = unsafe fopen(path, "r") else { return "" }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    // SAFETY: at most 256 bytes are written, a terminating zero among them, into the array's memory.
    while unsafe fgets(&line, 256, file) != nil {
      let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      let text = String(decoding: bytes, as: UTF8.self)
      if text.hasPrefix(key) { return text }
    }
    return ""
  }
}
