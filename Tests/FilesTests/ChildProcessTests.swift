import Files
import Foundation
import Testing

@Suite struct ChildProcessTests {
  @Test func keepsWhatAProgramWritesAndHowItEnded() throws {
    let script = "printf %s \"$GREETING\"; pwd >&2; exit 3"
    let shell = try ChildProcess("sh", ["-c", script], settings: ["GREETING": "good day"], folder: "/usr")
    #expect(shell.outcome(limit: 8) == .ended(status: 3, output: "good day", errors: "/usr\n"))
  }

  @Test func readsBothStreamsWhileTheyFill() throws {
    // More than a pipe holds, first in the one, then in the other.
    let script = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"
    let outcome = try ChildProcess("sh", ["-c", script]).outcome(limit: 300_000)
    let zeros = [300_000, 1 << 16].map { String(repeating: "\0", count: $0) }
    #expect(outcome == .ended(status: 0, output: zeros[0], errors: zeros[1]))
  }

  @Test func dropsOutputThatNobodyAskedFor() throws {
    #expect(
      try ChildProcess("head", ["-c", "300000", "/dev/zero"]).outcome() == .ended(status: 0, output: "", errors: ""))
  }

  @Test func killsAProgramThatWritesTooMuch() throws {
    let endless = try ChildProcess("cat", ["/dev/zero"])
    #expect(endless.outcome(limit: 100_000) == .tooLong)
    #expect(endless.finish().status == 128 + SIGKILL)
  }

  @Test(arguments: ["exec sleep 60", "exec >&- 2>&-; exec sleep 60"])
  func killsAProgramThatTakesTooLong(script: String) throws {
    let start = ContinuousClock.now
    let sleeper = try ChildProcess("sh", ["-c", script])
    #expect(sleeper.outcome(seconds: 0.2) == .tooSlow)
    #expect(sleeper.finish().status == 128 + SIGKILL)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test func saysWhichSignalEndedAProgram() throws {
    #expect(
      try ChildProcess("sh", ["-c", "kill -TERM $$"]).outcome() == .ended(status: 128 + SIGTERM, output: "", errors: "")
    )
  }

  @Test(arguments: ["no-such-program-anywhere", "/no/such/program"])
  func refusesAProgramThatIsNotThere(program: String) throws {
    let error = try #require(throws: ChildProcess.StartError.self) { try ChildProcess(program, []) }
    #expect(error.code == ENOENT)
  }
}
