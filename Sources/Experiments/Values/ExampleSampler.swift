import Architectures
import Presentation

/// How the training examples of an epoch are drawn where that is not each of them once: a sampler of torch.utils.data.
package enum ExampleSampler: Hashable, Sendable {
  /// `RandomSampler`: all examples are equally likely. Without replacement each comes once before any comes again.
  case random(replacement: Bool, count: Int? = nil)
  /// `WeightedRandomSampler` with replacement: an example is as likely as the weight of its class says.
  case weighted(ClassWeights, count: Int? = nil)

  /// What the examples of each class weigh.
  package enum ClassWeights: Hashable, Sendable {
    /// One by the number of the class's training examples: all classes are equally likely.
    case balanced
    /// One weight for each class.
    case given([Double])
  }

  /// How many examples an epoch has; `nil` is as many as there are to train on.
  package var count: Int? {
    switch self {
    case .random(_, let count), .weighted(_, let count): count
    }
  }

  /// The name in grids.
  private var name: String {
    switch self {
    case .random: "random_sampler"
    case .weighted: "weighted_random_sampler"
    }
  }

  /// What it does, as a sentence has it: `sampled with replacement, 500 per epoch`.
  package var text: String {
    let way =
      switch self {
      case .random(let replacement, _): "sampled \(replacement ? "with" : "without") replacement"
      case .weighted(.balanced, _): "sampled with classes balanced"
      case .weighted(.given(let weights), _):
        "sampled with class weights \(weights.map { OptionValue.number($0).text }.joined(separator: ", "))"
      }
    return way + (count.map { ", \(NumberText.count($0)) per epoch" } ?? "")
  }
}

extension ExampleSampler {
  /// The samplers with their options.
  static let tables: [OptionTable] = [
    OptionTable(
      "random_sampler", "Draws the examples of an epoch, all equally likely (torch.utils.data.RandomSampler).",
      [
        .option(
          "replacement", .boolean, default: .boolean(false), "Whether an example may come more than once in an epoch."),
        numberOfSamples(from: 1),
      ]),
    OptionTable(
      "weighted_random_sampler",
      "Draws the examples of an epoch with replacement, by weight (torch.utils.data.WeightedRandomSampler).",
      [
        .option(
          "weights",
          .either([
            .choice(["balanced"]),
            .list(.number(NumberRange(0...1e9)), count: 2...DatasetSelection.maximumClasses),
          ]),
          "A weight for each class, which its examples have; balanced is one by the number of its training examples."),
        // PyTorch draws a single sample in another way.
        numberOfSamples(from: 2),
      ]),
  ]

  private static func numberOfSamples(from least: Int) -> Option {
    .option(
      "num_samples", .either([.integer(least...1_000_000_000), .null]), default: .null,
      "How many examples an epoch has; null is as many as there are to train on.")
  }

  /// Makes the sampler of checked options, its name among them; `nil` where it does what shuffling does.
  init?(_ options: Options) {
    let count = options.integerIfAny("num_samples")
    if options.text("name") == "random_sampler" {
      let replacement = options.boolean("replacement")
      guard replacement || count != nil else { return nil }
      self = .random(replacement: replacement, count: count)
    } else if case .list? = options["weights"] {
      self = .weighted(.given(options.numbers("weights")), count: count)
    } else {
      self = .weighted(.balanced, count: count)
    }
  }

  /// The name and all options, defaults written out.
  var optionValue: OptionValue {
    var values: [String: OptionValue] = [
      "name": .text(name), "num_samples": count.map { .integer($0) } ?? .null,
    ]
    switch self {
    case .random(let replacement, _): values["replacement"] = .boolean(replacement)
    case .weighted(.balanced, _): values["weights"] = .text("balanced")
    case .weighted(.given(let weights), _): values["weights"] = .list(weights.map { .number($0) })
    }
    return .object(Options(values))
  }
}
