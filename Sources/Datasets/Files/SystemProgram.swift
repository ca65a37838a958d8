import Foundation

/// A program of the system that does part of the work.
enum SystemProgram: String {
  case gzip, tar, curl

  /// Where the program lies.
  ///
  /// - Throws: ``DatasetError/programMissing(name:purpose:)`` where no folder of `PATH` has it.
  func located(for purpose: String) throws(DatasetError) -> URL {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    for folder in folders.split(separator: ":") {
      let path = "\(folder)/\(rawValue)"
      if FileManager.default.isExecutableFile(atPath: path) { return URL(fileURLWithPath: path) }
    }
    throw .programMissing(name: rawValue, purpose: purpose)
  }

  /// A process that is set up but not started: messages in English, errors into a pipe.
  func process(_ arguments: [String], for purpose: String) throws(DatasetError) -> Process {
    let process = Process()
    process.executableURL = try located(for: purpose)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = Pipe()
    return process
  }
}

extension Process {
  /// Waits for the end and returns what the process wrote to its error pipe, on one line.
  func finish() -> String {
    var text = ""
    if let pipe = standardError as? Pipe {
      let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
      text = String(decoding: data.suffix(2000), as: UTF8.self)
    }
    waitUntilExit()
    return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
  }
}
