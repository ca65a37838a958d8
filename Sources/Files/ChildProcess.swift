import Foundation
import Synchronization

/// A program at work for this one; killed and reaped with its last owner.
///
/// Foundation's `Process` keeps its pipes open when it is let go before its end, and waiting for Subprocess blocks a
/// thread that it may need itself. Readers are called from any thread and let go in mid-file, so this is plain
/// `posix_spawn`.
final class ChildProcess {
  /// The program's output in its standard output.
  let output: Int32
  private let errors: Int32
  private let identifier: pid_t
  private var exitStatus: Int32?

  /// How a program ended.
  struct End {
    /// Its exit status; 128 and the signal's number where a signal ended it.
    let status: Int32
    /// What it wrote to its standard error, on one line.
    let message: String
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - input: the descriptor that it reads; nothing is there to read where it is `nil`.
  ///   - purpose: what it is needed to do, for messages.
  init(
    _ program: SystemProgram, _ arguments: [String], input: Int32? = nil, for purpose: String
  ) throws(DatasetError) {
    let path = try program.located(for: purpose)
    do { (identifier, output, errors) = try Self.start(path, arguments, input: input) } catch {
      let reason = String(cString: strerror(error.code))
      throw .programFailed(name: program.rawValue, purpose: purpose, reason: reason)
    }
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
  var isRunning: Bool { !reaped(waits: false) }

  /// Ends the program at once.
  func stop() {
    if isRunning { kill(identifier, SIGKILL) }
  }

  /// Waits for the end. The program's output in ``output`` must have been read, or be short.
  func finish() -> End {
    let message = readAll(errors)
    _ = reaped(waits: true)
    let lines = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
    return End(status: exitStatus ?? -1, message: lines)
  }

  /// What is left of the program's output.
  func readOutput() -> String { readAll(output) }

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

  /// The number of the system's error.
  private struct StartError: Error { let code: Int32 }

  /// A child that was started between another's `pipe` and `fcntl` would keep that pipe open: one at a time.
  private static let starting = Mutex<Void>(())

  private static func start(
    _ path: String, _ arguments: [String], input: Int32?
  ) throws(StartError) -> (identifier: pid_t, output: Int32, errors: Int32) {
    try starting.withLock { _ throws(StartError) in
      let output = try makePipe()
      defer { close(output.writing) }
      var errors = (reading: Int32(-1), writing: Int32(-1))
      do throws(StartError) {
        errors = try makePipe()
        defer { close(errors.writing) }
        let identifier = try spawn(path, arguments, input: input, output: output.writing, errors: errors.writing)
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

  /// Starts the program with signals as they were at first, messages in English, and no descriptors but these three.
  private static func spawn(
    _ path: String, _ arguments: [String], input: Int32?, output: Int32, errors: Int32
  ) throws(StartError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
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

    let environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var identifier: pid_t = 0
    let failure = posix_spawn(&identifier, path, &actions, &attributes, &words, &settings)
    guard failure == 0 else { throw StartError(code: failure) }
    return identifier
  }
}
