import Testing

@testable import Experiments

/// `dataset.drop_last`: an epoch without its smaller last batch.
@Suite struct DropLastTests {
  private func study(_ dataset: String, batch: Int = 1_000, length: String = "\"epochs\": 3") throws -> Study {
    try ExperimentsTests.study(
      grid([
        "dataset": "{\"name\": \"mnist\", \"train\": 4100\(dataset)}",
        "training": "{\"batch_size\": \(batch), \(length)}",
      ]))
  }

  @Test func anEpochHasWholeBatchesOnly() throws {
    let (kept, dropped) = try (study(""), study(", \"drop_last\": true"))
    #expect(kept.trials[0].iterations == 15 && dropped.trials[0].iterations == 12)
    let training = dropped.configurations[0].resolved.training
    #expect(training.iterationsPerEpoch(examples: 4_100) == 4 && training.examplesPerEpoch(of: 4_100) == 4_000)
    #expect(training.smallestBatch(examples: 4_100) == 1_000)
    #expect(kept.configurations[0].resolved.training.smallestBatch(examples: 4_100) == 100)
  }

  /// Studies made before keep their trials.
  @Test func onlyWhereItIsSetIsItPartOfTheKey() throws {
    let (plain, kept) = try (study(""), study(", \"drop_last\": false"))
    #expect(plain.configurations[0].resolved.hash == kept.configurations[0].resolved.hash)
    #expect(!plain.configurations[0].resolved.canonicalJSON.contains("drop_last"))
    let dropped = try study(", \"drop_last\": true").configurations[0]
    #expect(dropped.resolved.hash != plain.configurations[0].resolved.hash)
    #expect(try StudyConfiguration(storedJSON: dropped.storedJSON) == dropped)
  }

  @Test func anAxisOfItHasTwoConfigurations() throws {
    let found = try ExperimentsTests.study(
      grid(["training": #"{"batch_size": 7, "epochs": 1}"#, "axes": #"{"dataset.drop_last": [true, false]}"#]))
    #expect(found.configurations.map(\.label) == ["drop_last true", "drop_last false"])
  }

  @Test func oneBatchAtLeastIsLeft() {
    let found = errors(
      grid([
        "dataset": #"{"name": "mnist", "train": 50, "drop_last": true}"#,
        "training": #"{"batch_size": 51, "epochs": 1}"#,
      ]))
    #expect(
      found == [
        "grid.json:3:14: sample: dataset.drop_last is true, and the only batch is dropped: 50 examples at batch_size 51; "
          + "take batch_size 50 or less, or leave drop_last out"
      ])
  }
}
