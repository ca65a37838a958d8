import Files
import Foundation
import Testing

@Suite struct WholeFileTests {
  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func mode(_ place: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: place.path)[.posixPermissions] as? Int
  }

  @Test func anEarlierFileIsReplacedAndKeepsItsPermissions() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "a b")
      try WholeFile.write(Data("old".utf8), to: place)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: place.path)
      try WholeFile.write(Data("new".utf8), to: place)
      #expect(try String(contentsOf: place, encoding: .utf8) == "new")
      #expect(try mode(place) == 0o640)
      #expect(try names(folder) == ["a b"])
    }
  }

  @Test func whatIsNotFinishedLeavesTheEarlierFileAndNoDraft() throws {
    struct Stop: Error {}
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "place")
      try WholeFile.write(Data("old".utf8), to: place)
      #expect(throws: Stop.self) {
        try WholeFile.write(to: place) { write in
          try write(Data("half".utf8))
          throw Stop()
        }
      }
      #expect(try String(contentsOf: place, encoding: .utf8) == "old")
      #expect(try names(folder) == ["place"])
    }
  }

  @Test func aLinkStaysAndWhatItPointsAtIsWritten() throws {
    try inTemporaryFolder { folder in
      let (place, link) = (folder.appending(path: "place"), folder.appending(path: "link"))
      try WholeFile.write(Data("old".utf8), to: place)
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "place")
      try WholeFile.write(Data("new".utf8), to: link)
      #expect(try String(contentsOf: place, encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "place")
    }
  }

  @Test func aDeviceIsWrittenAsItIs() throws {
    try WholeFile.write(Data("gone".utf8), to: URL(filePath: "/dev/null"))
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    #expect(throws: FileError.self) { try WholeFile.write(Data("full".utf8), to: URL(filePath: "/dev/full")) }
  }

  @Test func aNameMayBeAsLongAsNamesAre() throws {
    try inTemporaryFolder { folder in
      let name = String(repeating: "é", count: 127)
      try WholeFile.write(Data("long".utf8), to: folder.appending(path: name))
      #expect(try names(folder) == [name])
    }
  }

  @Test func anErrorSaysWhereAndWhatTheSystemSays() throws {
    try inTemporaryFolder { folder in
      let file = folder.appending(path: "file")
      try WholeFile.write(Data(), to: file)
      let inside = file.appending(path: "inside")
      let error = #expect(throws: FileError.self) { try WholeFile.makeFolder(inside) }
      #expect(error?.path == file.path && error?.reason == "Not a directory")
      let missing = folder.appending(path: "missing/file")
      let other = #expect(throws: FileError.self) { try WholeFile.write(Data(), to: missing) }
      #expect(other?.path == missing.path && other?.reason == "No such file or directory")
    }
  }

  @Test func foldersAreMadeOneInTheOther() throws {
    try inTemporaryFolder { folder in
      let inner = folder.appending(path: "a/b/c")
      try WholeFile.makeFolder(inner)
      try WholeFile.makeFolder(inner)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == ["a", "a/b", "a/b/c"])
    }
  }

  /// A draft of a process that has ended is removed by whoever writes the same place; others' are not touched.
  @Test func draftsOfDeadProcessesAreRemoved() throws {
    try inTemporaryFolder { folder in
      let process = Process()
      process.executableURL = URL(filePath: "/bin/true")
      try process.run()
      process.waitUntilExit()
      func leave(_ place: String, isDead: Bool) throws -> URL {
        let own = Draft(for: folder.appending(path: place)).url
        let name = own.lastPathComponent.replacing(
          "-\(ProcessInfo.processInfo.processIdentifier).",
          with: isDead ? "-\(process.processIdentifier)." : "-\(ProcessInfo.processInfo.processIdentifier).")
        let url = folder.appending(path: name)
        try Data("draft".utf8).write(to: url)
        return url
      }
      let alive = try leave("place", isDead: false)
      let other = try leave("other", isDead: true)
      _ = try leave("place", isDead: true)
      try Data().write(to: folder.appending(path: ".place.txt.notes"))
      try WholeFile.write(Data(), to: folder.appending(path: "place"))
      #expect(
        try Set(names(folder)) == [alive.lastPathComponent, other.lastPathComponent, "place", ".place.txt.notes"])
      // Where a whole folder is the program's own, all of them go; so do those that no process can be at work on.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -90_000)], ofItemAtPath: alive.path)
      Draft.sweep(folder)
      #expect(try Set(names(folder)) == ["place", ".place.txt.notes"])
    }
  }
}

/// Gives `body` an empty folder that is removed afterwards.
func inTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory.appending(path: "bench-files-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
