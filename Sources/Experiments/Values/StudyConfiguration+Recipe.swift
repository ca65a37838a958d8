import Architectures
import Presentation

/// A thing that is said of a configuration: `Optimizer`, `SGD`.
package struct Fact: Sendable, Hashable {
  package var name: String
  package var value: String

  /// Creates a fact.
  package init(name: String, value: String) { (self.name, self.value) = (name, value) }

  /// What is said of all configurations, in the order of the first.
  package static func shared(by all: [[Fact]]) -> [Fact] {
    guard var shared = all.first else { return [] }
    for facts in all.dropFirst() {
      let facts = Set(facts)
      shared.removeAll { !facts.contains($0) }
    }
    return shared
  }
}

extension StudyConfiguration {
  /// What is worth saying of the data and the training.
  ///
  /// - Parameter paths: Options of the optimizer that are left out, as a grid names them (`optimizer.momentum`).
  package func recipe(without paths: Set<String> = []) -> [Fact] {
    let training = resolved.training
    var facts = [Fact(name: "Data", value: dataText)]
    if let normalize = resolved.dataset.normalize {
      let mean = normalize.mean.map { NumberText.significant($0) }.joined(separator: ", ")
      let std = normalize.std.map { NumberText.significant($0) }.joined(separator: ", ")
      facts.append(Fact(name: "Normalised", value: "mean \(mean), standard deviation \(std)"))
    }
    facts += resolved.dataset.changes.map { Fact(name: $0.title, value: $0.text) }
    facts += resolved.optimizer.facts(without: paths)
    facts.append(Fact(name: "Loss", value: resolved.loss.text))
    facts.append(Fact(name: "Batch size", value: NumberText.count(training.batchSize)))
    switch training.clipping {
    case nil: break
    case .norm(let limit): facts.append(Fact(name: "Gradients", value: "norm at most \(NumberText.exact(limit))"))
    case .value(let limit): facts.append(Fact(name: "Gradients", value: "each within ± \(NumberText.exact(limit))"))
    }
    if let average = training.averageText { facts.append(Fact(name: "Weights evaluated", value: average)) }
    facts.append(Fact(name: "Length", value: lengthText))
    if let stopping = training.earlyStopping { facts.append(Fact(name: "Stopped early", value: stopping.text)) }
    facts.append(
      Fact(
        name: "Evaluated",
        value: training.evaluateEvery.map { "every \(NumberText.count($0)) iterations, and at the end" }
          ?? "after every epoch"))
    if let size = training.evaluationBatchSize {
      facts.append(Fact(name: "Batch size of evaluations", value: NumberText.count(size)))
    }
    if !resolved.metrics.isEmpty {
      facts.append(Fact(name: "Scored by", value: resolved.metrics.map(\.title).joined(separator: ", ")))
    }
    if let weights = resolved.initialWeights {
      facts.append(
        Fact(
          name: "First weights",
          value: (weights.digest.map { "SHA-256 \($0.prefix(12))" } ?? weights.path)
            + (weights.isPerSeed ? ", a file for each seed" : "") + (weights.isStrict ? "" : ", as far as names fit")))
    }
    return facts
  }

  private var dataText: String {
    let counts = [
      (dataset.trainCount, "training"), (dataset.validationCount, "validation"), (dataset.testCount, "test"),
    ].filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }.joined(separator: ", ")
    let order =
      (resolved.dataset.shuffle ? "" : ", not shuffled") + (resolved.dataset.sampler.map { ", \($0.text)" } ?? "")
      + (resolved.dataset.dropsLast ? ", smaller last batches dropped" : "") + splitText
    return "\(dataset.name): \(counts) examples of \(dataset.shape), \(dataset.classes.count) classes\(order)"
  }

  private var splitText: String {
    var text = ""
    if case .fold(let fold, let count) = resolved.dataset.split { text = ", validated with fold \(fold) of \(count)" }
    return text + (resolved.dataset.splitSeed.map { ", split by seed \($0)" } ?? "")
  }

  private var lengthText: String {
    let training = resolved.training
    let iterations = training.iterations(examples: dataset.trainCount)
    let epochs = Double(iterations) / Double(max(1, training.iterationsPerEpoch(examples: dataset.trainCount)))
    let epochText = NumberText.significant(epochs, epochs == epochs.rounded() ? 1 : 3)
    let plain = epochs == epochs.rounded() ? "\(Int(epochs))" : epochText
    let bound = training.earlyStopping == nil ? "" : "at most "
    return "\(bound)\(counted(iterations, "iteration")) (\(plain) \(epochs == 1 ? "epoch" : "epochs"))"
  }
}

extension Optimizer {
  /// The rate, how it changes, and the options that do something beside it.
  fileprivate func facts(without paths: Set<String>) -> [Fact] {
    let noted = asOptions.options.compactMap { name, value -> String? in
      guard !["lr", "scheduler"].contains(name), !paths.contains("optimizer.\(name)"), let option = table.option(name),
        value != option.inertValue
      else { return nil }
      return value == .boolean(true) ? option.title : "\(option.title) \(value.listed)"
    }
    return [
      Fact(name: "Optimizer", value: ([title] + noted).joined(separator: ", ")),
      Fact(name: "Learning rate", value: NumberText.exact(learningRate)),
    ] + (scheduler.map { [Fact(name: "Scheduler", value: $0.text)] } ?? [])
  }
}

extension OptionValue {
  /// The value as a sentence has it: `0.9, 0.999` for a list.
  fileprivate var listed: String {
    if case .list(let values) = self { values.map(\.listed).joined(separator: ", ") } else { text }
  }
}
