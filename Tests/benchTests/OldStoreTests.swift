import Experiments
import Foundation
import GRDB
import Presentation
import StudySupport
import Testing

/// Stores of older programs in the hands of today's: each of the schemas' fixtures is reported and trained to its end.
@Suite struct OldStoreTests {
  static let fixtures = Program.package.appending(path: "Tests/TrackingTests/Fixtures")
  static let schemas: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []
    return names.filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
  }()

  @Test func thereAreFixtures() { #expect(Self.schemas.contains("schema-v1")) }

  @Test(arguments: schemas)
  func aStoreOfAnOlderProgramIsReportedAndGoesOn(schema: String) async throws {
    try await Program.inTemporaryFolder { program in
      let text = { (suffix: String) in
        try String(contentsOf: Self.fixtures.appending(path: schema + suffix), encoding: .utf8)
      }
      try program.write(text(".json"), to: "g.json")
      try FileManager.default.createDirectory(
        at: program.folder.appending(path: ".bench"), withIntermediateDirectories: true)
      try program.meddle(text(".sql"))
      let old = try program.query { database in
        try Int.fetchOne(database, sql: "SELECT max(numerics) FROM trial") ?? 0
      }
      // Commands that only look read it as it is, and change no byte of it.
      let bytes = try Data(contentsOf: URL(filePath: program.storePath))
      for command in [
        ["list"], ["status"], ["plan", "g.json", "--no-timing"], ["report", "old", "--format", "json"],
        ["compare", "good", "old"], ["baseline", "list"],
      ] {
        let outcome = try await program.run(command)
        // Whatever the comparison says: it could be made.
        #expect(outcome.code != 1, "\(command): \(outcome.errors)")
      }
      #expect(try Data(contentsOf: URL(filePath: program.storePath)) == bytes)
      let run = try await program.run("run", "g.json", "--no-weights")
      #expect(run.code == 0, "\(run.errors)")
      // Where the engine's numbers are those of then, what was done then counts.
      let isSame = old == NumericsVersion.current
      #expect(run.errors.contains(isSame ? "1 trial to train, 2 done and 1 diverged already" : "4 trials to train"))
      #expect(try program.attempts() == (isSame ? 4 : 7))
      #expect(try program.storeFaults().isEmpty)
      let list = try await program.run("list", "old", "--format", "json")
      var reader = JSONReader(Array(list.output.utf8))
      let trials = try #require(try reader.read().value.array)
      #expect(trials.count == 4 && trials.count { $0["state"]?.string == "done" } == 2)
      let key = try #require(trials.first?["trial"]?.string)
      for command in [
        ["report", "old", "--format", "csv"], ["show", key], ["plan", "g.json"], ["baseline", "list"],
      ] {
        let outcome = try await program.run(command)
        #expect(outcome.code == 0 && !outcome.output.isEmpty, "\(command): \(outcome.errors)")
      }
    }
  }
}
