import Presentation

/// A grid on the digits that the program draws; a trial of it takes a fraction of a second.
package struct SmallGrid: Sendable {
  package var name: String
  package var rates: [Double]
  package var seeds: [Int]
  package var iterations: Int
  package var train: Int

  /// Describes a grid.
  package init(
    name: String = "small", rates: [Double] = [0.1, 0.05], seeds: [Int] = [0, 1, 2], iterations: Int = 60,
    train: Int = 300
  ) {
    (self.name, self.rates, self.seeds, self.iterations, self.train) = (name, rates, seeds, iterations, train)
  }

  /// The grid file.
  package var text: String {
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
  package var trials: Int { rates.count * seeds.count }

  /// Of two variants one never comes to its end, so that it fails where there is a `--timeout`.
  package static let withAnEndlessVariant = """
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
