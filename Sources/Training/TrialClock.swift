import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// The times of one trial, over all its attempts.
struct TrialClock: Sendable, Codable, Equatable {
  /// Seconds that passed while the trial was at work.
  private(set) var wallSeconds = 0.0
  /// Seconds of processor time that its threads took.
  private(set) var cpuSeconds = 0.0
  /// Seconds of ``wallSeconds`` that went into training steps, the rest being evaluation and checkpoints.
  private(set) var stepSeconds = 0.0

  private var wallMark = 0.0
  private var cpuMark = 0.0
  private var helpMark = 0.0

  private enum CodingKeys: CodingKey { case wallSeconds, cpuSeconds, stepSeconds }

  /// Starts, or goes on, counting from now.
  mutating func start() {
    wallMark = Self.now(CLOCK_MONOTONIC)
    cpuMark = Self.now(CLOCK_THREAD_CPUTIME_ID)
  }

  /// Adds the time since the last call, or the start.
  ///
  /// - Parameters:
  ///   - training: whether it went into training steps.
  ///   - helpSeconds: processor time of the trial's other threads since the start.
  mutating func lap(training: Bool, helpSeconds: Double) {
    let (wall, cpu) = (Self.now(CLOCK_MONOTONIC), Self.now(CLOCK_THREAD_CPUTIME_ID))
    wallSeconds += wall - wallMark
    cpuSeconds += cpu - cpuMark + helpSeconds - helpMark
    if training { stepSeconds += wall - wallMark }
    (wallMark, cpuMark, helpMark) = (wall, cpu, helpSeconds)
  }

  /// Seconds on a clock that only goes forward.
  static var monotonicSeconds: Double { now(CLOCK_MONOTONIC) }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The most memory that the process has held so far, in bytes.
///
/// The kernel's own count of a process begins with the program; that of `getrusage`, which serves where there is no
/// `/proc`, goes on from whoever started it.
func peakBytes() -> Int {
  if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kibibytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) })
  {
    return kibibytes * 1024
  }
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Int(usage.ru_maxrss) * 1024
}
