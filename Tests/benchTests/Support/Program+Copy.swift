import Foundation
import TestSupport

extension Program {
  /// Hands over a copy of the program's folder; a program that hangs in it is asked to go after two minutes, under a
  /// sanitizer after twenty.
  func copied<T>(_ body: (Program) async throws -> T) async throws -> T {
    try await Program.inTemporaryFolder { program in
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        try FileManager.default.copyItem(at: folder.appending(path: name), to: program.folder.appending(path: name))
      }
      let seconds = Sanitizer.isOn ? "1200" : "120"
      // By a signal that no test sends, so that it can be told from a kill: timeout ends with 124.
      return try await body(Program(folder: program.folder, launcher: ["/usr/bin/timeout", "-s", "QUIT", seconds]))
    }
  }
}
