import Foundation

/// Why a file or folder could not be written.
package struct FileError: Error, Hashable, LocalizedError, CustomStringConvertible {
  /// What was to be written.
  package let path: String
  /// What the system says.
  package let reason: String

  init(path: String, reason: String) { (self.path, self.reason) = (path, reason) }

  /// Creates an error from a number of the system's.
  package init(path: String, code: Int32 = errno) {
    (self.path, reason) = (path, SystemReason.of(code: code))
  }

  /// Creates an error from whatever Foundation throws.
  package init(path: String, _ error: any Error) {
    if let error = error as? FileError {
      self.init(path: path, reason: error.reason)
      return
    }
    self.init(path: path, reason: SystemReason.of(error))
  }

  /// Where, what was found, and how to fix it.
  package var description: String {
    "\(path): can't be written: \(reason). Make room, or let the folder be written to."
  }

  /// The same.
  package var errorDescription: String? { description }
}
