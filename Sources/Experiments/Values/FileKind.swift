import Foundation

/// What lies at a path, before it is opened: a pipe, a device or a socket would be waited for, or read for ever.
package enum FileKind: Hashable, Sendable {
  /// A file of a size.
  case file
  /// A pipe, such as a shell makes of `<(command)`.
  case pipe
  /// Anything else, with the words for it.
  case other(String)

  /// Looks at a path, and where it leads; `nil` where nothing can be seen there.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFIFO: self = .pipe
    case S_IFDIR: self = .other("a directory")
    case S_IFSOCK: self = .other("a socket")
    default: self = .other("a device")
    }
  }

  /// What a message calls it, where it is not a file.
  package var complaint: String? {
    switch self {
    case .file: nil
    case .pipe: "it is a pipe; expected a file"
    case .other(let words): "it is \(words); expected a file"
    }
  }
}
