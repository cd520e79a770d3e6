internal import Dispatch
public import Foundation
internal import Kernels

/// A program with its arguments and surroundings, to be run as a process of its own.
public struct Command: Sendable {
  /// The program's file.
  public var program: URL
  /// Its arguments, without the program's name.
  public var arguments: [String]
  /// Variables added to, or replacing, those of this process; nil removes one.
  public var environment: [String: String?] = [:]
  /// The folder that it runs in; this process's own where nil.
  public var directory: URL?
  /// What it reads on standard input, by way of a file.
  public var standardInput: [UInt8] = []

  /// A command without changes to the environment and with an empty standard input.
  public init(_ program: URL, _ arguments: [String] = [], directory: URL? = nil) {
    self.program = program
    self.arguments = arguments
    self.directory = directory
  }

  /// The built `tranche` program with these arguments.
  public static func tranche(_ arguments: [String], directory: URL? = nil) -> Command {
    Command(Locations.tranche, arguments, directory: directory)
  }

  /// A line for `/bin/sh`, for pipes and redirections.
  public static func shell(_ line: String, directory: URL? = nil) -> Command {
    Command(URL(fileURLWithPath: "/bin/sh"), ["-c", line], directory: directory)
  }

  /// Starts the program and returns without waiting for it.
  ///
  /// - Throws: Foundation's error where the program cannot be started.
  public func start() throws -> RunningCommand {
    try RunningCommand(self)
  }

  /// Runs the program to its end.
  ///
  /// - Throws: Foundation's error where the program cannot be started.
  public func run() throws -> CommandOutcome {
    try start().wait()
  }
}

/// How a command ended, and what it wrote.
public struct CommandOutcome: Sendable, Equatable {
  /// The exit status as a shell shows it: 128 + n after signal n.
  public let status: Int32
  /// What it wrote to standard output.
  public let output: [UInt8]
  /// What it wrote to standard error.
  public let errors: [UInt8]

  /// Standard output as text.
  public var outputText: String { String(decoding: output, as: UTF8.self) }
  /// Standard error as text.
  public var errorText: String { String(decoding: errors, as: UTF8.self) }
}

/// A program that was started.
///
/// Its streams go through files in a folder of their own, so that no amount of output can block it.
public final class RunningCommand {
  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)
  private let streams: URL

  fileprivate init(_ command: Command) throws {
    streams = FileManager.default.temporaryDirectory
      .appendingPathComponent("tranche-streams-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    process.executableURL = command.program
    process.arguments = command.arguments
    process.environment = Self.environment(of: command)
    if let directory = command.directory { process.currentDirectoryURL = directory }
    let input = try streams.write(command.standardInput, to: "input")
    let handles = [
      try FileHandle(forReadingFrom: input),
      try FileHandle(forWritingTo: streams.write([], to: "output")),
      try FileHandle(forWritingTo: streams.write([], to: "errors")),
    ]
    // A Process is kept longer than anybody asks for, and its descriptors with it; Foundation reads
    // beyond its memory where a process has 1,300 of them.
    defer { for handle in handles { try? handle.close() } }
    process.standardInput = handles[0]
    process.standardOutput = handles[1]
    process.standardError = handles[2]
    process.terminationHandler = { [ended] _ in ended.signal() }
    SignalMask.clear()
    try process.run()
  }

  deinit {
    // What cannot be removed lies in the folder for temporary files anyway.
    try? FileManager.default.removeItem(at: streams)
  }

  private static func environment(of command: Command) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    // It is the tests', and the program would warn that it stands for no setting.
    environment["TRANCHE_BINARY"] = nil
    for (name, value) in command.environment { environment[name] = value }
    return environment
  }

  /// The number of the process.
  public var processID: Int32 { process.processIdentifier }

  /// Whether it has not ended yet.
  public var isRunning: Bool { process.isRunning }

  /// What it has written to standard output up to now.
  public func outputSoFar() throws -> [UInt8] {
    try streams.appendingPathComponent("output").bytes()
  }

  /// What it has written to standard error up to now.
  public func errorsSoFar() throws -> [UInt8] {
    try streams.appendingPathComponent("errors").bytes()
  }

  /// Sends a signal, such as `SIGINT`; nothing happens where the process has ended.
  public func send(signal: Int32) {
    guard process.isRunning else { return }
    kill(process.processIdentifier, signal)
  }

  /// Waits for the end; to be called once.
  ///
  /// - Throws: Foundation's error where the streams cannot be read.
  public func wait() throws -> CommandOutcome {
    ended.wait()
    let wasSignalled = process.terminationReason == .uncaughtSignal
    return CommandOutcome(
      status: wasSignalled ? 128 + process.terminationStatus : process.terminationStatus,
      output: try outputSoFar(),
      errors: try errorsSoFar()
    )
  }
}
