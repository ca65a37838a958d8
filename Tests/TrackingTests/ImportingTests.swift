import Experiments
import GRDB
import Testing

@testable import Tracking

/// Curves of another program in a store.
@Suite final class ImportingTests: RegisteredStore {
  private let environment = Sample.environment

  private func configuration(_ label: String, seeds: [UInt64] = [0, 1], loss: Double = 1) -> ImportedConfiguration {
    ImportedConfiguration(
      configuration: RecordedConfiguration(
        importedAs: label, settings: [Setting(path: "variant", value: label)], iterationsPerEpoch: nil),
      trials: seeds.map { seed in
        ImportedTrial(
          seed: seed, losses: [LossPoint(iteration: 3, loss: loss + Double(seed)), LossPoint(iteration: 7, loss: 0.1)],
          evaluations: [
            Evaluation(
              iteration: 7, epoch: .nan, trainLoss: .nan, validation: nil, test: Score(loss: 0.3, accuracy: 0.5))
          ])
      })
  }

  private func enter(_ configurations: [ImportedConfiguration], as name: String = "theirs") throws -> (Int, Bool) {
    let entered = try store.enter(
      ImportedStudy(axes: [Axis(path: "variant", values: ["A", "B"])], configurations: configurations), named: name,
      from: ImportedFile(name: "curves.csv", digest: "0"), environment: environment,
      commandLine: ["bench", "import", "curves.csv"])
    return (entered.revision, entered.isNew)
  }

  @Test func isAStudyOfItsOwn() throws {
    #expect(try enter([configuration("A"), configuration("B")]) == (1, true))
    let record = try store.study(named: "theirs")
    #expect(record.importedFile == ImportedFile(name: "curves.csv", digest: "0"))
    #expect(record.title == "imported from curves.csv, trained elsewhere")
    #expect(record.environment == nil && record.source == nil && record.libraries.names.isEmpty)
    #expect(
      record.configurations.map(\.configuration) == [configuration("A"), configuration("B")].map(\.configuration))
    #expect(record.configurations.allSatisfy { $0.parameters == nil })
    let trial = try #require(record.configurations.first?.trials.last)
    #expect(trial.state == .done && trial.machine == nil && trial.result?.wallSeconds.isNaN == true)
    #expect(trial.evaluations.map(\.test) == [Score(loss: 0.3, accuracy: 0.5)])
    #expect(try store.losses(of: trial.key) == [LossPoint(iteration: 3, loss: 2), LossPoint(iteration: 7, loss: 0.1)])
    let details = try store.trial(prefix: trial.key)
    #expect(details.configuration.trainable == nil && details.studies.first?.importedFile?.name == "curves.csv")
    #expect(try store.origins(ofStudy: "theirs").values.allSatisfy { $0.environment == nil && $0.dataDigest.isEmpty })
    #expect(try store.proof() == Store.Proof())
    #expect(try store.integrityErrors() == [])
    let rows = try store.rows(
      "SELECT DISTINCT parameters, epoch FROM trials JOIN curves USING (trial) WHERE trials.study = 'theirs'")
    #expect(rows == [[.null, .null]])
    #expect(try store.trials(of: "theirs").allSatisfy { $0.isImported && $0.trainLoss == nil })
  }

  @Test func equalCurvesChangeNothingAndOthersMakeARevision() throws {
    _ = try enter([configuration("A")])
    let before = try store.rows("SELECT count(*) FROM attempt UNION ALL SELECT count(*) FROM run")
    #expect(try enter([configuration("A")]) == (1, false))
    #expect(try store.rows("SELECT count(*) FROM attempt UNION ALL SELECT count(*) FROM run") == before)
    #expect(try enter([configuration("A", loss: 2)]) == (2, true))
    #expect(try enter([configuration("A")]) == (3, true))
    #expect(try enter([configuration("A")], as: "another") == (1, true))
    let keys = try ["theirs", "another"].map { try store.study(named: $0).configurations[0].trials.map(\.key) }
    #expect(keys[0] == keys[1], "the trials are the same")
    #expect(try store.proof() == Store.Proof())
  }

  @Test func curvesThatWereRemovedComeBack() throws {
    _ = try enter([configuration("A"), configuration("B")])
    let keys = try store.study(named: "theirs").configurations.flatMap(\.trials).map(\.key)
    let before = try store.rows("SELECT * FROM curves ORDER BY 1, 2, 3, 4, 5")
    _ = try store.remove([.trial(keys[1]), .trial(keys[2])]) { _ in }
    #expect(try store.states(of: keys).values.count { $0 == .planned } == 2)
    let again = try store.enter(
      ImportedStudy(axes: [], configurations: [configuration("A"), configuration("B")]), named: "theirs",
      from: ImportedFile(name: "curves.csv", digest: "0"), environment: environment, commandLine: ["bench", "import"])
    #expect(again.revision == 1 && !again.isNew && again.restored == 2)
    #expect(try store.rows("SELECT * FROM curves ORDER BY 1, 2, 3, 4, 5") == before)
    #expect(try store.proof() == Store.Proof() && store.integrityErrors() == [])
  }

  /// An error in the middle, as a process that is killed there, leaves nothing.
  @Test func allOrNothing() throws {
    let before = try store.rows("SELECT count(*) FROM configuration UNION ALL SELECT count(*) FROM study")
    #expect(throws: StoreError.invalidName("B\0")) { try enter([configuration("A"), configuration("B\0")]) }
    #expect(throws: StoreError.invalidName("")) { try enter([configuration("A")], as: "") }
    #expect(try store.rows("SELECT count(*) FROM configuration UNION ALL SELECT count(*) FROM study") == before)
  }

  @Test func trainedAndImportedStudiesDoNotMix() throws {
    #expect(throws: StoreError.trainedStudy("sample")) { try enter([configuration("A")], as: "sample") }
    _ = try enter([configuration("A")])
    #expect(throws: StoreError.importedStudy("theirs")) { try Sample(name: "theirs").register(in: store) }
  }

  @Test func aLossThatIsNotFiniteDiverged() throws {
    _ = try enter([configuration("A", seeds: [0], loss: .nan)])
    let trial = try #require(try store.study(named: "theirs").configurations.first?.trials.first)
    #expect(trial.state == .diverged && trial.error == "the loss was not finite at iteration 3")
    #expect(try store.losses(of: trial.key).first?.loss.isNaN == true)
  }

  @Test(arguments: [
    "UPDATE batch_loss SET value = 0.2 WHERE iteration = 7", "UPDATE batch_loss SET iteration = 6 WHERE iteration = 7",
    "DELETE FROM batch_loss WHERE iteration = 3", "UPDATE metric SET value = 0.6 WHERE series_id = 4",
    "UPDATE named_configuration SET label = 'C' WHERE label = 'A'",
    "UPDATE revision SET grid = replace(grid, 'curves', 'others')",
    "UPDATE attempt SET wall_seconds = 1 WHERE state = 'done'",
    "UPDATE attempt SET iterations = 8 WHERE state = 'done'",
    "UPDATE trial SET seed = 5 WHERE numerics = 0 AND seed = 1",
  ])
  func editsAreFound(edit: String) throws {
    _ = try enter([configuration("A")])
    try store.write { try $0.execute(sql: edit) }
    let proof = try store.proof()
    #expect(!proof.unproven.isEmpty || !proof.changedRows.isEmpty)
  }
}
