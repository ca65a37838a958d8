/// A transform: its options and what it makes of an image's shape. Options and defaults are those of the class of the same
/// name in torchvision.transforms.
///
/// A kind is a struct in a file of its own, which ``Transform`` lists; Datasets has what it does to pixels.
package protocol TransformKind: Hashable, Sendable {
  /// The name and the options.
  static var type: TransformType { get }

  /// Whether it draws random numbers.
  static var isRandom: Bool { get }

  /// - Throws: ``OptionError`` where options do not go together.
  func check() throws(OptionError)

  /// The image that an image becomes.
  ///
  /// - Throws: ``OptionError`` where it can't be made of such an image.
  func output(of image: ImageShape) throws(OptionError) -> ImageShape
}

extension TransformKind {
  /// `true`
  package static var isRandom: Bool { true }

  /// Nothing is wrong.
  package func check() throws(OptionError) {}

  /// Of the same shape.
  package func output(of image: ImageShape) throws(OptionError) -> ImageShape { image }

  func isEqual(to other: any TransformKind) -> Bool { (other as? Self) == self }
}

/// The name and the options of a transform as data, and how they become a ``TransformKind`` and come from one.
package struct TransformType: Sendable {
  let table: OptionTable
  let make: @Sendable (Options) -> any TransformKind
  let options: @Sendable (any TransformKind) -> [DescribedOption]

  /// - Parameter template: a transform whose options are the defaults; those of options that must be given don't matter.
  init<Kind: TransformKind>(
    _ name: String, _ documentation: String, _ template: Kind, _ fields: [OptionField<Kind>]
  ) {
    let form = OptionForm(name, documentation, template, fields)
    table = form.table
    make = { form.value($0) }
    options = { kind in
      guard let kind = kind as? Kind else { preconditionFailure("\(kind) is not of the type \(name)") }
      return form.options(of: kind)
    }
  }
}
