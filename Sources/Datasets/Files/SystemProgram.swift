import Foundation

/// A program of the system that does part of the work.
enum SystemProgram: String {
  case gzip, tar, curl

  /// Where the program lies.
  ///
  /// - Throws: ``DatasetError/programMissing(name:purpose:)`` where no folder of `PATH` has it.
  func located(for purpose: String) throws(DatasetError) -> String {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    for folder in folders.split(separator: ":") {
      let path = "\(folder)/\(rawValue)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw .programMissing(name: rawValue, purpose: purpose)
  }
}
