import Experiments
import Foundation
import GRDB
import Harness
import Reporting
import StudySupport
import Testing
import Tracking

/// Weights stand before the row that names them, and are what the row says or an error.
@Suite struct KeptWeightTests {
  @Test func aRunCountsDoneTrialsWhoseWeightsAreGone() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1]).text, to: "g.json")
      try await space.run()
      #expect(try space.start().withoutWeights == 0)
      let digest = try #require(
        try space.query { try String.fetchOne($0, sql: "SELECT weights_digest FROM attempt WHERE trial_id = 2") })
      try FileManager.default.removeItem(at: space.weightFile(digest))
      #expect(try space.start().withoutWeights == 1)
      #expect(try space.start { $0.rerunsAll = true }.withoutWeights == 0, "they are trained again")
    }
  }

  private static let grid = SmallGrid(rates: [0.1], seeds: [0, 1])

  private func trained(_ body: (Workspace, _ digests: [String: String]) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid.text, to: "g.json")
      try await space.run()
      let weights = try space.weights()
      #expect(weights.count == 2)
      try await body(space, weights.mapValues { ContentDigest.hex(of: $0) })
    }
  }

  private func weights(of key: String, in space: Workspace, store: String? = nil) throws -> Data {
    let path = store ?? space.storePath
    let record = try Store(path: path, access: .readOnly).trial(prefix: key).record
    return try StoreFolders(store: path).weights(of: record) { Issue.record("\($0)") }
  }

  private func expectWhole(_ space: Workspace, like expected: [String: String]) throws {
    #expect(try space.states() == ["done": 2])
    #expect(try space.weights().mapValues { ContentDigest.hex(of: $0) } == expected)
    for (key, digest) in expected {
      #expect(try ContentDigest.hex(of: weights(of: key, in: space)) == digest)
    }
  }

  /// A disk that lied may leave a file of the right name that was cut short.
  @Test func aFileThatWasCutShortIsReplaced() async throws {
    try await trained { _, expected in
      try await Workspace.inTemporaryFolder { space in
        try space.write(Self.grid.text, to: "g.json")
        for digest in expected.values {
          let place = space.weightFile(digest)
          try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data("cut".utf8).write(to: place)
        }
        try await space.run()
        try expectWhole(space, like: expected)
      }
    }
  }

  enum Damage: String, CaseIterable { case flipped, cut, swapped, removed }

  @Test(arguments: Damage.allCases) func damagedWeightsAreAnError(damage: Damage) async throws {
    try await trained { space, digests in
      let (key, otherKey) = (try #require(digests.keys.min()), try #require(digests.keys.max()))
      let (digest, other) = (try #require(digests[key]), try #require(digests[otherKey]))
      let file = space.weightFile(digest)
      var bytes = try Data(contentsOf: file)
      switch damage {
      case .flipped: bytes[bytes.count - 9] ^= 4
      case .cut: bytes.removeLast(100)
      case .swapped: bytes = try Data(contentsOf: space.weightFile(other))
      case .removed: break
      }
      try FileManager.default.removeItem(at: file)
      if damage != .removed { try bytes.write(to: file) }
      let expected =
        damage == .removed
        ? "are not there any more"
        : "SHA-256 is \(ContentDigest.hex(of: bytes)), the store has \(digest)"
      let store = try space.store()
      let details = try store.trial(prefix: key)
      let folder = GridFolder(nil, of: details)
      let subject = try PictureSubject(
        details, store: space.storePath, data: Workspace.data, gridFolder: folder, warn: { _ in })
      var kernels = NetworkPictures.Choice()
      kernels.kernels = true
      let uses: [() throws -> Void] = [
        { _ = try weights(of: key, in: space) }, { _ = try NetworkPictures(of: subject, kernels) },
        { try TrialReplay(details, in: store, data: Workspace.data, gridFolder: folder).checkWeights() },
      ]
      for use in uses {
        let error = try #require(throws: OperationalError.self) { try use() }
        #expect(
          error.description.contains("\(digest).safetensors: ") && error.description.contains(expected), "\(error)")
      }
      let check = HealthCheck(store: space.storePath, data: Workspace.data).results { _ in }
        .first { $0.check == "weights" }
      #expect(check?.state == .bad && check?.found.contains(expected) == true, "\(check as Any)")
      #expect(throws: Never.self) { try weights(of: otherKey, in: space) }
    }
  }

  @Test func storesInOneFolderKeepTheirWeightsApart() async throws {
    try await trained { space, digests in
      let other = space.folder.appending(path: ".bench/other.db").path
      try await space.run(store: other)
      try FileManager.default.removeItem(at: space.folder.appending(path: ".bench/weights/bench.db"))
      let key = try #require(digests.keys.first)
      #expect(throws: OperationalError.self) { try weights(of: key, in: space) }
      #expect(throws: Never.self) { try weights(of: key, in: space, store: other) }
    }
  }

  /// Earlier programs named the files by the trials' keys, in one folder for all stores.
  @Test func weightsOfOlderProgramsAreFound() async throws {
    try await trained { space, digests in
      let (key, digest) = try #require(digests.first)
      try FileManager.default.moveItem(
        at: space.weightFile(digest), to: space.folder.appending(path: ".bench/weights/\(key).safetensors"))
      try space.plant("UPDATE attempt SET weights_digest = NULL")
      let record = try space.store().trial(prefix: key).record
      let warnings = Notices()
      let file = try StoreFolders(store: space.storePath).weights(of: record, warn: warnings.append)
      #expect(ContentDigest.hex(of: file) == digest)
      #expect(warnings.all.count == 1 && warnings.all[0].contains("an older program kept its weights"))
    }
  }
}
