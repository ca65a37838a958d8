import Architectures
import Presentation

/// How long a network trains, in which portions, and when it is evaluated.
package struct TrainingSettings: Hashable, Sendable {
  /// Examples per training step.
  package var batchSize: Int
  /// How long.
  package var length: TrainingLength
  /// Iterations from one evaluation to the next; `nil` is once an epoch. The end is always evaluated.
  package var evaluateEvery: Int?
  /// Which random numbers an evaluation draws.
  package var evaluationDraws: EvaluationDraws
  /// Examples that are evaluated together; `nil` takes what suits the network's size.
  package var evaluationBatchSize: Int?
  /// The bound on the gradients of a training step.
  package var clipping: GradientClipping?
  /// How much of the weights' moving average a training step keeps; evaluations and the trial's result are of the average
  /// then. `nil` keeps none.
  package var averageDecay: Double?
  /// What evaluations take in place of the weights, in words; `nil` where they take the weights themselves.
  package var averageText: String? { averageDecay.map { "moving average, decay \(NumberText.exact($0))" } }
  /// When training ends before its length; `nil` is never.
  package var earlyStopping: EarlyStopping?
  /// Whether an epoch has no smaller batch at its end: the data set's `drop_last`, which a ``Configuration`` puts here.
  package internal(set) var dropsLast = false
  /// How many examples an epoch draws, where a sampler says that: of the data set too.
  package internal(set) var drawnCount: Int?

  /// Creates training settings.
  package init(
    batchSize: Int, length: TrainingLength, evaluateEvery: Int? = nil, evaluationDraws: EvaluationDraws = .none,
    clipping: GradientClipping? = nil
  ) {
    self.clipping = clipping
    (self.batchSize, self.length) = (batchSize, length)
    (self.evaluateEvery, self.evaluationDraws) = (evaluateEvery, evaluationDraws)
  }

  /// Takes over what a data set says of the batches of an epoch.
  mutating func batch(_ dataset: DatasetSelection) {
    (dropsLast, drawnCount) = (dataset.dropsLast, dataset.sampler?.count)
  }

  /// Examples that are drawn for one epoch over `examples`: all of them, unless a sampler says how many.
  package func examplesDrawn(of examples: Int) -> Int { drawnCount ?? examples }

  /// Training steps in one epoch over `examples`; the last, smaller batch counts unless it is dropped.
  package func iterationsPerEpoch(examples: Int) -> Int {
    let drawn = examplesDrawn(of: examples)
    return dropsLast ? max(1, drawn / batchSize) : (drawn + batchSize - 1) / batchSize
  }

  /// Examples that one epoch over `examples` trains on.
  package func examplesPerEpoch(of examples: Int) -> Int {
    let drawn = examplesDrawn(of: examples)
    return dropsLast ? min(drawn, iterationsPerEpoch(examples: examples) * batchSize) : drawn
  }

  /// Examples in the largest batch that is trained on.
  package func largestBatch(examples: Int) -> Int { min(batchSize, examplesDrawn(of: examples)) }

  /// Examples in the smallest batch that is trained on.
  package func smallestBatch(examples: Int) -> Int {
    let last = dropsLast ? 0 : examplesDrawn(of: examples) % batchSize
    return last > 0 && iterations(examples: examples) >= iterationsPerEpoch(examples: examples) ? last : batchSize
  }

  /// Examples in the smallest batch of an evaluation of so many; `nil` where nobody said how many go together.
  package func smallestEvaluationBatch(examples: Int) -> Int? {
    evaluationBatchSize.map { examples % $0 > 0 ? examples % $0 : $0 }
  }

  /// Training steps in all.
  package func iterations(examples: Int) -> Int {
    switch length {
    case .iterations(let count): count
    case .epochs(let count): count * iterationsPerEpoch(examples: examples)
    }
  }
}

/// The length of a training.
package enum TrainingLength: Hashable, Sendable {
  /// So many steps, over as many epochs as that takes.
  case iterations(Int)
  /// So many times through the training set.
  case epochs(Int)
}

/// What an evaluation draws from the trial's random numbers, so that scripts which iterate a test `DataLoader` in the
/// middle of an epoch can be followed number by number.
package enum EvaluationDraws: String, Hashable, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// What iterating a `DataLoader` draws: a base seed.
  case loader
  /// What iterating a `DataLoader(shuffle=True)` draws: a base seed and the sampler's seed.
  case shuffledLoader = "shuffled_loader"
}

extension TrainingSettings {
  /// The options of `training`.
  package static let table = OptionTable(
    "training", "How long a network trains, in which portions, and when it is evaluated.",
    [
      .option("batch_size", .integer(1...1_000_000), "Examples per training step."),
      .optional("iterations", .integer(1...1_000_000_000), "Training steps; either this or epochs."),
      .optional("epochs", .integer(1...1_000_000), "Times through the training set; either this or iterations."),
      .option(
        "evaluate_every", .either([.integer(1...1_000_000_000), .null]), default: .null,
        "Iterations from one evaluation to the next; null is once an epoch. The end is always evaluated."),
      .option(
        "evaluation_draws", .choice(EvaluationDraws.allCases.map(\.rawValue)), default: .text("none"),
        "What an evaluation draws from the random numbers: what iterating a DataLoader draws, or nothing."),
      .option(
        "evaluation_batch_size", .either([.integer(1...1_000_000), .null]), default: .null,
        "Examples that are evaluated together; it changes numbers where a normalisation has no running statistics. null "
          + "takes up to 1024, fewer for large networks."),
      .option(
        "clip_grad_norm", .either([.number(clippingRange), .null]), default: .null,
        "The largest norm of all gradients together (torch.nn.utils.clip_grad_norm_)."),
      .option(
        "clip_grad_value", .either([.number(clippingRange), .null]), default: .null,
        "The largest absolute value of a gradient (torch.nn.utils.clip_grad_value_)."),
      .option(
        "ema_decay", .either([.number(NumberRange(0...1, excludesMaximum: true)), .null]), default: .null,
        "Evaluates an exponential moving average of the weights, of which each step keeps this share "
          + "(torch.optim.swa_utils.get_ema_multi_avg_fn)."),
      .option(
        "early_stopping", .either([.object(EarlyStopping.table), .null]), default: .null,
        "When training ends before its length; null is never."),
    ])

  private static let clippingRange = NumberRange(0...1_000_000, excludesMinimum: true)

  /// Makes settings of checked options.
  ///
  /// - Throws: where not exactly one of `iterations` and `epochs` is given, or both ways of clipping are.
  package init(_ options: Options) throws(OptionError) {
    let length: TrainingLength
    switch (options.integerIfAny("iterations"), options.integerIfAny("epochs")) {
    case (let count?, nil): length = .iterations(count)
    case (nil, let count?): length = .epochs(count)
    case (nil, nil):
      throw OptionError(option: "iterations", "is missing, and so is epochs; exactly one of them says how long")
    case (_?, _?):
      throw OptionError(option: "epochs", "stands beside iterations; exactly one of them says how long")
    }
    let clipping: GradientClipping?
    switch (options.numberIfAny("clip_grad_norm"), options.numberIfAny("clip_grad_value")) {
    case (let norm?, nil): clipping = .norm(norm)
    case (nil, let value?): clipping = .value(value)
    case (nil, nil): clipping = nil
    case (_?, _?):
      throw OptionError(
        option: "clip_grad_value", "stands beside clip_grad_norm; gradients are clipped in one of the two ways")
    }
    self.init(
      batchSize: options.integer("batch_size"), length: length, evaluateEvery: options.integerIfAny("evaluate_every"),
      evaluationDraws: EvaluationDraws(rawValue: options.text("evaluation_draws")) ?? .none, clipping: clipping)
    evaluationBatchSize = options.integerIfAny("evaluation_batch_size")
    averageDecay = options.numberIfAny("ema_decay")
    if case .object(let options)? = options["early_stopping"] { earlyStopping = EarlyStopping(options) }
  }

  /// All options in the table's order; what came later only where it is set, so that a trial keeps the key that it had
  /// before.
  var identity: [(name: String, value: OptionValue)] {
    var values: [(name: String, value: OptionValue)] = [("batch_size", .integer(batchSize))]
    switch length {
    case .iterations(let count): values.append(("iterations", .integer(count)))
    case .epochs(let count): values.append(("epochs", .integer(count)))
    }
    values += [
      ("evaluate_every", evaluateEvery.map { .integer($0) } ?? .null),
      ("evaluation_draws", .text(evaluationDraws.rawValue)),
    ]
    if let evaluationBatchSize { values.append(("evaluation_batch_size", .integer(evaluationBatchSize))) }
    switch clipping {
    case nil: break
    case .norm(let limit): values.append(("clip_grad_norm", .number(limit)))
    case .value(let limit): values.append(("clip_grad_value", .number(limit)))
    }
    if let averageDecay { values.append(("ema_decay", .number(averageDecay))) }
    if let earlyStopping { values.append(("early_stopping", .object(earlyStopping.asOptions))) }
    return values
  }
}
