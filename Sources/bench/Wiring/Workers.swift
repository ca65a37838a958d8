import Foundation
import Harness
import Presentation

/// How many trials run at the same time.
enum Workers {
  /// Takes the option's number, else that of `BENCH_JOBS`, else as many as there are processors for the process.
  static func count(jobs: Int?) throws -> Int {
    if let jobs { return jobs }
    guard let text = ProcessInfo.processInfo.environment["BENCH_JOBS"], !text.isEmpty else {
      return MachineProcessors.available()
    }
    guard let value = Int(text), value >= 1 else {
      throw UsageError("BENCH_JOBS is \(quoted(text)); expected a whole number of at least 1")
    }
    return value
  }
}
