import Datasets
import Experiments
import Foundation
import Presentation

/// A grid file before it is expanded, and where its data would come from.
package struct GridSource: Sendable {
  /// The grid file as it was named.
  package let path: String
  /// The folder of the grid file, from which paths in it count.
  package let folder: URL
  /// Where data sets are found.
  package let library: DatasetLibrary
  private let grid: Grid
  private let overrides: [GridOverride]

  /// Reads a grid file and the overrides.
  ///
  /// - Parameters:
  ///   - path: the grid file.
  ///   - overrides: settings that replace the grid's, each `PATH=VALUE`.
  ///   - data: the folder of the known data sets.
  ///   - folder: where paths in the grid count from, if that is not the file's own folder.
  /// - Throws: ``UsageError`` where the file can't be read or an override is not of that form, and `GridErrors`.
  package init(path: String, overrides: [String] = [], data: DataRoot, folder: URL? = nil) throws {
    let file = URL(filePath: path)
    self.path = path
    // A pipe lies nowhere.
    self.folder =
      folder
      ?? (FileKind(path: path) == .pipe
        ? URL(filePath: FileManager.default.currentDirectoryPath) : file.deletingLastPathComponent())
    library = DatasetLibrary(root: data, relativeTo: self.folder.path)
    self.overrides = try overrides.map { text in
      guard let override = GridOverride(text) else { throw UsageError("--set \(text): expected PATH=VALUE") }
      return override
    }
    grid = try Grid.read(
      bytes: try readFile(file, pipeLimit: JSONReader.maximumBytes), file: path,
      folder: FileKind(path: path) == .pipe ? "" : (path as NSString).deletingLastPathComponent
    ) { try readFile(URL(filePath: $0)) }
  }

  /// The path of ``folder`` from the root.
  var absoluteFolder: String { folder.standardizedFileURL.absoluteURL.path }

  /// Checks and expands the grid; the data itself is not read.
  package func study() throws -> Study {
    try grid.study(overrides: overrides) { [library] in try library.describe($0) }
  }
}
