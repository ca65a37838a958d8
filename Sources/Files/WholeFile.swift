import Foundation
import Glibc

/// Writes files so that their place holds the old one or the new one, whole, whoever is killed and whatever breaks: a
/// draft beside the place, forced to the disk, then moved, and the move forced to the disk too.
package enum WholeFile {
  /// Writes a file in place of an earlier one, whose permissions it takes.
  ///
  /// A symbolic link stays, and what it points at is written. What is not a regular file, such as `/dev/stdout` or a pipe, is
  /// written as it is.
  /// - Parameter sweeps: whether drafts that dead processes left of the file are removed first, for which its folder is
  ///   listed.
  /// - Parameter stem: what the draft is called; `nil` is as the file. For a folder whose readers take a draft for a file
  ///   when its name has the file's in it.
  /// - Throws: ``FileError``.
  package static func write(
    _ data: Data, to place: URL, sweeps: Bool = true, stem: String? = nil
  ) throws(FileError) {
    do {
      try write(to: place, sweeps: sweeps, stem: stem) { try $0(data) }
    } catch {
      throw error as? FileError ?? FileError(path: place.relativePath, error)
    }
  }

  /// Writes a text, in place of an earlier file; makes the folders above it.
  ///
  /// - Throws: ``FileError`` where the folders or the file can't be written.
  package static func write(text: String, withFoldersTo path: String) throws(FileError) {
    let place = URL(filePath: path)
    try makeFolder(place.deletingLastPathComponent())
    try write(Data(text.utf8), to: place)
  }

  /// Writes a file piece by piece, in place of an earlier one.
  ///
  /// - Parameter body: is handed the way to write; what it throws is thrown on, and the earlier file stays.
  /// - Throws: ``FileError``, and what `body` throws.
  package static func write(
    to place: URL, sweeps: Bool = true, stem: String? = nil,
    _ body: (_ write: @escaping (Data) throws(FileError) -> Void) throws -> Void
  ) throws {
    let name = place.relativePath
    var status = stat()
    let isThere = stat(path(place), &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG || path(place).hasPrefix("/dev/") {
      let file = try OpenFile(path(place), O_WRONLY, name: name)
      try body(file.write)
      return try file.close(isForced: false)
    }
    let place = place.resolvingSymlinksInPath()
    if sweeps { Draft.sweep(of: place) }
    let draft = Draft(for: place, stem: stem)
    do {
      let file = try OpenFile(path(draft.url), O_WRONLY | O_CREAT | O_EXCL, name: name)
      if isThere { try file.takeMode(status.st_mode & 0o7777) }
      try body(file.write)
      try file.close(isForced: true)
      try rename(draft.url, to: place, name: name)
    } catch {
      draft.remove()
      throw error
    }
  }

  /// Copies a file, a megabyte at a time, in place of an earlier one.
  ///
  /// - Throws: ``FileError``.
  package static func copy(_ made: URL, to place: URL) throws {
    let source = open(path(made), O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw FileError(path: made.relativePath) }
    defer { close(source) }
    try write(to: place) { write in
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        let count = read(source, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw FileError(path: made.relativePath) }
        if count == 0 { return }
        try write(Data(buffer.prefix(count)))
      }
    }
  }

  /// Moves a file or folder that was made on the same disk to its place: all of its contents are forced to the disk
  /// before, the move after.
  ///
  /// A file in the place is replaced, a folder only where it is empty.
  /// - Throws: ``FileError``.
  package static func move(_ made: URL, to place: URL) throws(FileError) {
    try synchronizeTree(made)
    try rename(made, to: place, name: place.relativePath)
  }

  /// Makes a folder where there is none, and those above it, and forces their names to the disk.
  ///
  /// - Throws: ``FileError``.
  package static func makeFolder(_ folder: URL) throws(FileError) {
    if isFolder(folder) { return }
    let above = folder.absoluteURL.deletingLastPathComponent()
    if path(above).count < path(folder).count { try makeFolder(above) }
    guard mkdir(path(folder), 0o777) == 0 else {
      guard errno == EEXIST else { throw FileError(path: folder.relativePath) }
      // Another process may have made it; what is not a folder is in the way.
      if isFolder(folder) { return }
      throw FileError(path: folder.relativePath, code: ENOTDIR)
    }
    try synchronize(above)
  }

  /// Forces a folder and all that lies in it to the disk.
  ///
  /// - Throws: ``FileError``.
  package static func synchronizeTree(_ top: URL) throws(FileError) {
    var status = stat()
    guard lstat(path(top), &status) == 0 else { throw FileError(path: top.relativePath) }
    if status.st_mode & S_IFMT == S_IFLNK { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      let names: [String]
      do { names = try FileManager.default.contentsOfDirectory(atPath: path(top)) } catch {
        throw FileError(path: top.relativePath, error)
      }
      for name in names.sorted() { try synchronizeTree(top.appending(path: name)) }
    }
    try synchronize(top)
  }

  /// Forces a file, or the names in a folder, to the disk; a file system that has no way to is taken as it is.
  ///
  /// - Throws: ``FileError``.
  package static func synchronize(_ place: URL) throws(FileError) {
    let descriptor = open(path(place), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: place.relativePath) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { throw FileError(path: place.relativePath) }
  }

  private static func rename(_ made: URL, to place: URL, name: String) throws(FileError) {
    guard Glibc.rename(path(made), path(place)) == 0 else { throw FileError(path: name) }
    do { try synchronize(place.absoluteURL.deletingLastPathComponent()) } catch {
      throw FileError(path: name, reason: error.reason)
    }
  }

  private static func isFolder(_ place: URL) -> Bool {
    var status = stat()
    return stat(path(place), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func path(_ url: URL) -> String { url.absoluteURL.path(percentEncoded: false) }
}

/// A file that is being written.
private final class OpenFile {
  private let descriptor: Int32
  /// What errors call it.
  private let name: String

  init(_ path: String, _ flags: Int32, name: String) throws(FileError) {
    descriptor = open(path, flags | O_CLOEXEC, 0o666)
    self.name = name
    guard descriptor >= 0 else { throw FileError(path: name) }
  }

  deinit { Glibc.close(descriptor) }

  func takeMode(_ mode: mode_t) throws(FileError) {
    if fchmod(descriptor, mode) != 0 { throw FileError(path: name) }
  }

  func write(_ data: Data) throws(FileError) {
    var written = 0
    while written < data.count {
      let count = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, data.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path: name) }
      written += count
    }
  }

  /// Forces what was written to the disk, where that is asked for.
  func close(isForced: Bool) throws(FileError) {
    if isForced, fsync(descriptor) != 0, errno != EINVAL { throw FileError(path: name) }
  }
}
