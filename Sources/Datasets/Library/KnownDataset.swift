import Architectures

/// A data set that the program knows by name.
public struct KnownDataset: Hashable, Sendable {
  /// The name that a grid uses.
  public let name: String
  /// What it is, in a few words.
  public let title: String
  /// The shape of one image.
  public let shape: Shape
  /// The classes' names.
  public let classes: [String]
  /// How many training examples were published, or are drawn where a grid does not say.
  public let trainCount: Int
  /// How many test examples were published, or are drawn where a grid does not say.
  public let testCount: Int
  /// The folders below the data root in which its files are looked for, the program's own first.
  let folders: [String]

  /// All of them, in the order in which they are listed.
  public static let all: [KnownDataset] = [digits, mnist, fashionMNIST, cifar10]

  /// Digits that the program draws itself.
  public static let digits = KnownDataset(
    name: "digits", title: "digits that the program draws, 28 × 28 grey", shape: Shape(1, 28, 28),
    classes: (0...9).map(String.init), trainCount: 10_000, testCount: 2_000, folders: [])

  /// LeCun, Cortes and Burges's handwritten digits.
  public static let mnist = KnownDataset(
    name: "mnist", title: "handwritten digits, 28 × 28 grey", shape: Shape(1, 28, 28),
    classes: (0...9).map(String.init), trainCount: 60_000, testCount: 10_000, folders: ["mnist", "MNIST/raw"])

  /// Xiao, Rasul and Vollgraf's articles of clothing, arXiv:1708.07747.
  public static let fashionMNIST = KnownDataset(
    name: "fashion_mnist", title: "articles of clothing, 28 × 28 grey", shape: Shape(1, 28, 28),
    classes: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ], trainCount: 60_000, testCount: 10_000, folders: ["fashion_mnist", "FashionMNIST/raw"])

  /// Krizhevsky's photographs in ten classes.
  public static let cifar10 = KnownDataset(
    name: "cifar10", title: "photographs of animals and vehicles, 32 × 32 colour", shape: CIFARFile.shape,
    classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
    trainCount: 50_000, testCount: 10_000, folders: ["cifar-10-batches-bin"])

  /// The data set of a name.
  public static func named(_ name: String) -> KnownDataset? { all.first { $0.name == name } }

  /// What a missing data set is got with.
  var fetchCommand: String { "bench data fetch \(name)" }
}
