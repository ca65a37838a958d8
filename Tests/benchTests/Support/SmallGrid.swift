import Experiments
import Presentation

/// A grid on the digits that the program draws; a trial of it takes a fraction of a second.
struct SmallGrid {
  var name = "small"
  var rates = [0.1, 0.05]
  var seeds = [0, 1, 2]
  var iterations = 60
  var train = 300

  /// The grid file.
  var text: String {
    JSONValue.object([
      .init("name", .string(name)),
      .init("dataset", ["name": "digits", "train": .integer(train), "test": 100]),
      .init("model", ["family": "mlp", "hidden": [8]]),
      .init("optimizer", ["name": "sgd", "lr": .double(0.01)]),
      .init("training", ["batch_size": 20, "iterations": .integer(iterations), "evaluate_every": 50]),
      .init("seeds", .array(seeds.map { .integer($0) })),
      .init("axes", .object([.init("optimizer.lr", .array(rates.map { .double($0) }))])),
    ]).prettyText
  }

  /// Trials in all.
  var trials: Int { rates.count * seeds.count }

  /// Of two variants one never comes to its end, so that it fails where there is a `--timeout`.
  static let withAnEndlessVariant = """
    {
      "name": "one-fails",
      "dataset": {"name": "digits", "train": 300, "test": 100},
      "model": {"family": "mlp", "hidden": [8]},
      "optimizer": {"name": "sgd", "lr": 0.1},
      "training": {"batch_size": 20, "iterations": 30, "evaluate_every": 1000000},
      "seeds": [0, 1],
      "variants": {"endless": {"training.iterations": 1000000000}, "short": {}}
    }
    """
}
