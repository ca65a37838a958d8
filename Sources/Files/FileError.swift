import Foundation

/// Why a file or folder could not be written, or removed.
package struct FileError: Error, Hashable, LocalizedError, CustomStringConvertible {
  /// What was to be written.
  package let path: String
  /// Whether it was to be removed.
  private let isRemoval: Bool
  /// What the system says.
  package let reason: String

  init(path: String, reason: String) { (self.path, self.reason, isRemoval) = (path, reason, false) }

  /// Creates an error from a number of the system's.
  package init(path: String, code: Int32 = errno) {
    self.init(path: path, reason: SystemReason.of(code: code))
  }

  /// Creates an error of what could not be removed, from a number of the system's.
  package init(removing path: String, code: Int32 = errno) {
    (self.path, reason, isRemoval) = (path, SystemReason.of(code: code), true)
  }

  /// Creates an error of what could not be removed, from whatever Foundation throws.
  package init(removing path: String, _ error: any Error) {
    (self.path, reason, isRemoval) = (path, SystemReason.of(error), true)
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
    isRemoval
      ? "\(path): can't be removed: \(reason). Let the folder be written to, or remove it yourself."
      : "\(path): can't be written: \(reason). Make room, or let the folder be written to."
  }

  /// The same.
  package var errorDescription: String? { description }
}
