import Architectures
import Presentation

/// Reads the forms of the sections, numbers their values, and puts them together.
final class SectionReader {
  /// The numbers of a configuration's values: equal configurations have equal ones.
  struct Identity: Hashable {
    var dataset: Int
    var network: Int
    var optimizer: Int
    var loss: Int
    var training: Int
    var initialWeights: Int
  }

  private let reader: OptionReader
  private let log: ErrorLog
  private let describe: (DatasetSelection) throws -> DatasetDescription

  private var datasets = Numbered<DatasetSelection>()
  private var descriptions: [DatasetDescription?] = []
  private var datasetPositions: [SourcePosition] = []
  private var models: [(description: ModelDescription, position: SourcePosition)] = []
  private var optimizers = Numbered<Optimizer>()
  private var optimizerNodes: [JSONNode] = []
  private var losses = Numbered<Loss>()
  private var lossPositions: [SourcePosition] = []
  private var trainings = Numbered<TrainingSettings>()
  private var trainingPositions: [SourcePosition] = []
  private var weights = Numbered<InitialWeights?>()
  private var networks: [Architecture] = []
  /// What tells networks apart; their layers' names do not.
  private var networkIdentities = Numbered<Architecture>()
  private var networkSizes: [Int] = []
  private var networkCache: [[Int]: Int?] = [:]
  private var fitCache: [[Int]: Bool] = [:]
  private var scheduleCache: [[Int]: Bool] = [:]
  /// What every configuration is scored by beside loss and accuracy, and where the grid says so.
  private let metrics: [ClassificationScore]
  private let metricsPosition: SourcePosition
  private var scoreCache: [[Int]: Bool] = [:]

  init(
    log: ErrorLog, metrics: [ClassificationScore], at position: SourcePosition,
    describe: @escaping (DatasetSelection) throws -> DatasetDescription
  ) {
    (self.log, self.describe) = (log, describe)
    (self.metrics, metricsPosition) = (metrics, position)
    reader = OptionReader(log: log)
  }

  /// Reports what is wrong with a section by itself, whatever points may add to it.
  func checkPartially(_ node: JSONNode, _ section: GridSection) {
    switch section {
    case .dataset: _ = reader.readDataset(node, isPartial: true)
    case .model: _ = reader.readModel(node, isPartial: true)
    case .optimizer: _ = reader.readOptimizer(node, isPartial: true)
    case .training: _ = reader.readTraining(node, isPartial: true)
    case .loss: _ = reader.readLoss(node, isPartial: true)
    case .initialWeights: _ = reader.readInitialWeights(node, isPartial: true)
    }
  }

  /// Reads a form of a section.
  ///
  /// - Returns: the number of its value; `nil` where something was reported.
  func read(_ node: JSONNode?, _ section: GridSection, root: JSONNode) -> Int? {
    guard let node else { return readMissing(section, root) }
    switch section {
    case .dataset: return reader.readDataset(node).flatMap { number($0, node) }
    case .model:
      guard let description = reader.readModel(node) else { return nil }
      models.append((description, node.position))
      return models.count - 1
    case .optimizer:
      guard let optimizer = reader.readOptimizer(node) else { return nil }
      let number = optimizers.number(of: optimizer)
      if number == optimizerNodes.count { optimizerNodes.append(node) }
      return number
    case .loss: return reader.readLoss(node).map { number($0, node.position) }
    case .training:
      guard let training = reader.readTraining(node) else { return nil }
      let number = trainings.number(of: training)
      if number == trainingPositions.count { trainingPositions.append(node.position) }
      return number
    case .initialWeights: return reader.readInitialWeights(node).map { weights.number(of: $0) }
    }
  }

  private func readMissing(_ section: GridSection, _ root: JSONNode) -> Int? {
    switch section {
    case .loss: return number(.crossEntropy, root.position)
    case .initialWeights: return weights.number(of: nil)
    default:
      log.report(root.position, member: section.rawValue, "is missing; every configuration needs it")
      return nil
    }
  }

  private func number(_ loss: Loss, _ position: SourcePosition) -> Int {
    let number = losses.number(of: loss)
    if number == lossPositions.count { lossPositions.append(position) }
    return number
  }

  private func number(_ selection: DatasetSelection, _ node: JSONNode) -> Int? {
    let number = datasets.number(of: selection)
    if number == descriptions.count {
      datasetPositions.append(node.position)
      descriptions.append(readDescription(selection, node))
    }
    return descriptions[number] == nil ? nil : number
  }

  private func readDescription(_ selection: DatasetSelection, _ node: JSONNode) -> DatasetDescription? {
    let description: DatasetDescription
    do {
      description = try describe(selection)
    } catch {
      let isOfGrid = (error as? any DatasetDescriptionError)?.isOfSelection ?? false
      log.record(node.position, "\(error)", kind: isOfGrid ? .content : .dataset)
      return nil
    }
    if let normalize = selection.normalize {
      let channels = description.shape.rank > 1 ? description.shape.dimensions[0] : 1
      for (key, values) in [("mean", normalize.mean), ("std", normalize.std)]
      where values.count != 1 && values.count != channels {
        log.report(
          node["normalize"]?.value[key]?.value.position ?? node.position,
          "has \(values.count) values; expected 1, or one for each of the \(channels) channels")
        return nil
      }
    }
    guard case .weighted(let weights, let count)? = selection.sampler else { return description }
    if case .given(let weights) = weights, weights.count != description.classes.count {
      log.report(
        node["sampler"]?.value["weights"]?.value.position ?? node.position,
        "has \(weights.count) values; expected one for each of the \(description.classes.count) classes")
      return nil
    }
    if count == nil, description.trainCount == 1 {
      log.report(
        node["sampler"]?.value.position ?? node.position,
        "draws a single example; expected 2 or more, so set num_samples, or train on more examples")
      return nil
    }
    return description
  }

  /// Puts the sections of a point together.
  ///
  /// - Parameters:
  ///   - points: one form of each section, all read without an error.
  ///   - label: the configuration's label, for messages.
  /// - Returns: `nil` where something was reported.
  func configuration(
    _ points: PerSection<SectionPoint>, label: String
  ) -> (Identity, Configuration, DatasetDescription)? {
    guard let dataset = points.dataset.identity, let model = points.model.identity,
      let optimizer = points.optimizer.identity, let loss = points.loss.identity,
      let training = points.training.identity, let initialWeights = points.initialWeights.identity,
      let description = descriptions[dataset], let network = network(model, dataset, loss, description, label),
      fits(network, training, dataset, description, label), weighs(loss, description, label),
      takes(optimizer, network, model, label),
      mixes(dataset, loss, network, description, label),
      stops(training, loss, network, description, label),
      scores(network, loss, description, label),
      fits(optimizer, training, dataset, losses.values[loss], network, description, label)
    else { return nil }
    let identity = Identity(
      dataset: dataset, network: network, optimizer: optimizer, loss: loss, training: training,
      initialWeights: initialWeights)
    let configuration = Configuration(
      dataset: datasets.values[identity.dataset], architecture: networks[network],
      loss: losses.values[identity.loss], optimizer: optimizers.values[identity.optimizer],
      training: trainings.values[identity.training], initialWeights: weights.values[identity.initialWeights],
      metrics: metrics)
    return (identity, configuration, description)
  }

  /// The number of the network that a model makes of a data set; `nil` where it makes none, which is then reported.
  private func network(
    _ model: Int, _ dataset: Int, _ loss: Int, _ description: DatasetDescription, _ label: String
  ) -> Int? {
    let key = [model, dataset, loss]
    if let known = networkCache[key] { return known }
    let (model, position) = models[model]
    let builder = NetworkBuilder(log: log, position: position, label: label)
    var number: Int?
    if let (architecture, size) = builder.network(model, for: description, losses.values[loss]) {
      number = networkIdentities.number(of: architecture.identity)
      if number == networks.count {
        networks.append(architecture)
        networkSizes.append(size)
      }
    }
    networkCache[key] = .some(number)
    return number
  }

  /// Whether a loss that weighs classes has a weight for each.
  private func weighs(_ loss: Int, _ description: DatasetDescription, _ label: String) -> Bool {
    guard let weight = losses.values[loss].weight, weight.count != description.classes.count else { return true }
    log.record(
      lossPositions[loss],
      "\(escaped(label)): loss.weight has \(weight.count) values; expected one for each of the "
        + "\(description.classes.count) classes")
    return false
  }

  /// Whether a loss can compare with the classes of mixed examples, where a data set mixes them.
  private func mixes(
    _ dataset: Int, _ loss: Int, _ network: Int, _ description: DatasetDescription, _ label: String
  ) -> Bool {
    guard let mix = datasets.values[dataset].mix else { return true }
    let chosen = losses.values[loss]
    let reason =
      chosen.kind == .nll
      ? "loss \"nll\" compares with one class; take cross_entropy, with logits"
      : reconstructs(chosen, network, description)
        ? "the network reconstructs its input, and has no classes to mix; leave dataset.mix out" : nil
    guard let reason else { return true }
    log.record(
      datasetPositions[dataset],
      "\(escaped(label)): dataset.mix is \(mix.kind.rawValue), which mixes classes: \(reason)")
    return false
  }

  /// Whether there is a score that training can be ended by.
  private func stops(
    _ training: Int, _ loss: Int, _ network: Int, _ description: DatasetDescription, _ label: String
  ) -> Bool {
    guard let stopping = trainings.values[training].earlyStopping else { return true }
    if description.validationCount == 0 {
      log.record(
        trainingPositions[training],
        "\(escaped(label)): training.early_stopping follows the validation examples, and there are none; set "
          + "dataset.validation to how many of the training examples are kept for it")
      return false
    }
    guard stopping.monitor == .validationAccuracy, reconstructs(losses.values[loss], network, description) else {
      return true
    }
    log.record(
      trainingPositions[training],
      "\(escaped(label)): training.early_stopping.monitor is validation_accuracy, which a network that reconstructs its "
        + "input does not have; watch validation_loss")
    return false
  }

  /// Whether a network's output is compared with its input.
  private func reconstructs(_ loss: Loss, _ network: Int, _ description: DatasetDescription) -> Bool {
    loss.comparesValues && (try? networks[network].resolved())?.last?.output != Shape(description.classes.count)
  }

  /// Whether a network's answers can be scored as the grid asks.
  private func scores(_ network: Int, _ loss: Int, _ description: DatasetDescription, _ label: String) -> Bool {
    guard !metrics.isEmpty else { return true }
    let (chosen, classes) = (losses.values[loss], description.classes.count)
    let key = [network, loss, classes]
    if let known = scoreCache[key] { return known }
    let fault =
      reconstructs(chosen, network, description)
      ? "metrics are scores of classes, and the network reconstructs its input; leave metrics out"
      : metrics.lazy.compactMap { $0.fault(classes: classes, loss: chosen) }.first
    if let fault { log.record(metricsPosition, "\(escaped(label)): \(fault)") }
    scoreCache[key] = fault == nil
    return fault == nil
  }

  /// Whether an optimizer has what a network's layers have of their own.
  private func takes(_ optimizer: Int, _ network: Int, _ model: Int, _ label: String) -> Bool {
    let (chosen, table) = (optimizers.values[optimizer], optimizers.values[optimizer].table)
    // Most optimizers go with every layer, and a study can have 100,000 configurations.
    let replacesRate = chosen.scheduler?.kind.replacesRate == true
    guard replacesRate || table.option("weight_decay") == nil else { return true }
    let layers = (try? networks[network].resolved()) ?? []
    if replacesRate, let layer = layers.first(where: { $0.layer.own.learningRate != nil }) {
      log.record(
        models[model].position,
        "\(escaped(label)): \(layer.title) has an lr of its own, and the scheduler sets the rates of all layers, from "
          + "its max_lr; leave one of them out, or take a scheduler that goes from each layer's rate")
      return false
    }
    guard table.option("weight_decay") == nil, let layer = layers.first(where: { $0.layer.own.weightDecay != nil })
    else { return true }
    log.record(
      models[model].position,
      "\(escaped(label)): \(layer.title) has a weight_decay of its own, and the optimizer \(table.name) has none; leave it "
        + "out, or take another optimizer")
    return false
  }

  /// Whether a network, its training and its data fit into a machine's numbers and memory.
  private func fits(
    _ network: Int, _ training: Int, _ dataset: Int, _ description: DatasetDescription, _ label: String
  ) -> Bool {
    let settings = settings(training, dataset)
    let evaluated = [description.testCount, description.validationCount]
    let drawn = settings.examplesDrawn(of: description.trainCount)
    let key = [network, training, drawn, settings.dropsLast ? 1 : 0] + evaluated
    if let known = fitCache[key] { return known }
    let position = trainingPositions[training]
    var fits = true
    if settings.dropsLast, settings.batchSize > drawn {
      log.record(
        datasetPositions[dataset],
        "\(escaped(label)): dataset.drop_last is true, and the only batch is dropped: \(drawn) examples at "
          + "batch_size \(settings.batchSize); take batch_size \(drawn) or less, or leave drop_last out"
      )
      fits = false
    }
    if settings.iterations(examples: max(1, description.trainCount)) > 1_000_000_000 {
      log.record(position, "\(escaped(label)): trains for more than 1000000000 iterations")
      fits = false
    }
    if let layer = (try? networks[network].resolved())?.first(where: {
      settings.smallestBatch(examples: max(1, description.trainCount)) < $0.minimumBatch
    }) {
      log.record(
        position,
        "\(escaped(label)): \(layer.title) has one value per channel and example, and needs more than one example per "
          + "batch; \(drawn) examples at batch_size \(settings.batchSize) have a batch of one. Change "
          + "batch_size, or the data set's train")
      fits = false
    }
    for count in evaluated where count > 0 {
      guard let batch = settings.smallestEvaluationBatch(examples: count), let size = settings.evaluationBatchSize,
        let layer = (try? networks[network].resolved())?.first(where: { batch < $0.minimumEvaluationBatch })
      else { continue }
      log.record(
        position,
        "\(escaped(label)): \(layer.title) takes its statistics from each batch, and needs more than one example; "
          + "\(count) examples at evaluation_batch_size \(size) have a batch of one. Take another, or leave it out")
      fits = false
      break
    }
    let bytes = (settings.largestBatch(examples: drawn) * networkSizes[network]) * 4
    if bytes >= 64 << 30 {
      log.record(
        position,
        "\(escaped(label)): the values between its layers take \(NumberText.bytes(bytes)) at batch_size \(settings.batchSize); "
          + "take a smaller one, or fewer channels")
      fits = false
    }
    fitCache[key] = fits
    return fits
  }

  /// A training on a data set, which says what is drawn for an epoch and whether the last batch is dropped.
  private func settings(_ training: Int, _ dataset: Int) -> TrainingSettings {
    var settings = trainings.values[training]
    settings.batch(datasets.values[dataset])
    return settings
  }

  /// Whether a scheduler fits the training and its data.
  private func fits(
    _ optimizer: Int, _ training: Int, _ dataset: Int, _ loss: Loss, _ network: Int, _ description: DatasetDescription,
    _ label: String
  ) -> Bool {
    guard let scheduler = optimizers.values[optimizer].scheduler else { return true }
    let reconstructs = scheduler.needsClasses && reconstructs(loss, network, description)
    let settings = settings(training, dataset)
    let key = [
      optimizer, training, settings.examplesDrawn(of: description.trainCount), description.validationCount,
      reconstructs ? 1 : 0, settings.dropsLast ? 1 : 0,
    ]
    if let known = scheduleCache[key] { return known }
    let examples = max(1, description.trainCount)
    var fault = scheduler.mismatch(
      iterations: settings.iterations(examples: examples),
      iterationsPerEpoch: settings.iterationsPerEpoch(examples: examples))
    if scheduler.needsValidation, description.validationCount == 0 {
      fault = OptionError(
        option: "scheduler.name",
        "is reduce_lr_on_plateau, which follows the validation examples, and there are none; set dataset.validation to how "
          + "many of the training examples are kept for it")
    } else if reconstructs {
      fault = OptionError(
        option: "scheduler.monitor",
        "is validation_accuracy, which a network that reconstructs its input does not have; watch validation_loss")
    }
    if let fault {
      var node = optimizerNodes[optimizer]
      for name in fault.option.split(separator: ".") { node = node[String(name)]?.value ?? node }
      log.record(node.position, "\(escaped(label)): optimizer.\(fault.option) \(fault.message)")
    }
    scheduleCache[key] = fault == nil
    return fault == nil
  }
}

extension Architecture {
  /// The network without what changes no number.
  fileprivate var identity: Architecture {
    Architecture(input: input, layers: layers.map(\.normalized))
  }
}

/// Values and their numbers, in the order in which they came; equal values have one number.
private struct Numbered<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}
