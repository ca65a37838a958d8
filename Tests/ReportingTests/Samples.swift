import Architectures
import Experiments
import Foundation
import TestSupport

/// A sample study by name, so that a failing test names it.
enum Sample: String, CaseIterable, Sendable {
  case modelABC = "model-abc"
  case oneSeed = "one-seed"
  case grid, troubled, hostile, constant, reconstruction, many, single, pair, names, exploding, tuned, factorial, search

  var record: StudyRecord {
    switch self {
    case .modelABC: Samples.modelABC()
    case .oneSeed: Samples.modelABC(seeds: 1)
    case .grid: Samples.grid()
    case .troubled: Samples.troubled()
    case .hostile: Samples.hostile()
    case .constant: Samples.constant()
    case .reconstruction: Samples.reconstruction()
    case .many: Samples.many(40, seeds: 2)
    case .single: Samples.part(Samples.modelABC(), 0..<1)
    case .pair: Samples.part(Samples.modelABC(), 0..<2)
    case .names: Samples.names()
    case .exploding: Samples.exploding()
    case .tuned: Samples.withValidation(Samples.grid())
    case .factorial: Samples.factorial()
    case .search: Samples.search()
    }
  }
}

/// Studies as a store would have them, with curves that look like real ones.
enum Samples {
  /// What a sample configuration is made from.
  struct Model {
    var label: String
    var settings: [(String, String)]
    var final: Double
    var spread: Double
    var learningRate = 0.01
    var padding = Padding.same
    var isMax = true
    var parameters = 28_938
    var seconds = 12.0
  }

  /// Max or average pooling, same or valid padding: PyTorch's results with these settings.
  static func modelABC(seeds: Int = 6) -> StudyRecord {
    let models = [
      Model(
        label: "Model A", settings: [("model.pooling", "max"), ("model.padding", "same")], final: 0.9693, spread: 0.0012
      ),
      Model(
        label: "Model B", settings: [("model.pooling", "average"), ("model.padding", "same")], final: 0.9314,
        spread: 0.0029, isMax: false, seconds: 11),
      Model(
        label: "Model C", settings: [("model.pooling", "max"), ("model.padding", "valid")], final: 0.9665,
        spread: 0.0020, padding: .explicit(Extent(0)), parameters: 18_378, seconds: 7.5),
    ]
    return study(
      name: "model-abc", title: "Max or average pooling, same or valid padding",
      axes: [Axis(path: "variant", values: models.map(\.label))], models: models, seeds: seeds)
  }

  /// Four learning rates by three kinds of padding; the largest rate diverges in places.
  static func grid(seeds: Int = 6) -> StudyRecord {
    let rates = [("0.1", 0.981), ("0.03", 0.976), ("0.01", 0.967), ("0.003", 0.931)]
    let paddings: [(String, Padding, Double)] = [
      ("valid", .explicit(Extent(0)), -0.003), ("same", .same, 0), ("full", .explicit(Extent(4)), 0.002),
    ]
    let models = rates.flatMap { rate in
      paddings.map { padding in
        Model(
          label: "lr \(rate.0), padding \(padding.0)",
          settings: [("optimizer.lr", rate.0), ("model.padding", padding.0)],
          final: rate.1 + padding.2 * (rate.0 == "0.003" ? 3 : 1), spread: 0.0013, learningRate: Double(rate.0) ?? 0,
          padding: padding.1, seconds: padding.0 == "full" ? 15 : 9)
      }
    }
    return study(
      name: "pooling-padding", title: "Which learning rate for which padding",
      axes: [
        Axis(path: "optimizer.lr", values: rates.map(\.0)), Axis(path: "model.padding", values: paddings.map(\.0)),
      ], models: models, seeds: seeds)
  }

  /// Four axes, every combination: the rate moves most, channels less, activation nothing; padding helps max pooling.
  static func factorial() -> StudyRecord {
    let axes = [
      Axis(path: "optimizer.lr", values: ["0.1", "0.03", "0.01"]),
      Axis(path: "model.channels", values: ["[8, 16]", "[16, 32]", "[32, 64]"]),
      Axis(path: "model.pooling", values: ["max", "average"]),
      Axis(path: "model.activation", values: ["relu", "tanh"]),
    ]
    let models = axes.reduce([[(String, String)]()]) { rows, axis in
      rows.flatMap { row in axis.values.map { row + [(axis.path, $0)] } }
    }.map { settings in
      let places = zip(axes, settings).map { axis, setting in axis.values.firstIndex(of: setting.1) ?? 0 }
      let joint = places[0] == 2 && places[2] == 1 ? -0.004 : 0
      return Model(
        label: settings.map { "\($0.0.split(separator: ".").last ?? "") \($0.1)" }.joined(separator: ", "),
        settings: settings, final: 0.985 - 0.006 * Double(places[0]) + 0.002 * Double(places[1]) + joint,
        spread: 0.0012,
        learningRate: Double(settings[0].1) ?? 0, isMax: places[2] == 0)
    }
    return study(name: "factorial", title: "Four axes", axes: axes, models: models, seeds: 3, points: 60)
  }

  /// A random search over three axes, none balanced against another.
  static func search() -> StudyRecord {
    var noise = Noise(state: 99)
    let models = (0..<60).map { index in
      let rate = pow(10, -1.5 + 0.6 * noise.normal())
      let hidden = 32 * (1 + index * 7 % 13)
      let settings = [
        ("optimizer.lr", String(format: "%.4g", rate)), ("model.hidden", "\(hidden)"),
        ("model.activation", ["relu", "tanh", "gelu"][index % 3]),
      ]
      return Model(
        label: "random \(index + 1)", settings: settings, final: 0.96 - 0.02 * abs(log10(rate) + 1.2), spread: 0.001,
        learningRate: rate, seconds: 2 + Double(hidden) / 64)
    }
    let axes = ["optimizer.lr", "model.hidden", "model.activation"].enumerated().map { place, path in
      var seen: Set<String> = []
      return Axis(path: path, values: models.map { $0.settings[place].1 }.filter { seen.insert($0).inserted })
    }
    return study(name: "search", title: "Random search", axes: axes, models: models, seeds: 2, points: 40)
  }

  /// `count` configurations of one axis.
  static func many(_ count: Int, seeds: Int, points: Int = 60, evaluations: Int = 6) -> StudyRecord {
    let models = (0..<count).map { index in
      Model(
        label: "channels \(4 + index), a label that goes on for a while",
        settings: [("model.channels", "\(4 + index)")],
        final: 0.985 - 0.04 / Double(index + 1), spread: 0.001, parameters: 1000 + 700 * index,
        seconds: 4 + 0.7 * Double(index % 50))
    }
    return study(
      name: "capacity", title: "More channels",
      axes: [Axis(path: "model.channels", values: (0..<count).map { "\(4 + $0)" })],
      models: models, seeds: seeds, points: points, evaluations: evaluations)
  }

  /// The grid with trials that diverged, failed, run and wait, so that some configurations have few seeds or none.
  static func troubled() -> StudyRecord {
    var record = grid(seeds: 5)
    func change(_ configuration: Int, _ trial: Int, _ state: TrialState, _ error: String?) {
      var changed = record.configurations[configuration].trials[trial]
      changed.state = state
      changed.error = error
      if state == .diverged {
        changed.result?.outcome = .diverged(iteration: 37)
        changed.lossCurve = changed.lossCurve.map {
          LossPoint(iteration: $0.iteration, loss: $0.iteration > 37 ? .nan : $0.loss)
        }
        changed.evaluations = changed.evaluations.map {
          Evaluation(
            iteration: $0.iteration, epoch: $0.epoch, trainLoss: .nan, validation: nil,
            test: Score(loss: .nan, accuracy: 0.098))
        }
      } else {
        changed.result = nil
        if state != .running { (changed.evaluations, changed.lossCurve) = ([], []) }
      }
      record.configurations[configuration].trials[trial] = changed
    }
    for trial in 0..<5 { change(0, trial, .diverged, nil) }
    change(1, 2, .diverged, nil)
    change(2, 4, .failed, "out of memory: `malloc` of 12 GB\nwhile compiling | conv2 <script>alert(1)</script>")
    change(3, 1, .running, nil)
    change(4, 0, .planned, nil)
    change(5, 3, .stale, nil)
    record.source = Source(commit: "0123456789abcdef0123", branch: "main", diff: "diff --git a b")
    return record
  }

  /// Names that would be code anywhere else.
  static let hostileNames = TestSupport.hostileNames

  static func hostile() -> StudyRecord {
    let models = hostileNames.enumerated().map { index, name in
      Model(label: name, settings: [(name, name)], final: 0.95 + 0.002 * Double(index), spread: 0.002)
    }
    var record = study(
      name: "../<script>$(touch x)`y`|'\"", title: "# A *title* with `code` | pipes <script>alert(1)</script>",
      axes: [Axis(path: "variant", values: hostileNames)], models: models, seeds: 3)
    record.configurations[3].trials[1].state = .failed
    record.configurations[3].trials[1].error = "</script><script>alert(2)</script> {{name}} | ` \u{1B}[31m"
    record.environment?.host = "<b>host</b>"
    return record
  }

  /// A network that gives back its input: losses, no accuracies.
  static func reconstruction() -> StudyRecord {
    var record = modelABC(seeds: 6)
    record.name = "autoencoder"
    record.title = ""
    for configuration in record.configurations.indices {
      record.configurations[configuration].configuration.resolved?.loss = .mse
      for trial in record.configurations[configuration].trials.indices {
        let evaluations = record.configurations[configuration].trials[trial].evaluations
        record.configurations[configuration].trials[trial].evaluations = evaluations.map { evaluation in
          var changed = evaluation
          changed.test?.accuracy = nil
          return changed
        }
      }
    }
    return record
  }

  /// Some of a study's configurations, all that there are.
  static func part(_ record: StudyRecord, _ range: Range<Int>) -> StudyRecord {
    var record = record
    record.configurations = Array(record.configurations[range])
    record.axes = record.axes.map { Axis(path: $0.path, values: Array($0.values[range])) }
    return record
  }

  /// Long names and names in wide characters, on both axes.
  static func names() -> StudyRecord {
    let rows = ["平均プーリングと同じパディング、長い説明が続く", "наибольшее объединение по окну", "max pooling over two by two windows"]
    let columns = ["広い", "a middle-sized network with one more hidden layer", "Ω"]
    let models = rows.enumerated().flatMap { row, first in
      columns.enumerated().map { column, second in
        Model(
          label: "\(first), \(second)", settings: [("model.kind", first), ("model.size", second)],
          final: 0.94 + 0.008 * Double(row) + 0.01 * Double(column * row % 3), spread: 0.002,
          seconds: 5 + 4 * Double(column))
      }
    }
    return study(
      name: "名前", title: "畳み込みニューラルネットワークの比較",
      axes: [Axis(path: "model.kind", values: rows), Axis(path: "model.size", values: columns)],
      models: models, seeds: 6)
  }

  /// Losses beyond a million on the way to the end, and some at it.
  static func exploding() -> StudyRecord {
    var record = reconstruction()
    record.name = "exploding"
    for configuration in record.configurations.indices {
      let scale = [1, 3e4, 8e8][configuration]
      for trial in record.configurations[configuration].trials.indices {
        var changed = record.configurations[configuration].trials[trial]
        changed.lossCurve = changed.lossCurve.map { LossPoint(iteration: $0.iteration, loss: $0.loss * scale) }
        changed.evaluations = changed.evaluations.map {
          var evaluation = $0
          evaluation.trainLoss *= scale
          evaluation.test?.loss *= scale
          return evaluation
        }
        record.configurations[configuration].trials[trial] = changed
      }
    }
    return record
  }

  /// The study with validation examples, whose scores lie a little below the test's.
  static func withValidation(_ study: StudyRecord) -> StudyRecord {
    var record = study
    record.name = "tuned"
    for configuration in record.configurations.indices {
      record.configurations[configuration].configuration.dataset?.validationCount = 5000
      for trial in record.configurations[configuration].trials.indices {
        let evaluations = record.configurations[configuration].trials[trial].evaluations
        record.configurations[configuration].trials[trial].evaluations = evaluations.map { evaluation in
          var changed = evaluation
          changed.validation = evaluation.test.map {
            Score(loss: $0.loss + 0.01, accuracy: $0.accuracy.map { (($0 - 0.003) * 1e4).rounded() / 1e4 })
          }
          return changed
        }
      }
    }
    return record
  }

  /// Every trial with the same numbers, one evaluation and no curve.
  static func constant() -> StudyRecord {
    var record = modelABC(seeds: 6)
    record.name = "constant"
    for configuration in record.configurations.indices {
      for trial in record.configurations[configuration].trials.indices {
        record.configurations[configuration].trials[trial].lossCurve = []
        record.configurations[configuration].trials[trial].evaluations = [
          Evaluation(
            iteration: 600, epoch: 1, trainLoss: 0.5, validation: nil, test: Score(loss: 0.4, accuracy: 0.9))
        ]
      }
    }
    return record
  }

  // MARK: Making

  static func study(
    name: String, title: String, axes: [Axis], models: [Model], seeds: Int, points: Int = 300, evaluations: Int = 6
  ) -> StudyRecord {
    StudyRecord(
      name: name, title: title, revision: 1, createdAt: 1_790_000_000, axes: axes,
      configurations: models.enumerated().map { index, model in
        ConfigurationRecord(
          configuration: RecordedConfiguration(configuration(model)),
          hash: String(format: "%016x", 0xA11CE + index * 7919),
          parameters: model.parameters,
          trials: (0..<seeds).map { trial(model, index: index, seed: $0, points: points, evaluations: evaluations) })
      },
      environment: Environment(
        host: "example", cpu: "AMD EPYC 7B13", cores: 2, memoryBytes: 8_589_934_592, os: "Debian GNU/Linux 12",
        swift: "6.3.1", blas: "OpenBLAS 0.3.21 (Zen)", program: "1.0", workers: 2),
      source: Source(commit: "0123456789abcdef0123", branch: "main", diff: nil))
  }

  private static func configuration(_ model: Model) -> StudyConfiguration {
    let pool: any LayerKind =
      model.isMax
      ? MaxPooling(kernelSize: Extent(2)) : AveragePooling(kernelSize: Extent(2))
    func block(_ channels: Int) -> [Layer] {
      [
        Layer(Convolution(outChannels: channels, kernelSize: Extent(5), padding: model.padding)),
        Layer(Activation.relu), Layer(pool),
      ]
    }
    let layers = block(16) + block(32) + [Layer(Flatten()), Layer(Linear(outFeatures: 10))]
    return StudyConfiguration(
      label: model.label, settings: model.settings.map { Setting(path: $0.0, value: $0.1) },
      resolved: Configuration(
        dataset: DatasetSelection(name: "mnist"), architecture: Architecture(input: Shape(1, 28, 28), layers: layers),
        optimizer: .sgd(Optimizer.SGD(learningRate: model.learningRate)),
        training: TrainingSettings(batchSize: 100, length: .iterations(3000), evaluateEvery: 500)),
      dataset: DatasetDescription(
        name: "mnist", shape: Shape(1, 28, 28), classes: (0..<10).map(String.init), trainCount: 60_000,
        validationCount: 0, testCount: 10_000))
  }

  private static func trial(_ model: Model, index: Int, seed: Int, points: Int, evaluations: Int) -> TrialRecord {
    var noise = Noise(state: UInt64(index * 1000 + seed + 1))
    let shift = model.spread * noise.normal()
    // Accuracies rise from a tenth towards their end; losses fall from ln 10.
    func accuracy(_ share: Double) -> Double {
      let error = (1 - model.final - shift) * (1 + 8 * exp(-9 * share) + 1.2 * (1 - share))
      return ((1 - min(0.9, error)) * 10_000).rounded() / 10_000
    }
    func loss(_ share: Double) -> Double { 3.4 * (1 - accuracy(share)) + 2.0 * exp(-18 * share) }
    func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
    let marks = (1...evaluations).map { 3000 * $0 / evaluations }
    return TrialRecord(
      key: String(format: "%016x", 0xC0FFEE + index * 104_729 + seed * 1_299_709), seed: UInt64(seed), state: .done,
      error: nil,
      evaluations: marks.map { iteration in
        let share = Double(iteration) / 3000
        return Evaluation(
          iteration: iteration, epoch: Double(iteration) / 600, trainLoss: rounded(loss(share) * 1.1), validation: nil,
          test: Score(loss: rounded(loss(share)), accuracy: accuracy(share)))
      },
      lossCurve: (1...points).map { step in
        let share = Double(step) / Double(points)
        return LossPoint(
          iteration: step * 3000 / points, loss: rounded(loss(share) * 1.1 * (1 + 0.12 * noise.normal())).magnitude)
      },
      result: TrialResult(
        outcome: .done, iterations: 3000, wallSeconds: rounded(model.seconds * (1 + 0.03 * noise.normal())),
        cpuSeconds: rounded(model.seconds * 0.99), peakBytes: 300_000_000,
        imagesPerSecond: rounded(300_000 / model.seconds * (1 + 0.02 * noise.normal())), confusion: nil,
        traceDigest: String(format: "%064x", index * 100 + seed)))
  }

  private struct Noise: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }

    mutating func normal() -> Double {
      let radius = (-2 * log(Double.random(in: 1e-12...1, using: &self))).squareRoot()
      return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }
  }
}
