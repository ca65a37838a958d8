import Foundation
import Synchronization

/// A program at work for this one; killed and reaped with its last owner.
///
/// Foundation's `Process` keeps its pipes open when it is let go before its end. Readers are called from any thread and
/// let go in mid-file, so this is plain `posix_spawn`.
package final class ChildProcess {
  /// The descriptor of what the program writes to its standard output.
  package let output: Int32
  private let errors: Int32
  /// The process's number.
  package let identifier: pid_t
  private var exitStatus: Int32?

  /// How a program ended.
  package struct End {
    /// Its exit status; 128 and the signal's number where a signal ended it.
    package let status: Int32
    /// What it wrote to its standard error, on one line.
    package let message: String
  }

  /// What came of a program that was waited for.
  package enum Outcome: Equatable {
    /// It ended; `status` is as in ``End``. No more than 64 KiB are kept of its standard error.
    case ended(status: Int32, output: String, errors: String)
    /// It was killed because it took too long.
    case tooSlow
    /// It was killed because it wrote too much to its standard output.
    case tooLong
  }

  /// Why a program could not be started.
  package struct StartError: Error {
    /// The number of the system's error.
    package let code: Int32
  }

  /// Starts a program, by no shell.
  ///
  /// - Parameters:
  ///   - program: its name, which is looked for in the folders of `PATH`, or its path, which has a slash.
  ///   - settings: what its environment has over that of this program.
  ///   - folder: where it works; relative paths, that of the program too, begin there.
  ///   - input: the descriptor that it reads; nothing is there to read where it is `nil`.
  package init(
    _ program: String, _ arguments: [String], settings: [String: String] = [:], folder: String? = nil,
    input: Int32? = nil
  ) throws(StartError) {
    guard let path = Self.located(program) else { throw StartError(code: ENOENT) }
    (identifier, output, errors) = try Self.start(
      Command(path: path, arguments: arguments, settings: settings, folder: folder, input: input))
  }

  /// Where a program lies; `nil` where no folder of `PATH` has it. A path is taken as it is.
  package static func located(_ program: String) -> String? {
    if program.contains("/") { return program }
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return folders.split(separator: ":").lazy.map { "\($0)/\(program)" }
      .first(where: FileManager.default.isExecutableFile(atPath:))
  }

  deinit {
    if exitStatus == nil {
      kill(identifier, SIGKILL)
      _ = reaped(waits: true)
    }
    close(output)
    close(errors)
  }

  /// Whether the program has not ended yet.
  package var isRunning: Bool { !reaped(waits: false) }

  /// Ends the program at once.
  package func stop() {
    if isRunning { kill(identifier, SIGKILL) }
  }

  /// Waits for the end. The program's output in ``output`` must have been read, or be short.
  package func finish() -> End {
    let message = readAll(errors)
    _ = reaped(waits: true)
    let lines = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
    return End(status: exitStatus ?? -1, message: lines)
  }

  /// What is left of the program's output.
  package func readOutput() -> String { readAll(output) }

  /// Waits for the end and reads all that the program writes meanwhile, so that no full pipe holds it up.
  ///
  /// - Parameters:
  ///   - limit: bytes of its standard output that it may write; `nil` drops what it writes there.
  ///   - seconds: after which it is killed.
  package func outcome(limit: Int? = nil, seconds: Double = .infinity) -> Outcome {
    let start = ContinuousClock.now
    var streams = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var (texts, buffer) = ([[UInt8](), []], [UInt8](repeating: 0, count: 1 << 16))
    // A program can close both streams and go on.
    while streams.contains(where: { $0.fd >= 0 }) || isRunning {
      let left = seconds - (ContinuousClock.now - start) / .seconds(1)
      guard left > 0 else {
        stop()
        return .tooSlow
      }
      let isOpen = streams.contains { $0.fd >= 0 }
      guard poll(&streams, 2, Int32(min(1000 * left + 1, isOpen ? 60_000 : 1))) > 0 else { continue }
      for index in streams.indices where streams[index].revents != 0 {
        let count = read(streams[index].fd, &buffer, buffer.count)
        // A stream of a negative number is passed over.
        if count == 0 || (count < 0 && errno != EINTR) { streams[index].fd = -1 }
        let room = (index == 0 ? limit ?? 0 : 1 << 16) - texts[index].count
        if index == 0, limit != nil, count > room {
          stop()
          return .tooLong
        }
        texts[index] += buffer.prefix(max(0, min(count, room)))
      }
    }
    let words = texts.map { String(decoding: $0, as: UTF8.self) }
    return .ended(status: exitStatus ?? -1, output: words[0], errors: words[1])
  }

  private func readAll(_ descriptor: Int32) -> String {
    var (text, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 { text += buffer.prefix(max(0, min(count, 65536 - text.count))) }
      if count == 0 || (count < 0 && errno != EINTR) { return String(decoding: text, as: UTF8.self) }
    }
  }

  private func reaped(waits: Bool) -> Bool {
    if exitStatus != nil { return true }
    var status: Int32 = 0
    var result: pid_t
    repeat { result = waitpid(identifier, &status, waits ? 0 : WNOHANG) } while result < 0 && errno == EINTR
    if result == 0 { return false }
    let signal = status & 0x7f
    exitStatus = result < 0 ? -1 : signal == 0 ? status >> 8 & 0xff : 128 + signal
    return true
  }

  // MARK: Starting

  private struct Command {
    let path: String
    let arguments: [String]
    let settings: [String: String]
    let folder: String?
    let input: Int32?
  }

  /// A child that was started between another's `pipe` and `fcntl` would keep that pipe open: one at a time.
  private static let starting = Mutex<Void>(())

  private static func start(
    _ command: Command
  ) throws(StartError) -> (identifier: pid_t, output: Int32, errors: Int32) {
    try starting.withLock { _ throws(StartError) in
      let output = try makePipe()
      defer { close(output.writing) }
      var errors = (reading: Int32(-1), writing: Int32(-1))
      do throws(StartError) {
        errors = try makePipe()
        defer { close(errors.writing) }
        let identifier = try spawn(command, output: output.writing, errors: errors.writing)
        return (identifier, output.reading, errors.reading)
      } catch {
        close(output.reading)
        if errors.reading >= 0 { close(errors.reading) }
        throw error
      }
    }
  }

  private static func makePipe() throws(StartError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw StartError(code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Starts the program with signals as they were at first and no descriptors but these three.
  private static func spawn(
    _ command: Command, output: Int32, errors: Int32
  ) throws(StartError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let folder = command.folder { posix_spawn_file_actions_addchdir_np(&actions, folder) }
    if let input = command.input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let environment = ProcessInfo.processInfo.environment.merging(command.settings) { $1 }
    var words = ([command.path] + command.arguments).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var identifier: pid_t = 0
    let failure = posix_spawn(&identifier, command.path, &actions, &attributes, &words, &settings)
    guard failure == 0 else { throw StartError(code: failure) }
    return identifier
  }
}
