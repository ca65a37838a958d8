/// What mixes each example of a training batch with the one before it, the first with the last: a batch transform of
/// torchvision.transforms.v2.
package struct BatchMix: Hashable, Sendable {
  /// The ways of mixing, by their names in grids, in the order of manuals.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Every value is a weighted mean of both. Source: Zhang et al. 2017, arXiv:1710.09412.
    case mixup
    /// A rectangle is the other example's. Source: Yun et al. 2019, arXiv:1905.04899.
    case cutmix

    fileprivate var form: OptionForm<BatchMix> {
      let text =
        switch self {
        case .mixup: "A weighted mean of neighbouring examples and of their classes (torchvision.transforms.v2.MixUp)."
        case .cutmix:
          "A rectangle of the neighbouring example, whose class counts by its area (torchvision.transforms.v2.CutMix)."
        }
      return OptionForm(
        rawValue, text, BatchMix(self),
        [
          .option(
            "alpha", .number(NumberRange(0...1_000, excludesMinimum: true)), \.alpha,
            "Both concentrations of the Beta distribution that a batch's share is drawn from.")
        ])
    }
  }

  /// How it mixes.
  package let kind: Kind
  /// Both concentrations of the Beta distribution that the share of an example itself is drawn from, above 0.
  package var alpha: Double

  /// Creates a mix with torchvision's default.
  package init(_ kind: Kind, alpha: Double = 1) { (self.kind, self.alpha) = (kind, alpha) }

  private static let forms = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0, $0.form) })

  /// The mixes that a grid can name, with their options and torchvision's defaults.
  package static let tables = Kind.allCases.map { form($0).table }

  /// Makes the mix of checked options, its name among them.
  package init(_ options: Options) {
    guard let kind = Kind(rawValue: options.text("name")) else {
      preconditionFailure("no mix has the name \(options.text("name"))")
    }
    self = Self.form(kind).value(options)
  }

  private static func form(_ kind: Kind) -> OptionForm<BatchMix> {
    guard let form = forms[kind] else { preconditionFailure("\(kind) has no form") }
    return form
  }

  /// The name and all options, defaults written out.
  package var asOptions: Options {
    let values = Dictionary(Self.form(kind).options(of: self).pairs.map { ($0.name, $0.value) }) { $1 }
    return Options(values.merging(["name": .text(kind.rawValue)]) { $1 })
  }

  /// The name, then the options that differ from their defaults: `mixup`, `alpha 0.2`.
  package var words: [String] {
    let changed = Self.form(kind).options(of: self).filter { !$0.isDefault }.map { "\($0.name) \($0.value.text)" }
    return [kind.rawValue] + changed
  }

  /// - Parameter shape: of the examples.
  /// - Throws: ``TransformError`` where they are no images.
  package func check(_ shape: Shape) throws(TransformError) {
    guard (try? ImageShape(shape, rank: .two)) == nil else { return }
    throw TransformError(key: "dataset.mix", "mixes images [C, H, W], and the examples are [\(shape)]; leave it out")
  }
}
