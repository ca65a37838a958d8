import Architectures
import Presentation

/// A grid file that was read as JSON; what it says is checked when it becomes a ``Study``.
package struct Grid: Sendable {
  /// How messages call the file, then the files that it extends.
  let files: [String]
  /// The file's text, comments included; where it extends others, a text that says by itself what all say together.
  package let text: String
  let root: JSONNode
  let duplicates: [JSONReader.DuplicateKey]

  /// Reads a grid's text: JSON, in which comments and a comma after the last value are allowed.
  ///
  /// - Parameters:
  ///   - bytes: the file's bytes; they must be UTF-8.
  ///   - file: how messages call the file.
  ///   - folder: the folder from which `extends` counts; empty is the working folder.
  ///   - load: reads a file that the grid extends.
  /// - Throws: the one syntax error that keeps a text from being JSON, or what is wrong with `extends`.
  package static func read(
    bytes: [UInt8], file: String, folder: String = "",
    load: (String) throws -> [UInt8] = { _ in throw GridBaseError() }
  ) throws(GridErrors) -> Grid {
    let read = try GridBases(bytes: bytes, file: file, folder: folder, load: load)
    var text = String(decoding: bytes, as: UTF8.self)
    if read.files.count > 1, case .object(let members) = read.root.value {
      text = JSONValue.object(members.filter { $0.key != "extends" }).prettyText + "\n"
    }
    return Grid(files: read.files, text: text, root: read.root, duplicates: read.duplicates)
  }
}

/// A grid that extends another was read where there are no files.
package struct GridBaseError: Error, CustomStringConvertible {
  /// Creates the error.
  package init() {}

  /// What is wrong.
  package var description: String { "no other file can be read from here" }
}
