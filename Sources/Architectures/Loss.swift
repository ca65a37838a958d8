/// How a network's output is compared with its target: a loss of torch.nn with its options, mean over the batch.
package struct Loss: Hashable, Sendable {
  /// Which loss.
  package let kind: Kind
  /// The share of each target that is spread evenly over all classes (cross entropy).
  package var labelSmoothing = 0.0
  /// A weight for each class (cross entropy, negative log-likelihood); `nil` weighs all alike.
  package var weight: [Double]?
  /// The difference from which on smooth L1 is linear.
  package var beta = 1.0

  /// The losses, by their names in grids, in the order of manuals.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Cross entropy of logits against classes, in nats (`nn.CrossEntropyLoss`).
    case crossEntropy = "cross_entropy"
    /// Negative log-likelihood of log-probabilities against classes (`nn.NLLLoss`).
    case nll
    /// Mean squared error over all outputs (`nn.MSELoss`): against one-hot labels where the output has one value per
    /// class, against the input where it has the input's shape.
    case mse
    /// Mean absolute error over all outputs (`nn.L1Loss`), against the same.
    case l1
    /// Squared below `beta`, absolute above (`nn.SmoothL1Loss`), against the same.
    case smoothL1 = "smooth_l1"
    /// Binary cross entropy of each output's logit (`nn.BCEWithLogitsLoss`), against the same.
    case bceWithLogits = "bce_with_logits"

    fileprivate var form: OptionForm<Loss> {
      let weight = OptionField<Loss>.option(
        Option(
          "weight", .nullable(.list(.factor, count: 2...256)), default: .null,
          "A weight for each class; the mean is over the weights of the batch's classes. null weighs all alike."),
        set: { loss, options in loss.weight = options.listIfAny("weight").map { _ in options.numbers("weight") } },
        value: { $0.weight.map { .list($0.map { .number($0) }) } ?? .null }, isDefault: { $0.weight == nil })
      let (text, fields): (String, [OptionField<Loss>]) =
        switch self {
        case .crossEntropy:
          (
            "Cross entropy of logits against classes, in nats (nn.CrossEntropyLoss).",
            [
              .option(
                "label_smoothing", .share, \.labelSmoothing,
                "The share of each target that is spread evenly over all classes."), weight,
            ]
          )
        case .nll: ("Negative log-likelihood of log-probabilities against classes (nn.NLLLoss).", [weight])
        case .mse:
          (
            "Mean squared error (nn.MSELoss) against one-hot labels, or against the input where the output has its shape.",
            []
          )
        case .l1: ("Mean absolute error (nn.L1Loss), against what mse is.", [])
        case .smoothL1:
          (
            "Squared error below beta, absolute error above (nn.SmoothL1Loss), against what mse is.",
            [.option("beta", .factor, \.beta, "The difference from which on it is linear; 0 is l1.")]
          )
        case .bceWithLogits:
          ("Binary cross entropy of each output's logit (nn.BCEWithLogitsLoss), against what mse is.", [])
        }
      return OptionForm(rawValue, text, Loss(self), fields)
    }
  }

  private static let forms = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0, $0.form) })

  /// A loss with PyTorch's defaults.
  package init(_ kind: Kind) { self.kind = kind }

  /// Cross entropy of logits against classes.
  package static let crossEntropy = Loss(.crossEntropy)
  /// Negative log-likelihood of log-probabilities against classes.
  package static let nll = Loss(.nll)
  /// Mean squared error.
  package static let mse = Loss(.mse)

  /// The losses that a grid can name, with their options and PyTorch's defaults.
  package static let tables = Kind.allCases.map { form($0).table }

  /// Makes the loss of a table's name and checked options.
  ///
  /// - Throws: where all classes weigh nothing.
  package init(_ name: String, _ options: Options) throws(OptionError) {
    guard let kind = Kind(rawValue: name) else { preconditionFailure("no loss has the name \(name)") }
    self = Self.form(kind).value(options)
    if let weight, !weight.contains(where: { $0 > 0 }) {
      throw OptionError(option: "weight", "is 0 for every class; expected one above 0")
    }
  }

  private static func form(_ kind: Kind) -> OptionForm<Loss> {
    guard let form = forms[kind] else { preconditionFailure("\(kind) has no form") }
    return form
  }

  /// The loss's name in grids.
  package var name: String { kind.rawValue }

  /// The options that differ from PyTorch's defaults.
  package var changedOptions: [(name: String, value: OptionValue)] {
    Self.form(kind).options(of: self).filter { !$0.isDefault }.pairs
  }

  /// The name and the options that differ from PyTorch's defaults, as a sentence has them:
  /// `cross entropy, label smoothing 0.1`.
  package var text: String { words.joined(separator: ", ") }

  /// The name, then the options that differ from PyTorch's defaults.
  package var words: [String] {
    let noted = changedOptions.map { name, value in
      let listed = if case .list(let values) = value { values.map(\.text).joined(separator: ", ") } else { value.text }
      return "\(name.replacing("_", with: " ")) \(listed)"
    }
    return [name.replacing("_", with: " ")] + noted
  }

  /// Whether it compares value by value, with one-hot labels or the input itself; otherwise with a class.
  package var comparesValues: Bool {
    switch kind {
    case .crossEntropy, .nll: false
    case .mse, .l1, .smoothL1, .bceWithLogits: true
    }
  }

  /// Whether it is a logarithm of probabilities, counted in nats.
  package var isInNats: Bool {
    switch kind {
    case .crossEntropy, .nll, .bceWithLogits: true
    case .mse, .l1, .smoothL1: false
    }
  }
}
