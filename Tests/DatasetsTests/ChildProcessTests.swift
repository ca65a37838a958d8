import Files
import Foundation
import Testing

@testable import Datasets

@Suite(.serialized) struct ChildProcessTests {
  @Test func leavesNoDescriptorsAndNoZombiesWhenLetGo() throws {
    let folder = try TemporaryFolder()
    // More than a pipe holds, so that gzip is still at work when it is let go.
    let path = try folder.write(try SampleFiles.gzipped([UInt8](repeating: 7, count: 1_000_000)), to: "a.gz")
    for _ in 0..<1500 {
      let source = try ByteSource(path: path)
      #expect(try source.read(4) == [7, 7, 7, 7])
    }
    // Tests beside this one have some hundred open at times.
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    #expect(open < 1500)
  }

  @Test func saysHowAProgramEnded() throws {
    let end = try ChildProcess(.gzip, ["--no-such-option"], for: "test").finish()
    #expect(end.status == 1)
    #expect(end.message.contains("unrecognized option '--no-such-option'"))
  }

  @Test func stopsAProgramAtOnce() throws {
    var ends: [Int32] = [0, 0]
    try #require(Foundation.pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    let gzip = try ChildProcess(.gzip, ["-dc"], input: ends[0], for: "test")
    #expect(gzip.isRunning)
    gzip.stop()
    #expect(gzip.finish().status == 128 + SIGKILL)
    #expect(!gzip.isRunning)
  }
}
