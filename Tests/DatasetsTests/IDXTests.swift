import Architectures
import Datasets
import Experiments
import Foundation
import Testing

@Suite struct IDXTests {
  let folder: TemporaryFolder
  let library: DatasetLibrary

  init() throws {
    folder = try TemporaryFolder()
    library = DatasetLibrary(root: DataRoot(option: folder.path), relativeTo: folder.path)
  }

  func load(_ files: DatasetFiles, classes: [String]? = nil) throws -> Dataset {
    try library.load(DatasetSelection(name: "idx", files: files, classes: classes))
  }

  @Test func readsImagesAndLabels() throws {
    let data = try load(try SampleFiles.writeIDX(to: folder))
    #expect(data.description.shape == Shape(1, 2, 2))
    #expect(data.description.classes == ["0", "1", "2"])
    #expect(data.train.bytes == Array(0..<12))
    #expect(data.train.labelValues == [0, 1, 2])
    #expect(data.test.bytes == Array(100..<108))
    #expect(data.test.labelValues == [2, 1])
    #expect(data.validation.count == 0)
  }

  @Test func readsGzippedFilesToTheSameDigest() throws {
    let plain = try load(try SampleFiles.writeIDX(to: folder))
    let packed = try SampleFiles.writeIDX(
      to: folder, trainImages: try SampleFiles.gzipped(SampleFiles.idx([3, 2, 2], Array(0..<12))),
      trainLabels: try SampleFiles.gzipped(SampleFiles.idx([3], [0, 1, 2])))
    let library = DatasetLibrary(relativeTo: folder.path)
    let data = try library.load(DatasetSelection(name: "idx", files: packed))
    #expect(data.train.bytes == Array(0..<12))
    #expect(data.digest == plain.digest)
  }

  @Test func readsChannelsVectorsAndFloats() throws {
    let labels = SampleFiles.idx([1], [0])
    func shape(_ images: [UInt8]) throws -> ExampleSet {
      try folder.write(images, to: "x")
      try folder.write(labels, to: "y")
      let files = DatasetFiles(trainImages: "x", trainLabels: "y", testImages: "x", testLabels: "y")
      return try DatasetLibrary(relativeTo: folder.path).load(DatasetSelection(name: "idx", files: files)).train
    }
    #expect(try shape(SampleFiles.idx([1, 3, 2, 1], Array(0..<6))).shape == Shape(3, 2, 1))
    #expect(try shape(SampleFiles.idx([1, 6], Array(0..<6))).shape == Shape(6))
    // 1.5 and −2 as big-endian floats
    let floats = try shape(SampleFiles.idx(code: 0x0d, [1, 2], [0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0]))
    #expect(floats.floats == [1.5, -2])
  }

  @Test func readsIntegerLabelsOfAnyWidth() throws {
    let files = try SampleFiles.writeIDX(
      to: folder, trainLabels: SampleFiles.idx(code: 0x0c, [3], [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1]))
    #expect(try load(files).train.labelValues == [2, 0, 1])
  }

  static let damagedImages: [(name: String, bytes: [UInt8], words: [String])] = [
    ("empty", [], ["begins with nothing"]),
    ("wrong magic", [1, 0, 8, 3, 0, 0], ["begins with 01 00 08 03", "00 00 08 03"]),
    ("unknown type", [0, 0, 7, 3, 0, 0], ["begins with 00 00 07 03"]),
    ("no dimensions", [0, 0, 8, 0], ["0 dimensions", "1 to 4"]),
    ("200 dimensions", [0, 0, 8, 200], ["200 dimensions"]),
    ("half a header", [0, 0, 8, 3, 0, 0, 0, 3], ["cut short: 8 bytes", "expected 16"]),
    ("truncated", SampleFiles.idx([3, 2, 2], Array(0..<11)), ["cut short: 27 bytes", "expected 28", "3 × 2 × 2"]),
    ("overlong", SampleFiles.idx([3, 2, 2], Array(0..<13)), ["too long: 29 bytes", "expected 28"]),
    ("no images", SampleFiles.idx([0, 2, 2], []), ["dimensions are 0 × 2 × 2", "at least 1"]),
    (
      "huge", SampleFiles.idx([0xffff_ffff, 0xffff_ffff, 0xffff_ffff], []),
      ["dimensions are 4294967295 × 4294967295 × 4294967295"]
    ),
    ("labels", SampleFiles.idx([3], [0, 0, 0]), ["dimensions are 3", "height × width"]),
    ("integers", SampleFiles.idx(code: 0x0b, [3, 1, 1], [0, 0, 0, 0, 0, 0]), ["values are >i2", "f4"]),
    ("too few", SampleFiles.idx([2, 2, 2], Array(0..<8)), ["has 2 images", "3 labels"]),
  ]

  @Test(arguments: damagedImages)
  func refusesDamagedImages(_ damage: (name: String, bytes: [UInt8], words: [String])) throws {
    let files = try SampleFiles.writeIDX(to: folder, trainImages: damage.bytes)
    let error = try #require(throws: DatasetError.self) { try load(files) }
    for word in damage.words + ["/a.idx"] { #expect("\(error)".contains(word), "\(damage.name): \(error)") }
  }

  @Test(arguments: damagedImages.filter { !$0.bytes.isEmpty })
  func refusesDamagedGzippedImages(_ damage: (name: String, bytes: [UInt8], words: [String])) throws {
    let files = try SampleFiles.writeIDX(to: folder, trainImages: try SampleFiles.gzipped(damage.bytes))
    #expect(throws: DatasetError.self) { try load(files) }
  }

  @Test func refusesLabelsThatAreNoClass() throws {
    let files = try SampleFiles.writeIDX(to: folder, trainLabels: SampleFiles.idx([3], [0, 3, 2]))
    #expect(
      throws: DatasetError.labelOutOfRange(path: folder.appending("b.idx"), index: 1, label: 3, classes: 3)
    ) { try load(files, classes: ["a", "b", "c"]) }
    let negative = try SampleFiles.writeIDX(to: folder, trainLabels: SampleFiles.idx(code: 9, [3], [0, 255, 2]))
    #expect(
      throws: DatasetError.labelOutOfRange(path: folder.appending("b.idx"), index: 1, label: -1, classes: 256)
    ) { try DatasetLibrary(relativeTo: folder.path).load(DatasetSelection(name: "idx", files: negative)) }
  }

  @Test func refusesABrokenGzipContainer() throws {
    let whole = try SampleFiles.gzipped(SampleFiles.idx([3, 2, 2], Array(0..<12)))
    let lying = Array(whole.dropLast(8) + [UInt8](repeating: 0, count: 8))
    for (bytes, word) in [(Array(whole.dropLast(4)), "unexpected end"), (lying, "crc error")] {
      let files = try SampleFiles.writeIDX(to: folder, trainImages: bytes)
      let error = try #require(throws: DatasetError.self) { try load(files) }
      #expect("\(error)".contains("can't be unpacked") && "\(error)".contains(word), "\(error)")
    }
  }

  @Test func refusesAGzipContainerThatCannotHoldWhatItClaims() throws {
    let packed = try SampleFiles.gzipped(SampleFiles.idx([60000, 2800, 2800], [1, 2, 3]))
    let files = try SampleFiles.writeIDX(to: folder, trainImages: packed)
    let error = try #require(throws: DatasetError.self) { try load(files) }
    #expect("\(error)".contains("expected 470400000016"), "\(error)")
  }

  @Test func refusesFoldersAndPipes() throws {
    let files = try SampleFiles.writeIDX(to: folder)
    let pipe = folder.appending("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    for path in [folder.path, pipe] {
      var odd = files
      odd.trainImages = path
      #expect(throws: DatasetError.unreadable(path: path, reason: "not a regular file")) { try load(odd) }
    }
  }

  @Test func namesMissingFilesWithoutACommand() throws {
    var files = try SampleFiles.writeIDX(to: folder)
    files.testLabels = "nowhere.idx"
    let error = try #require(throws: DatasetError.self) { try load(files) }
    #expect("\(error)".contains(folder.appending("nowhere.idx")))
    #expect(!"\(error)".contains("bench data fetch"))
  }
}
