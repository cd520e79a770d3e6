internal import Engine

/// How the program ends; the table of exit codes.
enum ExitStatus: Int32 {
  case done = 0
  case usage = 2
  case input = 3
  case rejects = 4
  case gate = 5
  case output = 6
  case bug = 70
}

/// A command that ends otherwise than well.
struct CommandFailure: Error {
  /// The exit code.
  var status: ExitStatus
  /// One line each.
  var messages: [String]

  init(_ status: ExitStatus, _ messages: String...) {
    self.status = status
    self.messages = messages
  }
}

extension ExitStatus {
  /// The exit code of a run that failed.
  init(_ error: RunError) {
    switch error.kind {
    case .configuration: self = .usage
    case .input: self = .input
    case .rejects: self = .rejects
    case .output: self = .output
    case .gate: self = .gate
    case .bug: self = .bug
    }
  }
}
