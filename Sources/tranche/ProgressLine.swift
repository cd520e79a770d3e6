internal import Engine

/// One line on a terminal that tells what is being done.
struct ProgressLine {
  private let isShown: Bool

  init(isShown: Bool) {
    self.isShown = isShown
  }

  /// Shows this text in place of the last one.
  var show: @Sendable (String) -> Void {
    let isShown = isShown
    return { text in
      if isShown { Console.writeError("\r\u{1B}[K" + text) }
    }
  }

  /// Takes the line away.
  func clear() { show("") }
}
