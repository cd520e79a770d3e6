internal import Engine
internal import Logging

/// How messages look on standard error.
enum LogFormat: String, CaseIterable {
  /// One line for people.
  case text
  /// One JSON object a line.
  case json
}

/// The program's log, on standard error.
enum Log {
  /// Chooses the form of all messages; to be called once.
  static func start(_ format: LogFormat, isQuiet: Bool) {
    LoggingSystem.bootstrap { _ in
      StandardErrorHandler(format: format, logLevel: isQuiet ? .warning : .info)
    }
  }

  /// Writes a message as one JSON object.
  static func writeJSON(level: Logger.Level, message: String, facts: [(String, String)] = []) {
    let fields = [("time", Clock.now()), ("level", "\(level)"), ("message", message)]
    let pairs = (fields + facts).map { "\(JSONText.string($0)):\(JSONText.string($1))" }
    Console.writeError("{\(pairs.joined(separator: ","))}\n")
  }
}

/// Writes each message as one line.
private struct StandardErrorHandler: LogHandler {
  let format: LogFormat
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  init(format: LogFormat, logLevel: Logger.Level) {
    self.format = format
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    switch format {
    case .text:
      let kind = event.level >= .error ? "error: " : event.level == .warning ? "warning: " : ""
      Console.writeError("tranche: \(kind)\(Self.printable("\(event.message)"))\n")
    case .json:
      let facts = facts.map { ($0.key, "\($0.value)") }
      Log.writeJSON(level: event.level, message: "\(event.message)", facts: facts)
    }
  }

  private static let steering: Set<Unicode.GeneralCategory> = [
    .control, .format, .lineSeparator, .paragraphSeparator,
  ]

  /// Names and values come from files: nothing in them may steer a terminal or change the direction of
  /// its text.
  private static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { steering.contains($0.properties.generalCategory) ? "?" : $0 }
      )
    )
  }
}
