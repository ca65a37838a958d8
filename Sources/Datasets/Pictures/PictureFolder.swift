import Experiments
import Files
import Foundation

/// A folder with a folder of pictures for each class, listed as torchvision.datasets.ImageFolder lists it.
struct PictureFolder {
  let path: String
  /// The names of the folders in it, sorted.
  let classes: [String]
  /// The picture files of all classes, one class after the other.
  let files: [File]

  /// A picture file.
  struct File {
    let path: String
    let label: UInt8
  }

  /// Endings of the files that torchvision takes for pictures, in any case.
  private static let endings = [".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"]
  /// A link to a folder above would go on for ever.
  private static let maximumDepth = 32

  /// Lists the folder.
  init(path: String) throws(DatasetError) {
    self.path = path
    let entries = try Self.entries(of: path)
    classes = entries.filter(\.isFolder).map(\.name).sorted(by: Self.precedes)
    guard (1...DatasetSelection.maximumClasses).contains(classes.count) else {
      throw .badFolder(
        path: path, found: classes.isEmpty ? "no folders" : "\(classes.count) folders",
        expected: "1 to \(DatasetSelection.maximumClasses), one for each class, with its pictures")
    }
    var files: [File] = []
    for (label, name) in classes.enumerated() {
      let folder = "\(path)/\(name)"
      let pictures = try Self.pictures(in: folder)
      guard !pictures.isEmpty else {
        throw .badFolder(path: folder, found: "no pictures", expected: "files that end in .png, .jpg or .jpeg")
      }
      files += pictures.map { File(path: $0, label: UInt8(label)) }
    }
    self.files = files
  }

  /// The pictures of a folder and of all folders below, by the paths of the folders, then by the files' names.
  private static func pictures(in folder: String) throws(DatasetError) -> [String] {
    try contents(of: folder, depth: 0).sorted { precedes($0.folder, $1.folder) }.flatMap { folder, names in
      names.sorted(by: precedes).map { "\(folder)/\($0)" }
    }
  }

  /// The names of the pictures in a folder, and in each folder below.
  private static func contents(
    of folder: String, depth: Int
  ) throws(DatasetError) -> [(folder: String, pictures: [String])] {
    guard depth < maximumDepth else {
      throw .badFolder(
        path: folder, found: "\(depth) folders above it", expected: "fewer; is it a link to one of them?")
    }
    let entries = try entries(of: folder)
    let pictures = entries.filter { entry in
      !entry.isFolder && endings.contains { entry.name.lowercased().hasSuffix($0) }
    }
    var found = [(folder: folder, pictures: pictures.map(\.name))]
    for entry in entries where entry.isFolder {
      found += try contents(of: "\(folder)/\(entry.name)", depth: depth + 1)
    }
    return found
  }

  private static func entries(of folder: String) throws(DatasetError) -> [(name: String, isFolder: Bool)] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).map { name in
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
        return (name, exists && isFolder.boolValue)
      }
    } catch {
      throw .unreadable(path: folder, reason: SystemReason.of(error))
    }
  }

  /// Python's order of texts: by code points, which is that of their bytes in UTF-8.
  private static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}
