import Foundation
import Testing
import Training

@Suite struct TrialFolderTests {
  /// Two trials may end with the same weights at the same moment, and weights are named by their digest.
  @Test func manyMayKeepTheSameFileAtOnce() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = TrialFolder(path: path, suffix: ".safetensors")
    let data = Data(repeating: 7, count: 100_000)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<64 { group.addTask { try folder.save(data, key: "same") } }
      try await group.waitForAll()
    }
    #expect(try folder.load(key: "same") == data)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["same.safetensors"])
  }

  /// The number of a killed process is given to a later one, which may live for weeks.
  @Test func draftsAreSweptByAgeWhateverProcessHasTheirNumber() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = TrialFolder(path: path, suffix: ".safetensors")
    try folder.save(Data([1]), key: "kept")
    let ages = ["old": 90_000.0, "young": 80_000]
    for (name, age) in ages {
      let draft = path + "/.\(name).safetensors.\(UUID().uuidString).\(ProcessInfo.processInfo.processIdentifier)"
      try Data([2]).write(to: URL(filePath: draft))
      try FileManager.default.setAttributes([.modificationDate: Date.now.addingTimeInterval(-age)], ofItemAtPath: draft)
    }
    folder.sweep()
    let left = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(left.count == 2 && left[0].hasPrefix(".young.") && left[1] == "kept.safetensors", "\(left)")
  }
}
