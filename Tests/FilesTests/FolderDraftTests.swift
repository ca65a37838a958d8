import Foundation
import Testing

@testable import Files

@Suite struct FolderDraftTests {
  /// The number of a process that has ended.
  private func deadProcess() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  private func make(_ folder: URL, holding text: String) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: folder.appending(path: "text"))
  }

  private func text(_ folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: "text"), encoding: .utf8)
  }

  /// A draft's folder as a process that has ended would have named it.
  private func leftover(of place: URL, suffix: String = "") throws -> URL {
    let own = FolderDraft(for: place).folder.lastPathComponent
    let name = own.replacing("-\(ProcessInfo.processInfo.processIdentifier).", with: "-\(try deadProcess()).")
    return place.deletingLastPathComponent().appending(path: name + suffix, directoryHint: .isDirectory)
  }

  @Test func draftsOfDeadProcessesAreRemovedAndThoseOfOthersAreNot() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "study", directoryHint: .isDirectory)
      let (dead, alive) = (try leftover(of: place), FolderDraft(for: place))
      try make(dead, holding: "dead")
      try make(alive.folder, holding: "alive")
      let notes = ["study.md", "study.notes.2026", "other"].map { folder.appending(path: ".\($0)") }
      for note in notes { try make(note, holding: "note") }
      _ = FolderDraft(for: place)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      #expect(Set(names) == Set(notes.map(\.lastPathComponent) + [alive.folder.lastPathComponent]))
    }
  }

  @Test(arguments: [true, false]) func whatWasThereIsExchanged(isInOneStep: Bool) throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "study", directoryHint: .isDirectory)
      try make(place, holding: "old")
      let draft = FolderDraft(for: place)
      try make(draft.folder, holding: "new")
      try isInOneStep ? draft.takePlace(keeping: "trials") : draft.takePlaceByTwoMoves()
      #expect(try text(place) == "new")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["study"])
    }
  }

  /// Without an exchange there is a moment at which nothing has the place.
  @Test func aFolderThatWasMovedAwayComesBack() throws {
    try inTemporaryFolder { folder in
      let place = folder.appending(path: "study", directoryHint: .isDirectory)
      try make(leftover(of: place, suffix: ".old"), holding: "old")
      try make(leftover(of: place), holding: "draft")
      _ = FolderDraft(for: place)
      #expect(try text(place) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["study"])
    }
  }
}
