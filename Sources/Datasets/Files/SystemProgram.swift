import Files
import Foundation

/// A program of the system that does part of the work.
enum SystemProgram: String {
  case gzip, tar, unzip, curl
}

extension ChildProcess {
  /// Starts a program of the system, whose messages are in English.
  ///
  /// - Parameters:
  ///   - input: the descriptor that it reads; nothing is there to read where it is `nil`.
  ///   - purpose: what it is needed to do, for messages.
  /// - Throws: ``DatasetError/programMissing(name:purpose:)`` where no folder of `PATH` has it.
  convenience init(
    _ program: SystemProgram, _ arguments: [String], input: Int32? = nil, for purpose: String
  ) throws(DatasetError) {
    let name = program.rawValue
    guard let path = Self.located(name) else { throw .programMissing(name: name, purpose: purpose) }
    do { try self.init(path, arguments, settings: ["LC_ALL": "C"], input: input) } catch {
      throw .programFailed(name: name, purpose: purpose, reason: String(cString: strerror(error.code)))
    }
  }
}
