import Architectures

/// A data set that the program knows by name. A new one in a known format is an entry here and nothing else: the grid's
/// tables, the catalogue, the reader and the fetcher follow.
package struct KnownDataset: Hashable, Sendable {
  /// The name that a grid uses.
  package let name: String
  /// What it is, in a few words.
  package let title: String
  /// What it is, as the grid's manual says it.
  package let documentation: String
  /// The shape of one image.
  package let shape: Shape
  /// The classes' names.
  package let classes: [String]
  /// How many training examples were published, or are drawn where a grid does not say.
  package let trainCount: Int
  /// How many test examples were published, or are drawn where a grid does not say.
  package let testCount: Int
  /// How its examples are stored.
  package let format: Format
  /// The folders below the data root in which its files are looked for, the program's own first.
  package let folders: [String]
  /// Where it is published; `nil` where it needs no file.
  package let publication: Publication?

  /// How the examples of a data set are stored.
  package enum Format: Hashable, Sendable {
    /// The program draws them.
    case drawn
    /// MNIST's: images and labels to train on, images and labels to test on, in files whose names begin with these.
    case idx(train: String, test: String)
    /// CIFAR's binary one: records of one or two labels and an image.
    case cifar(Batches)
    /// SVHN's: a MATLAB file to train on, and one to test on.
    case matlab
  }

  /// The files of a data set in CIFAR's binary format, and what their records begin with.
  package struct Batches: Hashable, Sendable {
    /// The files to train on, of which some may be missing.
    package let train: [String]
    /// The file to test on.
    package let test: String
    /// The list of the classes' names, one per line.
    package let names: String
    /// How many labels, each a byte, a record begins with.
    package let labelCount: Int
    /// Which of them is the class.
    package let label: Int
  }

  /// The files that a data set is published as, where they lie, and how they are recognised.
  package struct Publication: Hashable, Sendable {
    /// Addresses of folders, each with all files, in the order in which they are asked.
    package let mirrors: [String]
    /// The files; in MATLAB's format those to train on, then those to test on.
    package let files: [PublishedFile]
    /// What is taken out of the one file, where it is an archive: the names below the archive's folder.
    package let archived: [String]
    /// The folder in the archive; `nil` where it has the name of the folder in which the files are kept.
    package let archiveFolder: String?

    /// Creates a publication.
    package init(mirrors: [String], files: [PublishedFile], archived: [String] = [], archiveFolder: String? = nil) {
      (self.mirrors, self.files, self.archived, self.archiveFolder) = (mirrors, files, archived, archiveFolder)
    }
  }

  /// All of them, in the order in which they are listed.
  package static let all: [KnownDataset] = [
    digits, mnist, fashionMNIST, kmnist, emnistBalanced, emnistByClass, emnistByMerge, emnistLetters, emnistDigits,
    emnistMNIST, cifar10, cifar100, cifar100Coarse, svhn,
  ]

  /// Those that can be fetched.
  package static let published = all.filter { $0.publication != nil }

  /// The data set of a name.
  package static func named(_ name: String) -> KnownDataset? { all.first { $0.name == name } }

  /// The command that fetches it.
  package var fetchCommand: String { "bench data fetch \(name)" }

  /// Digits that the program draws itself.
  package static let digits = KnownDataset(
    name: "digits", title: "digits that the program draws, 28 × 28 grey",
    documentation: "Digits that the program draws itself, 28 × 28 grey; needs no file.", shape: Shape(1, 28, 28),
    classes: (0...9).map(String.init), trainCount: 10_000, testCount: 2_000, format: .drawn, folders: [],
    publication: nil)

  /// LeCun, Cortes and Burges's handwritten digits, by the digests of what is inside: the mirrors may pack it anew.
  package static let mnist = KnownDataset(
    name: "mnist", title: "handwritten digits, 28 × 28 grey",
    documentation: "Handwritten digits, 28 × 28 grey, 60,000 to train on and 10,000 to test on.",
    shape: Shape(1, 28, 28), classes: (0...9).map(String.init), trainCount: 60_000, testCount: 10_000,
    format: .idx(train: "train", test: "t10k"),
    folders: ["mnist", "MNIST/raw"],
    publication: Publication(
      mirrors: [
        "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
      ],
      files: [
        PublishedFile(
          name: "train-images-idx3-ubyte.gz", bytes: 9_912_422, digestOf: .contents, contentBytes: 47_040_016,
          digest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        PublishedFile(
          name: "train-labels-idx1-ubyte.gz", bytes: 28_881, digestOf: .contents, contentBytes: 60_008,
          digest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        PublishedFile(
          name: "t10k-images-idx3-ubyte.gz", bytes: 1_648_877, digestOf: .contents, contentBytes: 7_840_016,
          digest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        PublishedFile(
          name: "t10k-labels-idx1-ubyte.gz", bytes: 4_542, digestOf: .contents, contentBytes: 10_008,
          digest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
      ]))

  /// Xiao, Rasul and Vollgraf's articles of clothing, arXiv:1708.07747. Digests as TensorFlow Datasets lists them
  /// (url_checksums/fashion_mnist.txt).
  package static let fashionMNIST = KnownDataset(
    name: "fashion_mnist", title: "articles of clothing, 28 × 28 grey",
    documentation: "Pieces of clothing, in MNIST's format.", shape: Shape(1, 28, 28),
    classes: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ], trainCount: 60_000, testCount: 10_000, format: .idx(train: "train", test: "t10k"),
    folders: ["fashion_mnist", "FashionMNIST/raw"],
    publication: Publication(
      mirrors: [
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
      ],
      files: [
        PublishedFile(
          name: "train-images-idx3-ubyte.gz", bytes: 26_421_880, digestOf: .file,
          digest: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        PublishedFile(
          name: "train-labels-idx1-ubyte.gz", bytes: 29_515, digestOf: .file,
          digest: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        PublishedFile(
          name: "t10k-images-idx3-ubyte.gz", bytes: 4_422_102, digestOf: .file,
          digest: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        PublishedFile(
          name: "t10k-labels-idx1-ubyte.gz", bytes: 5_148, digestOf: .file,
          digest: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
      ]))

  /// Clanuwat and others' cursive hiragana, arXiv:1812.01718. Digests as TensorFlow Datasets lists them
  /// (url_checksums/kmnist.txt).
  package static let kmnist = KnownDataset(
    name: "kmnist", title: "cursive Japanese letters, 28 × 28 grey",
    documentation: "Kuzushiji-MNIST: ten hiragana as old books have them, in MNIST's format.", shape: Shape(1, 28, 28),
    classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"], trainCount: 60_000, testCount: 10_000,
    format: .idx(train: "train", test: "t10k"), folders: ["kmnist", "KMNIST/raw"],
    publication: Publication(
      mirrors: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
      files: [
        PublishedFile(
          name: "train-images-idx3-ubyte.gz", bytes: 18_165_135, digestOf: .file,
          digest: "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
        PublishedFile(
          name: "train-labels-idx1-ubyte.gz", bytes: 29_497, digestOf: .file,
          digest: "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
        PublishedFile(
          name: "t10k-images-idx3-ubyte.gz", bytes: 3_041_136, digestOf: .file,
          digest: "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
        PublishedFile(
          name: "t10k-labels-idx1-ubyte.gz", bytes: 5_120, digestOf: .file,
          digest: "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
      ]))

  /// The files of images and of labels whose names begin with a word.
  package static func idxNames(_ prefix: String) -> [String] {
    ["\(prefix)-images-idx3-ubyte", "\(prefix)-labels-idx1-ubyte"]
  }

  /// Krizhevsky's photographs in ten classes, the binary version. Digest as TensorFlow Datasets lists it
  /// (url_checksums/cifar10.txt).
  package static let cifar10 = KnownDataset(
    name: "cifar10", title: "photographs of animals and vehicles, 32 × 32 colour",
    documentation: "Photographs of ten kinds of things, 32 × 32 in colour, 50,000 and 10,000.",
    shape: Shape(3, 32, 32),
    classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
    trainCount: 50_000, testCount: 10_000,
    format: .cifar(
      Batches(
        train: (1...5).map { "data_batch_\($0).bin" }, test: "test_batch.bin", names: "batches.meta.txt", labelCount: 1,
        label: 0)), folders: ["cifar-10-batches-bin"],
    publication: Publication(
      mirrors: ["https://www.cs.toronto.edu/~kriz/"],
      files: [
        PublishedFile(
          name: "cifar-10-binary.tar.gz", bytes: 170_052_171, digestOf: .file,
          digest: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
      ],
      archived: (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin", "batches.meta.txt"]))

  /// Krizhevsky's photographs in a hundred classes.
  package static let cifar100 = cifar100(
    name: "cifar100", title: "photographs in a hundred classes, 32 × 32 colour",
    documentation: "CIFAR-100: photographs of a hundred kinds of things, 32 × 32 in colour, 50,000 and 10,000.",
    names: "fine_label_names.txt", label: 1,
    classes: [
      "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy",
      "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock",
      "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish",
      "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion",
      "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange",
      "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine",
      "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk",
      "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank",
      "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale",
      "willow_tree", "wolf", "woman", "worm",
    ])

  /// The same photographs by their twenty groups of five classes.
  package static let cifar100Coarse = cifar100(
    name: "cifar100_coarse", title: "the same, in twenty groups of classes",
    documentation: "CIFAR-100 with its coarse labels: the twenty groups that its classes are in.",
    names: "coarse_label_names.txt", label: 0,
    classes: [
      "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables", "household_electrical_devices",
      "household_furniture", "insects", "large_carnivores", "large_man-made_outdoor_things",
      "large_natural_outdoor_scenes", "large_omnivores_and_herbivores", "medium_mammals", "non-insect_invertebrates",
      "people", "reptiles", "small_mammals", "trees", "vehicles_1", "vehicles_2",
    ])

  /// Netzer and others' street view house numbers, cropped. Digests as TensorFlow Datasets lists them
  /// (url_checksums/svhn_cropped.txt).
  package static let svhn = KnownDataset(
    name: "svhn", title: "digits of house numbers, 32 × 32 colour",
    documentation: "SVHN: digits cut out of photographs of house numbers, 32 × 32 in colour, 73,257 and 26,032.",
    shape: Shape(3, 32, 32), classes: (0...9).map(String.init), trainCount: 73_257, testCount: 26_032, format: .matlab,
    folders: ["svhn", "SVHN"],
    publication: Publication(
      mirrors: ["http://ufldl.stanford.edu/housenumbers/"],
      files: [
        PublishedFile(
          name: "train_32x32.mat", bytes: 182_040_794, digestOf: .file,
          digest: "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8"),
        PublishedFile(
          name: "test_32x32.mat", bytes: 64_275_384, digestOf: .file,
          digest: "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b"),
      ]))

  /// The binary version, whose records have the coarse label, then the fine one. Digest as TensorFlow Datasets lists it
  /// (url_checksums/cifar100.txt).
  private static func cifar100(
    name: String, title: String, documentation: String, names: String, label: Int, classes: [String]
  ) -> KnownDataset {
    KnownDataset(
      name: name, title: title, documentation: documentation, shape: Shape(3, 32, 32), classes: classes,
      trainCount: 50_000, testCount: 10_000,
      format: .cifar(Batches(train: ["train.bin"], test: "test.bin", names: names, labelCount: 2, label: label)),
      folders: ["cifar-100-binary"],
      publication: Publication(
        mirrors: ["https://www.cs.toronto.edu/~kriz/"],
        files: [
          PublishedFile(
            name: "cifar-100-binary.tar.gz", bytes: 168_513_733, digestOf: .file,
            digest: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")
        ],
        archived: ["train.bin", "test.bin", "fine_label_names.txt", "coarse_label_names.txt"]))
  }
}

/// One published file.
package struct PublishedFile: Hashable, Sendable {
  /// The name below a mirror's address and below the data set's folder.
  package let name: String
  /// The size in bytes as it was published; for the display, and to stop a server that sends far more.
  package let bytes: Int
  /// What the digest is taken over.
  package let digestOf: DigestOf
  /// How many bytes the digest is over; a file that holds more is another one, whatever follows.
  package let digestedBytes: Int
  /// SHA-256 in hexadecimal.
  package let digest: String

  /// What a digest is taken over.
  package enum DigestOf: Hashable, Sendable {
    /// The file as it is.
    case file
    /// The content of the gzip container, or the file where it is not gzipped.
    case contents
  }

  /// Creates a description of a file.
  ///
  /// - Parameter contentBytes: how much a gzip container holds; `nil` for a file whose digest is over itself.
  package init(name: String, bytes: Int, digestOf: DigestOf, contentBytes: Int? = nil, digest: String) {
    (self.name, self.bytes, self.digestOf, self.digest) = (name, bytes, digestOf, digest)
    digestedBytes = contentBytes ?? bytes
  }
}
