import Testing

@testable import Experiments

/// `training.early_stopping`, `training.ema_decay` and what `dataset.mix` asks of a loss, in a grid.
@Suite struct EarlyStoppingTests {
  private static let validated = #"{"name": "mnist", "validation": 1000}"#

  private func text(_ training: String, _ members: [String: String] = [:]) -> String {
    let all = ["training": "{\"batch_size\": 100, \"epochs\": 5, \(training)}", "dataset": Self.validated]
    return grid(all.merging(members) { $1 })
  }

  @Test func defaultsAreWrittenOut() throws {
    let found = try study(text(#""early_stopping": {"patience": 2}, "ema_decay": 0.99"#)).configurations[0].resolved
    #expect(found.training.earlyStopping == EarlyStopping(patience: 2) && found.training.averageDecay == 0.99)
    #expect(
      found.canonicalJSON.contains(
        #""ema_decay":0.99,"early_stopping":{"min_delta":0,"monitor":"validation_loss","patience":2,"#
          + #""restore_best_weights":true}"#))
  }

  /// Studies made before keep their trials.
  @Test(arguments: [#""early_stopping": null"#, #""ema_decay": null"#])
  func whatDoesNothingIsNoPartOfTheKey(training: String) throws {
    let plain = try study(text(#""evaluate_every": null"#)).configurations[0].resolved
    #expect(try study(text(training)).configurations[0].resolved.hash == plain.hash)
    for word in ["early_stopping", "ema_decay"] { #expect(!plain.canonicalJSON.contains(word)) }
  }

  @Test(arguments: [
    #""early_stopping": {}"#, #""early_stopping": {"monitor": "validation_accuracy", "min_delta": 0.01}"#,
    #""early_stopping": {"restore_best_weights": false}"#, #""ema_decay": 0.5"#, #""ema_decay": 0"#,
  ])
  func whatDoesSomethingHasAKeyAndIsReadBack(training: String) throws {
    let plain = try study(text(#""evaluate_every": null"#)).configurations[0]
    let found = try study(text(training)).configurations[0]
    #expect(found.resolved.hash != plain.resolved.hash)
    #expect(try StudyConfiguration(storedJSON: found.storedJSON) == found)
  }

  @Test func aPlanSaysThatStepsAreAtMost() throws {
    let plans = try [#""early_stopping": {}"#, #""ema_decay": 0.5"#].map { StudyPlan(try study(text($0))).text() }
    #expect(plans[0].contains("1 trial, at most 2,950 iterations") && plans[1].contains("1 trial, 2,950 iterations"))
  }

  @Test(arguments: [
    (#""early_stopping": {"patience": 0}"#, "early_stopping.patience is 0; expected a whole number from 1 to 1000000"),
    (
      #""early_stopping": {"monitor": "test_loss"}"#,
      "early_stopping.monitor is \"test_loss\"; expected one of validation_loss, validation_accuracy"
    ),
    (
      #""early_stopping": {"paticence": 3}"#,
      "early_stopping.paticence is not a known key; early_stopping has monitor, patience, min_delta and "
        + "restore_best_weights. Did you mean \"patience\"?"
    ),
    (
      #""early_stopping": true"#,
      "early_stopping is true; expected an object with monitor, patience, min_delta and restore_best_weights, or null"
    ),
    (#""ema_decay": 1"#, "ema_decay is 1; expected a number from 0 to below 1, or null"),
  ])
  func aMistakeIsSaid(training: String, message: String) {
    let found = errors(text(training))
    #expect(found.count == 1)
    let said = found.first.map { $0.split(separator: "training.", maxSplits: 1).last.map(String.init) ?? $0 }
    #expect(said == message)
  }

  private static let autoencoder = """
    {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 784}, {"type": "unflatten", "unflattened_size": [1, 28, 28]}]}
    """

  @Test func whatDoesNotGoTogetherIsSaid() {
    #expect(
      errors(text(#""early_stopping": {}"#, ["dataset": #"{"name": "mnist"}"#])) == [
        "grid.json:6:15: sample: training.early_stopping follows the validation examples, and there are none; set "
          + "dataset.validation to how many of the training examples are kept for it"
      ])
    #expect(
      errors(
        text(
          #""early_stopping": {"monitor": "validation_accuracy"}"#,
          ["model": Self.autoencoder, "loss": #""mse""#])) == [
          "grid.json:7:15: sample: training.early_stopping.monitor is validation_accuracy, which a network that reconstructs "
            + "its input does not have; watch validation_loss"
        ])
    let mixed = #"{"name": "mnist", "mix": {"name": "mixup"}}"#
    #expect(
      errors(grid(["dataset": mixed, "loss": #""nll""#])) == [
        "grid.json:3:14: sample: dataset.mix is mixup, which mixes classes: loss \"nll\" compares with one class; take "
          + "cross_entropy, with logits"
      ])
    #expect(
      errors(grid(["dataset": mixed, "model": Self.autoencoder, "loss": #""mse""#])) == [
        "grid.json:3:14: sample: dataset.mix is mixup, which mixes classes: the network reconstructs its input, and has no "
          + "classes to mix; leave dataset.mix out"
      ])
  }
}
