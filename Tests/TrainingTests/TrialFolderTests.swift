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
}
