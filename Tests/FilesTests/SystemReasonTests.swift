import Files
import Foundation
import Testing

/// Foundation's errors in words.
@Suite struct SystemReasonTests {
  private struct Own: Error, CustomStringConvertible { let description = "grid.json:1:1: is wrong" }

  /// Each call fails in its own way; none of them may show a domain or a code.
  @Test func everyFailureHasWords() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-reasons-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "file")
    try Data("x".utf8).write(to: file)
    let manager = FileManager.default
    let nowhere = folder.appending(path: "no/where")
    let calls: [(String, () throws -> Void)] = [
      ("File exists", { try manager.createDirectory(at: file, withIntermediateDirectories: true) }),
      (
        "Not a directory|File exists",
        { try manager.createDirectory(at: file.appending(path: "x"), withIntermediateDirectories: true) }
      ),
      ("No such file or directory", { _ = try Data(contentsOf: nowhere) }),
      ("No such file or directory", { try Data().write(to: nowhere) }),
      ("No such file or directory", { try Data().write(to: nowhere, options: .atomic) }),
      ("No such file or directory", { try manager.removeItem(at: nowhere) }),
      ("No such file or directory", { try manager.moveItem(at: nowhere, to: folder.appending(path: "other")) }),
      ("File exists", { try manager.moveItem(at: file, to: folder.appending(path: ".")) }),
      ("No such file or directory", { _ = try manager.contentsOfDirectory(atPath: nowhere.path) }),
      ("Is a directory", { try Data().write(to: folder) }),
      ("", { _ = try String(contentsOf: nowhere, encoding: .utf8) }),
      ("", { _ = try FileHandle(forReadingFrom: nowhere) }),
      ("No space left on device", { throw CocoaError(.fileWriteOutOfSpace) }),
      ("Input/output error", { throw CocoaError(.fileWriteUnknown) }),
      ("Input/output error", { throw POSIXError(.EIO) }),
    ]
    for (index, (expected, call)) in calls.enumerated() {
      do {
        try call()
        Issue.record("call \(index) does not fail")
      } catch {
        let reason = SystemReason.of(error)
        #expect(
          expected.isEmpty || expected.split(separator: "|").contains { reason.contains($0) },
          "call \(index): \(reason), of \(error)")
        for text in [reason, SystemReason.text(error)] {
          for word in ["Domain", "Code=", "error 512", "UserInfo"] {
            #expect(!text.contains(word), "call \(index): \(text)")
          }
        }
      }
    }
    #expect(SystemReason.text(Own()) == "grid.json:1:1: is wrong")
  }
}
