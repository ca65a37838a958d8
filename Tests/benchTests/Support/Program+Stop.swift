import Foundation
import StudySupport
import Testing

extension Program {
  /// Runs a study until it has written a checkpoint, and stops it in its middle with signals.
  ///
  /// A machine that is busy elsewhere may let the study come to its end before it is looked at; then the store is taken
  /// away and all begins anew.
  func stopInTheMiddle(_ arguments: [String], signals: [Int32]) async throws -> Outcome {
    for _ in 0..<100 {
      let outcome = try await run(arguments) { program in
        try await waitForCheckpoint(of: program)
        signals.forEach { program.send($0) }
      }
      // Between two trials nothing was in the middle.
      if outcome.code != 0, !checkpointNames.isEmpty { return outcome }
      try FileManager.default.removeItem(at: folder.appending(path: ".bench"))
    }
    Issue.record("the study always came to its end before it could be stopped")
    return Outcome(code: 0, output: "", errors: "")
  }

  /// Waits until a running program has written a checkpoint, or has ended.
  func waitForCheckpoint(of program: Running) async throws {
    while program.isRunning {
      if !checkpointNames.isEmpty { return }
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}
