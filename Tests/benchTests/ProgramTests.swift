import Foundation
import StudySupport
import Testing

/// What the other tests start the program with.
@Suite struct ProgramTests {
  @Test func aProgramThatOutlivesItsTestIsKilledAndFailsIt() async throws {
    try await Program.inTemporaryFolder { program in
      var program = program
      program.launcher = ["/bin/sh", "-c", "sleep 1000 & echo $! > child; wait"]
      let number = program.folder.appending(path: "child")
      let run = Task { [program] in try await program.run() }
      func text() -> String { (try? String(contentsOf: number, encoding: .utf8)) ?? "" }
      while !text().hasSuffix("\n") { try await Task.sleep(for: .milliseconds(10)) }
      run.cancel()
      let begin = ContinuousClock.now
      await #expect(throws: Program.StillAtWork.self) { try await run.value }
      // What it started is gone, or waits to be reaped.
      let child = "/proc/\(text().dropLast())/cmdline"
      while (try? String(contentsOfFile: child, encoding: .utf8))?.isEmpty == false,
        ContinuousClock.now - begin < .seconds(300)
      {
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(ContinuousClock.now - begin < .seconds(300))
    }
  }
}
