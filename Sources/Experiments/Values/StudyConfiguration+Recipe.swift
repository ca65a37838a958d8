import Architectures
import Presentation

extension StudyConfiguration {
  /// What is worth saying of the data and the training.
  package var recipe: [Fact] {
    let training = resolved.training
    var facts = [data]
    if let normalize = resolved.dataset.normalize {
      let mean = normalize.mean.map { NumberText.significant($0) }.joined(separator: ", ")
      let std = normalize.std.map { NumberText.significant($0) }.joined(separator: ", ")
      facts.append(Fact(name: "Normalised", value: "mean \(mean), standard deviation \(std)"))
    }
    facts += resolved.dataset.changes
    facts += resolved.optimizer.facts + resolved.architecture.ownFacts
    facts.append(Fact(name: "Loss", items: [.init(resolved.loss.words)]))
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

  private var data: Fact {
    let counts = [
      (dataset.trainCount, "training"), (dataset.validationCount, "validation"), (dataset.testCount, "test"),
    ].filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }
    var details = Array(counts.dropLast()) + counts.suffix(1).map { "\($0) examples of \(dataset.shape)" }
    details.append("\(dataset.classes.count) classes")
    if !resolved.dataset.shuffle { details.append("not shuffled") }
    if let sampler = resolved.dataset.sampler { details.append(sampler.text) }
    if resolved.dataset.dropsLast { details.append("smaller last batches dropped") }
    if case .fold(let fold, let count) = resolved.dataset.split {
      details.append("validated with fold \(fold) of \(count)")
    }
    if let seed = resolved.dataset.splitSeed { details.append("split by seed \(seed)") }
    return Fact(name: "Data", items: [.init(dataset.name, details, opening: ": ")])
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
  fileprivate var facts: [Fact] {
    let noted = asOptions.options.compactMap { name, value -> String? in
      guard !["lr", "scheduler"].contains(name), let option = table.option(name), value != option.inertValue else {
        return nil
      }
      return value == .boolean(true) ? option.title : "\(option.title) \(value.listed)"
    }
    return [
      Fact(name: "Optimizer", items: [.init(title, noted)]),
      Fact(name: "Learning rate", value: NumberText.exact(learningRate)),
    ] + (scheduler.map { [Fact(name: "Scheduler", items: [.init($0.words)])] } ?? [])
  }
}

extension Architecture {
  /// What layers have of their own in place of what the optimizer and PyTorch's modules do, by layer; how they begin
  /// without naming them where all begin alike.
  package var ownFacts: [Fact] {
    guard everyLayer.contains(where: { !$0.ownOptions.isEmpty }), let layers = try? resolved() else { return [] }
    func fact(_ name: String, _ details: (Layer) -> [String]) -> Fact? {
      let items = layers.map { Fact.Item($0.title, details($0.layer), opening: ": ") }.filter { !$0.details.isEmpty }
      return items.isEmpty ? nil : Fact(name: name, items: items, isOfSingleItems: true)
    }
    let settings = fact("Layers of their own") { layer in
      layer.ownOptions.filter { $0.name != "init" }.map { "\($0.name) \($0.value.text)" }
    }
    var first = fact("Initialised") { layer in layer.own.initialisers.map { [$0.optionValue.text] } ?? [] }
    let matrices = layers.filter { $0.layer.kind.type.weight == .matrix }.map {
      $0.layer.own.initialisers?.optionValue.text
    }
    if let fact = first, fact.items.count == matrices.count, Set(matrices).count == 1, let text = matrices.first ?? nil
    {
      first = Fact(name: fact.name, value: text)
    }
    return [settings, first].compactMap { $0 }
  }
}

extension OptionValue {
  /// The value as a sentence has it: `0.9, 0.999` for a list.
  fileprivate var listed: String {
    if case .list(let values) = self { values.map(\.listed).joined(separator: ", ") } else { text }
  }
}
