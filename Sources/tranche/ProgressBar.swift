internal import Engine

/// One line on a terminal that tells how far a run is.
struct ProgressBar {
  private static let width = 30
  private let isShown: Bool

  init(isShown: Bool) {
    self.isShown = isShown
  }

  /// What draws this bar.
  var progress: Progress {
    Progress { snapshot in
      if isShown { Self.draw(Self.line(snapshot)) }
    }
  }

  /// Takes the line away.
  func clear() {
    if isShown { Self.draw("") }
  }

  private static func draw(_ line: String) {
    Console.writeError("\r\u{1B}[K" + line)
  }

  private static func line(_ snapshot: Progress.Snapshot) -> String {
    guard let percent = snapshot.percent else { return "\(snapshot.stage.rawValue) ..." }
    let filled = percent * width / 100
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    return "\(snapshot.stage.rawValue) [\(bar)] \(percent) %"
  }
}
