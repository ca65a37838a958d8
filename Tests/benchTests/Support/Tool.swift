import Files
import Foundation

/// Programs of the system, as the tests need them.
enum Tool {
  /// Runs one to its end.
  ///
  /// - Returns: its exit status.
  @discardableResult
  static func run(_ program: String, _ arguments: [String], in folder: URL? = nil) throws -> Int32 {
    try ChildProcess(program, arguments, folder: folder?.path).finish().status
  }
}
