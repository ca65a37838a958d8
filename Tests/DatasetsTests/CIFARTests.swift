import Architectures
import Datasets
import Experiments
import Testing

@Suite struct CIFARTests {
  let folder: TemporaryFolder
  let library: DatasetLibrary
  static let name = "cifar-10-batches-bin"

  init() throws {
    folder = try TemporaryFolder()
    library = DatasetLibrary(root: DataRoot(option: folder.path))
    try folder.write(SampleFiles.cifar(labels: [3, 9]), to: "\(Self.name)/data_batch_1.bin")
    try folder.write(SampleFiles.cifar(labels: [1]), to: "\(Self.name)/data_batch_4.bin")
    try folder.write(SampleFiles.cifar(labels: [5]), to: "\(Self.name)/test_batch.bin")
  }

  @Test func readsTheBatchesThatAreThereInOrder() throws {
    let data = try library.load(DatasetSelection(name: "cifar10"))
    #expect(data.description.shape == Shape(3, 32, 32))
    #expect(data.train.labelValues == [3, 9, 1])
    #expect(data.test.labelValues == [5])
    let expected = [3, 9, 1].flatMap { label in (0..<3072).map { UInt8(truncatingIfNeeded: label + $0) } }
    #expect(data.train.bytes == expected)
    #expect(data.description.classes[3] == "cat")
  }

  @Test func takesAPrefixAcrossBatches() throws {
    let data = try library.load(DatasetSelection(name: "cifar10", train: 2, validation: 1))
    #expect(data.train.labelValues == [3])
    #expect(data.validation.labelValues == [9])
    #expect(data.validation.bytes[0] == 9)
  }

  @Test func takesClassNamesFromTheFileBesideTheBatches() throws {
    let names = (0..<10).map { "class \($0)" }
    try folder.write(Array((names.joined(separator: "\n") + "\n\n").utf8), to: "\(Self.name)/batches.meta.txt")
    #expect(try library.describe(DatasetSelection(name: "cifar10")).classes == names)
  }

  @Test func normalizesEachChannelByItself() throws {
    let normalize = Normalization(mean: [0.1, 0.2, 0.3], std: [0.5, 0.6, 0.7])
    let data = try library.load(DatasetSelection(name: "cifar10", normalize: normalize))
    for (channel, (mean, std)) in [(0.1, 0.5), (0.2, 0.6), (0.3, 0.7)].enumerated() {
      for byte in 0..<256 {
        let expected = (Float(byte) / 255 - Float(mean)) / Float(std)
        #expect(data.byteValues[channel * 256 + byte] == expected)
      }
    }
  }

  /// A record has the coarse label, then the fine one.
  @Test(arguments: [("cifar100", [99, 0], [7], "worm"), ("cifar100_coarse", [19, 3], [2], "vehicles_2")])
  func readsEitherLabelOfCIFAR100(name: String, train: [UInt8], test: [UInt8], last: String) throws {
    let images = SampleFiles.cifar(labels: [0, 0])
    let pixels = (first: Array(images[1..<3073]), second: Array(images[3074...]))
    let records: [UInt8] = [19, 99] + pixels.first + [3, 0] + pixels.second
    try folder.write(records, to: "cifar-100-binary/train.bin")
    #expect(
      throws: DatasetError.missing(
        dataset: name, files: ["test.bin"], folder: folder.appending("cifar-100-binary"),
        command: "bench data fetch \(name)")
    ) { try library.load(DatasetSelection(name: name)) }
    try folder.write([2, 7] + pixels.first, to: "cifar-100-binary/test.bin")
    let data = try DatasetLibrary(root: DataRoot(option: folder.path)).load(DatasetSelection(name: name))
    #expect(data.train.labelValues == train && data.test.labelValues == test)
    #expect(data.train.bytes == pixels.first + pixels.second && data.test.bytes == pixels.first)
    #expect(data.description.classes.last == last && data.description.shape == Shape(3, 32, 32))
    let names = data.description.classes.map { $0.uppercased() }
    let list = name == "cifar100" ? "fine_label_names.txt" : "coarse_label_names.txt"
    try folder.write(Array(names.joined(separator: "\n").utf8), to: "cifar-100-binary/\(list)")
    let again = DatasetLibrary(root: DataRoot(option: folder.path))
    #expect(try again.describe(DatasetSelection(name: name)).classes == names)
    #expect(try again.load(DatasetSelection(name: name)).digest == data.digest)
    let entry = try #require(again.catalog().first { $0.dataset.name == name })
    #expect(entry.presence == .present(folder: folder.appending("cifar-100-binary"), train: 2, test: 1))
  }

  @Test func refusesTornRecordsOfCIFAR100() throws {
    let path = try folder.write([UInt8](repeating: 0, count: 3073), to: "cifar-100-binary/train.bin")
    try folder.write([UInt8](repeating: 0, count: 3074), to: "cifar-100-binary/test.bin")
    #expect(
      throws: DatasetError.wrongSize(path: path, found: 3073, expected: 3074, because: "records of 3074 bytes")
    ) { try library.describe(DatasetSelection(name: "cifar100")) }
    try folder.write([0, 100] + [UInt8](repeating: 0, count: 3072), to: "cifar-100-binary/train.bin")
    #expect(throws: DatasetError.labelOutOfRange(path: path, index: 0, label: 100, classes: 100)) {
      try DatasetLibrary(root: DataRoot(option: folder.path)).load(DatasetSelection(name: "cifar100"))
    }
  }

  @Test func refusesTornRecordsAndLabelsThatAreNoClass() throws {
    let path = try folder.write(Array(SampleFiles.cifar(labels: [1]).dropLast()), to: "\(Self.name)/data_batch_4.bin")
    #expect(
      throws: DatasetError.wrongSize(path: path, found: 3072, expected: 3073, because: "records of 3073 bytes")
    ) { try library.describe(DatasetSelection(name: "cifar10")) }
    try folder.write(SampleFiles.cifar(labels: [10]), to: "\(Self.name)/data_batch_4.bin")
    #expect(throws: DatasetError.labelOutOfRange(path: path, index: 0, label: 10, classes: 10)) {
      try library.load(DatasetSelection(name: "cifar10"))
    }
  }
}
