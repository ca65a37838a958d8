import Architectures
import Datasets
import Experiments
import Testing

@Suite struct DatasetLibraryTests {
  let folder: TemporaryFolder
  let library: DatasetLibrary

  init() throws {
    folder = try TemporaryFolder()
    library = DatasetLibrary(root: DataRoot(option: folder.path), relativeTo: folder.path)
  }

  @Test(arguments: [
    ("mnist", 60_000, 1, 10), ("fashion_mnist", 60_000, 1, 10), ("kmnist", 60_000, 1, 10), ("cifar10", 50_000, 3, 10),
    ("cifar100", 50_000, 3, 100), ("cifar100_coarse", 50_000, 3, 20), ("svhn", 73_257, 3, 10),
    ("emnist_letters", 124_800, 1, 27), ("emnist_balanced", 112_800, 1, 47), ("emnist_byclass", 697_932, 1, 62),
  ])
  func describesKnownDataSetsWithoutTheirFiles(name: String, train: Int, channels: Int, classes: Int) throws {
    let description = try library.describe(DatasetSelection(name: name, validation: 10_000))
    #expect(description.trainCount == train - 10_000)
    #expect(description.validationCount == 10_000)
    let tests = ["svhn": 26_032, "emnist_letters": 20_800, "emnist_balanced": 18_800, "emnist_byclass": 116_323]
    #expect(description.testCount == tests[name] ?? 10_000)
    #expect(description.shape.dimensions[0] == channels)
    #expect(description.classes.count == classes && Set(description.classes).count == classes)
  }

  @Test(arguments: ["mnist", "fashion_mnist", "kmnist"])
  func missingFilesAreNamedWithPlaceAndCommand(_ name: String) throws {
    try folder.write([], to: "\(name)/train-images-idx3-ubyte.gz")
    #expect(
      throws: DatasetError.missing(
        dataset: name,
        files: ["train-labels-idx1-ubyte[.gz]", "t10k-images-idx3-ubyte[.gz]", "t10k-labels-idx1-ubyte[.gz]"],
        folder: folder.appending(name), command: "bench data fetch \(name)")
    ) { try library.load(DatasetSelection(name: name)) }
  }

  @Test(arguments: ["emnist", "EMNIST/raw"]) func emnistsSplitsLieInOneFolder(_ place: String) throws {
    for part in ["train", "test"] {
      let images = SampleFiles.idx([2, 28, 28], [UInt8](repeating: 7, count: 1568))
      try folder.write(images, to: "\(place)/emnist-letters-\(part)-images-idx3-ubyte")
      try folder.write(SampleFiles.idx([2], [1, 26]), to: "\(place)/emnist-letters-\(part)-labels-idx1-ubyte")
    }
    let letters = try library.load(DatasetSelection(name: "emnist_letters"))
    #expect((0..<2).map { letters.train.labels[$0] } == [1, 26] && letters.description.classes.last == "z")
    let error = try #require(throws: DatasetError.self) { try library.load(DatasetSelection(name: "emnist_digits")) }
    #expect("\(error)".contains("emnist-digits-train-images-idx3-ubyte[.gz]"))
    #expect("\(error)".contains("bench data fetch emnist_digits"))
  }

  @Test func findsTorchvisionsFolders() throws {
    let images = SampleFiles.idx([2, 28, 28], [UInt8](repeating: 7, count: 1568))
    for kind in ["train", "t10k"] {
      try folder.write(images, to: "MNIST/raw/\(kind)-images-idx3-ubyte")
      try folder.write(SampleFiles.idx([2], [1, 9]), to: "MNIST/raw/\(kind)-labels-idx1-ubyte")
    }
    #expect(try library.load(DatasetSelection(name: "mnist")).train.labelValues == [1, 9])
    let entry = library.catalog()[1]
    #expect(entry.presence == .present(folder: folder.appending("MNIST/raw"), train: 2, test: 2))
    #expect(entry.isPartial)
  }

  @Test func refusesImagesOfAnotherSizeUnderAKnownName() throws {
    for kind in ["train", "t10k"] {
      try folder.write(SampleFiles.idx([1, 2, 2], [1, 2, 3, 4]), to: "mnist/\(kind)-images-idx3-ubyte")
      try folder.write(SampleFiles.idx([1], [1]), to: "mnist/\(kind)-labels-idx1-ubyte")
    }
    let error = try #require(throws: DatasetError.self) { try library.describe(DatasetSelection(name: "mnist")) }
    #expect("\(error)".contains("1 × 2 × 2; expected images of 1 × 28 × 28, as mnist has"))
    guard case .damaged = library.catalog()[1].presence else {
      Issue.record("the catalogue should call it damaged")
      return
    }
  }

  static func folds(_ fold: Int, of count: Int) -> DatasetSelection {
    var selection = DatasetSelection(name: "mnist")
    selection.split = .fold(fold, of: count)
    return selection
  }

  static func changed(
    _ name: String, transform: [any TransformKind] = [], augment: [any TransformKind] = []
  ) -> DatasetSelection {
    var selection = DatasetSelection(name: name)
    (selection.transform, selection.augment) = (transform.map(Transform.init), augment.map(Transform.init))
    return selection
  }

  static let badSelections: [(DatasetSelection, String)] = [
    (DatasetSelection(name: "mnits"), "data set \"mnits\" is not known; expected one of digits, mnist"),
    (DatasetSelection(name: "mnist", train: 0), "dataset.train is 0; expected 1 to 60000"),
    (DatasetSelection(name: "mnist", train: 60_001), "dataset.train is 60001; expected 1 to 60000"),
    (DatasetSelection(name: "mnist", test: 10_001), "dataset.test is 10001; expected 1 to 10000"),
    (DatasetSelection(name: "mnist", validation: -1), "dataset.validation is -1; expected 0 to 59999"),
    (DatasetSelection(name: "mnist", validation: 60_000), "dataset.validation is 60000; expected 0 to 59999"),
    (DatasetSelection(name: "mnist", train: 100, validation: 100), "dataset.validation is 100; expected 0 to 99"),
    (folds(5, of: 5), "dataset.validation.fold is 5; expected 0 to 4, the first to the last of 5 folds"),
    (
      folds(0, of: 60_001),
      "dataset.validation.of is 60001; expected 2 to 60000, the training examples that are cut into folds"
    ),
    (
      changed("mnist", augment: [RandomCrop(size: Extent(40), padding: Margins(4))]),
      "dataset.augment[0].size is 40 × 40, and the image is 36 × 36 with its padding; take a smaller size, more padding, "
        + "or pad_if_needed"
    ),
    (
      changed("mnist", augment: [RandomHorizontalFlip(), RandomCrop(size: Extent(28, 29))]),
      "dataset.augment[1].size is 28 × 29, and the image is 28 × 28; take a smaller size, more padding, or pad_if_needed"
    ),
    (
      changed("mnist", augment: [Pad(Margins(2))]),
      "dataset.augment makes images of 1 × 32 × 32, and those that are evaluated are 1 × 28 × 28; what changes their shape "
        + "stands in dataset.transform, which all examples go through (pad, resize, center_crop, grayscale)"
    ),
    (
      changed("mnist", augment: [RandomCrop(size: Extent(28), padding: Margins(28), paddingMode: .reflect)]),
      "dataset.augment[0].padding is 28; padding_mode \"reflect\" mirrors at most 27 of an image that is 28 wide"
    ),
    (
      changed("cifar10", transform: [Pad(Margins(left: 0, top: 33, right: 0, bottom: 0), paddingMode: .symmetric)]),
      "dataset.transform[0].padding is 33; padding_mode \"symmetric\" mirrors at most 32 of an image that is 32 high"
    ),
    (
      changed("cifar10", augment: [RandomErasing(value: .constant([0, 1]))]),
      "dataset.augment[0].value has 2 values; expected 1, or one for each of the 3 channels"
    ),
    (
      changed("cifar10", augment: [Grayscale()]),
      "dataset.augment makes images of 1 × 32 × 32, and those that are evaluated are 3 × 32 × 32"
    ),
    (DatasetSelection(name: "mnist", classes: ["a", "b"]), "dataset.classes is 2 names; expected 10"),
    (DatasetSelection(name: "digits", train: 1_000_000), "dataset.train is 1000000; expected 1 to 100000"),
    (
      DatasetSelection(name: "cifar10", normalize: Normalization(mean: [0, 0], std: [1])),
      "dataset.normalize.mean is 2 values; expected 1, or 3, one per channel"
    ),
    (
      DatasetSelection(name: "cifar10", normalize: Normalization(mean: [0], std: [1, 0, 1])),
      "dataset.normalize.std is 0.0; expected numbers other than 0"
    ),
    (DatasetSelection(name: "idx"), "dataset is \"idx\" without files; expected train_images"),
  ]

  @Test(arguments: badSelections)
  func refusesSelectionsThatCannotBe(_ selection: DatasetSelection, _ message: String) throws {
    let error = try #require(throws: DatasetError.self) { try library.describe(selection) }
    #expect("\(error)".hasPrefix(message), "\(error)")
  }

  @Test func validationIsTheEndOfTheFirstExamples() throws {
    let files = try SampleFiles.writeIDX(to: folder)
    let data = try library.load(DatasetSelection(name: "idx", files: files, train: 2, test: 1, validation: 1))
    #expect(data.train.bytes == [0, 1, 2, 3])
    #expect(data.validation.bytes == [4, 5, 6, 7])
    #expect(data.validation.labelValues == [1])
    #expect(data.test.bytes == Array(100..<104))
    #expect(
      data.description
        == (try library.describe(
          DatasetSelection(name: "idx", files: files, train: 2, test: 1, validation: 1))))
  }

  @Test func theDigestFollowsWhatIsLearntFromAndNothingElse() throws {
    let files = try SampleFiles.writeIDX(to: folder)
    func digest(_ change: (inout DatasetSelection) -> Void) throws -> String {
      var selection = DatasetSelection(name: "idx", files: files)
      change(&selection)
      return try library.load(selection).digest
    }
    let plain = try digest { _ in }
    #expect(plain.count == 64)
    #expect(try digest { $0.classes = ["x", "y", "z"] } == plain)
    #expect(try digest { $0.normalize = Normalization(mean: [0.5], std: [0.5]) } == plain)
    #expect(try digest { $0.shuffle = false } == plain)
    #expect(try digest { $0.train = 2 } != plain)
    #expect(try digest { $0.test = 1 } != plain)
    #expect(try digest { $0.split = .last(1) } != plain)
    try folder.write(SampleFiles.idx([3], [0, 2, 2]), to: "b.idx")
    #expect(try digest { _ in } != plain)
  }

  @Test func bytesBecomeWhatToTensorAndNormalizeGive() throws {
    let plain = try library.load(DatasetSelection(name: "digits", train: 1, test: 1))
    #expect(plain.byteValues == (0..<256).map { Float($0) / 255 })
    let normalized = try library.load(
      DatasetSelection(name: "digits", train: 1, test: 1, normalize: Normalization(mean: [0.1307], std: [0.3081])))
    // transforms.Normalize((0.1307,), (0.3081,))(ToTensor()(image)), PyTorch 2.13, for bytes 0, 1, 128 and 255
    let expected: [UInt32] = [0xbed9_3271, 0xbed2_ae20, 0x3f9a_3d7a, 0x4034_933d]
    #expect([0, 1, 128, 255].map { normalized.byteValues[$0].bitPattern } == expected)
  }
}

@Suite struct DataRootTests {
  @Test func takesTheOptionThenTheVariableThenTheCache() {
    let environment = ["BENCH_DATA": "/data", "XDG_CACHE_HOME": "/cache", "HOME": "/home/a"]
    #expect(DataRoot(option: "here", environment: environment).path == "here")
    #expect(DataRoot(environment: environment).path == "/data")
    #expect(DataRoot(environment: environment).origin == .environment)
    #expect(DataRoot(environment: ["BENCH_DATA": "", "XDG_CACHE_HOME": "/cache"]).path == "/cache/bench/data")
    #expect(DataRoot(environment: ["XDG_CACHE_HOME": "cache", "HOME": "/home/a"]).path == "/home/a/.cache/bench/data")
  }
}
