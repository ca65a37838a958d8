import Architectures
import Presentation

/// A grid file that was read as JSON; what it says is checked when it becomes a ``Study``.
package struct Grid: Sendable {
  /// How messages call the file.
  package let file: String
  /// The file's text.
  package let text: String
  let root: JSONNode
  let duplicates: [JSONReader.DuplicateKey]

  /// Reads a grid's text.
  ///
  /// - Parameters:
  ///   - text: the file's bytes; they must be UTF-8.
  ///   - file: how messages call the file.
  /// - Throws: the one syntax error that keeps the text from being JSON.
  package static func read(bytes: [UInt8], file: String) throws(GridErrors) -> Grid {
    var reader = JSONReader(bytes)
    do {
      let root = try reader.read()
      return Grid(
        file: file, text: String(decoding: bytes, as: UTF8.self), root: root, duplicates: reader.duplicates)
    } catch {
      let log = ErrorLog(file: file, root: nil)
      log.record(error.position, error.message, kind: .syntax)
      try log.check()
      preconditionFailure("an error was reported")
    }
  }
}
