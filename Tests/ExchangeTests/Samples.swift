import Architectures
import Experiments

/// A study of MLPs on 2 values: configurations by a learning rate, trials with a batch loss per iteration and an evaluation
/// at the end.
enum Samples {
  static func configuration(
    _ label: String, _ settings: [Setting], layers: [Layer] = [Layer(Linear(outFeatures: 2))], input: Shape = Shape(2)
  ) -> StudyConfiguration {
    StudyConfiguration(
      label: label, settings: settings,
      resolved: Configuration(
        dataset: DatasetSelection(name: "npy"), architecture: Architecture(input: input, layers: layers),
        optimizer: .sgd(.init(learningRate: 0.1)), training: TrainingSettings(batchSize: 2, length: .iterations(3))),
      dataset: DatasetDescription(
        name: "npy", shape: input, classes: ["a", "b"], trainCount: 4, validationCount: 0, testCount: 2))
  }

  static func trial(_ key: String, seed: UInt64, _ losses: [Double], state: TrialState = .done) -> TrialRecord {
    let evaluation = Evaluation(
      iteration: losses.count, epoch: 1, trainLoss: 1, validation: nil,
      test: Score(loss: losses.last ?? 0, accuracy: 0.5))
    return TrialRecord(
      key: key, seed: seed, state: state, error: nil, evaluations: losses.isEmpty ? [] : [evaluation],
      lossCurve: losses.enumerated().map { LossPoint(iteration: $0 + 1, loss: $1) }, result: nil)
  }

  static func study(_ configurations: [(StudyConfiguration, [TrialRecord])], name: String = "sample") -> StudyRecord {
    StudyRecord(
      name: name, title: "a title", revision: 2, createdAt: 50,
      axes: [Axis(path: "optimizer.lr", values: configurations.map { $0.0.settings.first?.value ?? "" })],
      configurations: configurations.enumerated().map { index, one in
        ConfigurationRecord(
          configuration: RecordedConfiguration(one.0), hash: "hash\(index)", parameters: 6, trials: one.1)
      }, environment: nil, source: nil)
  }

  /// The curves of a study whose trials took from second `begin` to second 200.
  static func curves(_ record: StudyRecord, begin: Double = 100) -> StudyCurves {
    let trials = Dictionary(uniqueKeysWithValues: record.configurations.flatMap(\.trials).map { ($0.key, $0) })
    return StudyCurves(
      of: record,
      spans: { key in
        guard let trial = trials[key], trial.state != .planned else { return [] }
        return [TrialSpan(after: 0, through: trial.lossCurve.count, begin: begin, end: 200)]
      }, losses: { trials[$0]?.lossCurve ?? [] })
  }

  /// Two learning rates, of which the second has a seed that diverged and one that was not begun.
  static var two: StudyRecord {
    study([
      (
        configuration("lr 0.1", [Setting(path: "optimizer.lr", value: "0.1")]),
        [trial("a0", seed: 0, [3, 2, 1]), trial("a1", seed: .max, [5, 4, 3])]
      ),
      (
        configuration("lr 10", [Setting(path: "optimizer.lr", value: "10")]),
        [
          trial("b0", seed: 0, [1, 1, 1]), trial("b1", seed: 1, [1, .nan], state: .diverged),
          trial("b2", seed: 2, [], state: .planned),
        ]
      ),
    ])
  }
}
