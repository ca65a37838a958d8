/// A change of the images before a network reads them: a transform of torchvision.transforms with its options.
package struct Transform: Hashable, Sendable {
  /// What it does.
  package let kind: any TransformKind

  /// Creates a transform.
  package init(_ kind: any TransformKind) { self.kind = kind }

  /// Every transform, in the order of manuals. A new one is a file in this folder, a line here and its pixels in
  /// Datasets.
  private static let kinds: [any TransformKind.Type] = [
    RandomCrop.self, RandomResizedCrop.self, RandomHorizontalFlip.self, RandomVerticalFlip.self, RandomRotation.self,
    RandomAffine.self, ColorJitter.self, RandomErasing.self, Pad.self, Resize.self, CenterCrop.self, Grayscale.self,
  ]

  /// The transforms with their options and torchvision's defaults.
  package static let tables = kinds.map { $0.type.table }

  /// Those of them that draw nothing.
  package static let fixedTables = kinds.filter { !$0.isRandom }.map { $0.type.table }

  /// Makes the transform of checked options, its name among them.
  package init(_ options: Options) {
    let name = options.text("name")
    guard let kind = Self.kinds.first(where: { $0.type.table.name == name }) else {
      preconditionFailure("no transform has the name \(name)")
    }
    self.init(kind.type.make(options))
  }

  private var type: TransformType { Swift.type(of: kind).type }

  /// The name in grids.
  package var name: String { type.table.name }

  /// The name and all options, defaults written out.
  package var asOptions: Options {
    let values = Dictionary(type.options(kind).pairs.map { ($0.name, $0.value) }) { $1 }
    return Options(values.merging(["name": .text(name)]) { $1 })
  }

  /// The name, then the options that differ from their defaults: `random crop`, `size 32`, `padding 4`.
  package var words: [String] {
    let options = type.options(kind).filter { !$0.isDefault }.map {
      "\($0.name.replacing("_", with: " ")) \($0.value.text)"
    }
    return [name.replacing("_", with: " ")] + options
  }

  package static func == (first: Transform, second: Transform) -> Bool { first.kind.isEqual(to: second.kind) }

  package func hash(into hasher: inout Hasher) { kind.hash(into: &hasher) }
}

extension [Transform] {
  /// What the transforms, one after another, make of an example's shape.
  ///
  /// - Parameter key: the option that lists them, for the message: `dataset.augment`.
  /// - Throws: ``TransformError`` where one of them can't be applied to what it gets.
  package func output(of shape: Shape, key: String) throws(TransformError) -> Shape {
    guard !isEmpty else { return shape }
    guard var image = try? ImageShape(shape, rank: .two) else {
      throw TransformError(key: key, "transforms images [C, H, W], and the examples are [\(shape)]; leave it out")
    }
    for (index, transform) in enumerated() {
      do throws(OptionError) {
        image = try transform.kind.output(of: image)
      } catch {
        let option = error.option.isEmpty ? "" : ".\(error.option)"
        throw TransformError(key: "\(key)[\(index)]\(option)", error.message)
      }
    }
    return image.shape(rank: .two)
  }
}

/// Why a list of transforms can't be applied to examples of a shape.
package struct TransformError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The option in the grid.
  package let key: String
  /// What was found, what is allowed.
  package let message: String

  /// Creates an error.
  package init(key: String, _ message: String) { (self.key, self.message) = (key, message) }

  /// Where, what was found, what is allowed.
  package var description: String { "\(key) \(message)" }
}
