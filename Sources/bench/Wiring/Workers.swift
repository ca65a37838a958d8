import Foundation

/// How many trials run at the same time, and with how many threads each.
struct Workers {
  /// Trials at the same time.
  let count: Int
  /// Threads inside a trial, if the user said so.
  private let threadsPerTrial: Int?

  /// Takes the command line's word, then that of `BENCH_JOBS`, then as many as there are cores.
  init(jobs: Int?, threadsPerTrial: Int?) throws {
    self.threadsPerTrial = threadsPerTrial
    if let jobs {
      count = jobs
    } else if let text = ProcessInfo.processInfo.environment["BENCH_JOBS"], !text.isEmpty {
      guard let value = Int(text), value >= 1 else {
        throw UsageError("BENCH_JOBS is \"\(text)\"; expected a whole number of at least 1")
      }
      count = value
    } else {
      count = ProcessInfo.processInfo.activeProcessorCount
    }
  }

  /// Threads for each of `trials` trials: workers that would have no trial help the others.
  func threads(for trials: Int) -> Int { threadsPerTrial ?? max(1, count / max(1, trials)) }
}
