import Architectures
import Datasets
import Experiments
import Testing
import Training

/// What a training on the corners said.
struct CornersTrace {
  var losses: [Float] = []
  var rates: [Double] = []
  var evaluations: [Evaluation] = []
  var result: TrialResult?
  var stoppedAt: Int?

  init(
    of trial: Trial, dataset: Dataset = corners, from checkpoint: Checkpoint? = nil, stopAfter: Int? = nil,
    save: ((Checkpoint) -> Void)? = nil
  ) throws {
    var heard: [TrialEvent] = []
    var asked = 0
    let hooks = TrainingHooks(
      emit: { heard.append($0) },
      shouldStop: {
        defer { asked += 1 }
        return asked == stopAfter
      },
      save: save)
    switch try Trainer(dataset: dataset).train(trial, from: checkpoint, hooks: hooks) {
    case .finished(let result, _): self.result = result
    case .stopped(let iteration): stoppedAt = iteration
    }
    for event in heard {
      switch event {
      case .batchLosses(let first, let losses):
        #expect(first == (checkpoint?.iteration ?? 0) + self.losses.count + 1)
        self.losses += losses
      case .learningRates(let first, let rates):
        #expect(first == (checkpoint?.iteration ?? 0) + self.rates.count + 1)
        self.rates += rates
      case .evaluation(let evaluation): evaluations.append(evaluation)
      }
    }
  }
}

/// Three classes of 2 × 2 images, told apart by which pixel is bright.
let corners: Dataset = {
  func set(_ count: Int) -> ExampleSet {
    let labels = (0..<count).map { UInt8($0 % 3) }
    let bytes = labels.enumerated().flatMap { index, label in
      (0..<4).map { pixel in UInt8(pixel == Int(label) ? 200 + index % 50 : (index * 7 + pixel * 13) % 60) }
    }
    return ExampleSet(shape: Shape(1, 2, 2), bytes: bytes, labels: labels)
  }
  return Dataset(name: "corners", classes: ["a", "b", "c"], train: set(90), test: set(30))
}()

/// A trial of a small network on the corners.
func cornersTrial(
  iterations: Int? = nil, length: TrainingLength? = nil, evaluateEvery: Int? = nil, seed: UInt64 = 1,
  learningRate: Double = 0.5, hidden: Int = 8, dropout: Bool = false, draws: EvaluationDraws = .none
) -> Trial {
  let layers =
    [Layer(Flatten()), Layer(Linear(outFeatures: hidden)), Layer(Activation.relu)]
    + (dropout ? [Layer(Dropout(probability: 0.3))] : []) + [Layer(Linear(outFeatures: 3))]
  let configuration = Configuration(
    dataset: DatasetSelection(name: "corners"), architecture: Architecture(input: Shape(1, 2, 2), layers: layers),
    optimizer: .sgd(.init(learningRate: learningRate, momentum: 0.5)),
    training: TrainingSettings(
      batchSize: 20, length: length ?? .iterations(iterations ?? 1), evaluateEvery: evaluateEvery,
      evaluationDraws: draws))
  return Trial(
    configuration: StudyConfiguration(
      label: "A", settings: [], resolved: configuration, dataset: corners.description), seed: seed)
}
