import Architectures
import Experiments
import Foundation

/// Where examples come from: what is known of them beforehand, and how they are read.
protocol ExampleSource: Sendable {
  var shape: Shape { get }
  var classes: [String] { get }
  /// How many training and test examples are used where a grid does not say.
  var usual: ExampleCounts { get }
  /// How many can be had.
  var limit: ExampleCounts { get }
  /// Bytes that a value takes in memory.
  var bytesPerValue: Int { get }
  /// Reads the first examples of each kind.
  ///
  /// - Parameter transform: what is then done to all of them.
  /// - Returns: the examples, and the transforms that are still to be applied.
  func read(
    first counts: ExampleCounts, before transform: [Transform]
  ) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet, transform: [Transform])
}

/// A source whose examples are of one shape.
protocol UniformSource: ExampleSource {
  /// Reads the first examples of each kind.
  func read(first counts: ExampleCounts) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet)
}

extension UniformSource {
  func read(
    first counts: ExampleCounts, before transform: [Transform]
  ) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet, transform: [Transform]) {
    let (train, test) = try read(first: counts)
    return (train, test, transform)
  }
}

extension ExampleSource {
  var bytesPerValue: Int { 1 }
  var limit: ExampleCounts { usual }
}

/// How many training and how many test examples.
struct ExampleCounts: Hashable {
  var train: Int
  var test: Int
}

/// A known data set whose files are not there: enough to plan with, nothing to read.
struct PublishedExamples: UniformSource {
  let known: KnownDataset
  let missing: DatasetError
  let classes: [String]

  var shape: Shape { known.shape }
  var usual: ExampleCounts { ExampleCounts(train: known.trainCount, test: known.testCount) }

  func read(first counts: ExampleCounts) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet) {
    throw missing
  }
}

/// CIFAR's binary files, as many as there are.
struct CIFARExamples: UniformSource {
  let trainFiles: [CIFARFile]
  let testFile: CIFARFile
  let classes: [String]

  var shape: Shape { CIFARFile.shape }
  var usual: ExampleCounts { ExampleCounts(train: trainFiles.reduce(0) { $0 + $1.count }, test: testFile.count) }

  func read(first counts: ExampleCounts) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet) {
    (try read(trainFiles, first: counts.train), try read([testFile], first: counts.test))
  }

  private func read(_ files: [CIFARFile], first count: Int) throws(DatasetError) -> ExampleSet {
    let pixels = try Allocation(byteCount: count * shape.count, for: files[0].path)
    var labels: [UInt8] = []
    labels.reserveCapacity(count)
    for file in files {
      let wanted = min(count - labels.count, file.count)
      let rest = UnsafeMutableRawBufferPointer(rebasing: pixels.bytes[(labels.count * shape.count)...])
      try file.read(first: wanted, classes: classes.count, pixels: rest, labels: &labels)
    }
    return ExampleSet(shape: shape, pixels: pixels, areBytes: true, labels: labels)
  }
}

/// SVHN's MATLAB files.
struct MATExamples: UniformSource {
  let train: MATFile
  let test: MATFile
  let classes: [String]

  var shape: Shape { MATFile.shape }
  var usual: ExampleCounts { ExampleCounts(train: train.count, test: test.count) }

  func read(first counts: ExampleCounts) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet) {
    (try read(train, first: counts.train), try read(test, first: counts.test))
  }

  private func read(_ file: MATFile, first count: Int) throws(DatasetError) -> ExampleSet {
    let pixels = try Allocation(byteCount: count * shape.count, for: file.path)
    let labels = try file.read(first: count, pixels: pixels)
    return ExampleSet(shape: shape, pixels: pixels, areBytes: true, labels: labels)
  }
}

/// Images and labels in IDX or `.npy` files.
struct ArrayExamples: UniformSource {
  let train: ArrayPair
  let test: ArrayPair
  let shape: Shape
  let classes: [String]

  /// Looks at the headers, and at the labels where no classes are given.
  init(train: ArrayPair, test: ArrayPair, classes: [String]?) throws(DatasetError) {
    (self.train, self.test) = (train, test)
    shape = try train.images.imageShape()
    let testShape = try test.images.imageShape()
    guard testShape == shape, train.images.holdsBytes == test.images.holdsBytes else {
      throw .imagesDiffer(
        train: train.images.path, trainImages: "\(shape) \(train.images.holdsBytes ? "bytes" : "floats")",
        test: test.images.path, testImages: "\(testShape) \(test.images.holdsBytes ? "bytes" : "floats")")
    }
    if let classes {
      self.classes = classes
    } else {
      let largest = max(try train.largestLabel(), try test.largestLabel())
      self.classes = (0...Int(largest)).map(String.init)
    }
  }

  var usual: ExampleCounts { ExampleCounts(train: train.labels.count, test: test.labels.count) }
  var bytesPerValue: Int { train.images.holdsBytes ? 1 : MemoryLayout<Float>.stride }

  func read(first counts: ExampleCounts) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet) {
    (try read(train, first: counts.train), try read(test, first: counts.test))
  }

  private func read(_ pair: ArrayPair, first count: Int) throws(DatasetError) -> ExampleSet {
    let labels = try pair.labels.labels(first: count, classes: classes.count)
    let pixels = try pair.images.images(first: count)
    return ExampleSet(shape: shape, pixels: pixels, areBytes: pair.images.holdsBytes, labels: labels)
  }
}

/// A file of images and the file of their labels.
struct ArrayPair {
  let images: ArrayFile
  let labels: ArrayFile

  /// Looks at both headers and sees that they agree.
  init(images: String, labels: String, format: ArrayFormat) throws(DatasetError) {
    self.images = try ArrayFile(path: images, format: format)
    self.labels = try ArrayFile(path: labels, format: format)
    _ = try self.images.imageShape()
    try self.labels.checkLabels()
    guard self.images.count == self.labels.count else {
      throw .countsDiffer(images: images, imageCount: self.images.count, labels: labels, labelCount: self.labels.count)
    }
  }

  func largestLabel() throws(DatasetError) -> UInt8 {
    try labels.labels(first: labels.count, classes: DatasetSelection.maximumClasses).max() ?? 0
  }
}
