import Architectures
import Experiments
import Foundation
import Synchronization

/// Finds, describes and reads the data sets that grids name.
///
/// Headers are looked at once: a library is made for one command.
package final class DatasetLibrary: Sendable {
  /// The folder of the known data sets.
  package let root: DataRoot
  private let folder: String
  private let sources = Mutex<[SourceKey: any ExampleSource]>([:])

  /// Creates a library.
  ///
  /// - Parameter folder: where the relative paths of `idx`, `npy` and `image_folder` begin: the folder of the grid's file.
  package init(root: DataRoot = DataRoot(), relativeTo folder: String = ".") {
    (self.root, self.folder) = (root, folder)
  }

  /// What is known of a selection without reading its pixels.
  ///
  /// Known data sets whose files are missing are described as they were published, so that a grid can be planned
  /// without them.
  package func describe(_ selection: DatasetSelection) throws(DatasetError) -> DatasetDescription {
    let source = try source(of: selection)
    let counts = try Self.counts(of: selection, in: source)
    let shape: Shape
    do { shape = try selection.shape(of: source.shape) } catch { throw .badTransform(error) }
    try Self.checkNormalization(selection.normalize, channels: shape.channels)
    let validation = selection.split.range(of: counts.train).count
    return DatasetDescription(
      name: selection.name, shape: shape, classes: source.classes, trainCount: counts.train - validation,
      validationCount: validation, testCount: counts.test)
  }

  /// Bytes of memory that the examples of a selection take once they are loaded.
  package func byteCount(of selection: DatasetSelection) throws(DatasetError) -> Int {
    let source = try source(of: selection)
    let counts = try Self.counts(of: selection, in: source)
    let example =
      selection.transform.isEmpty
      ? source.shape.count * source.bytesPerValue : try describe(selection).shape.count * MemoryLayout<Float>.stride
    return (counts.train + counts.test) * (example + 1)
  }

  /// A random order of `count` things that follows from a seed.
  package typealias Permutation = (_ seed: UInt64, _ count: Int) -> [Int32]

  /// Reads, or draws, what a selection names: the first examples, part of which validates.
  ///
  /// Each call reads anew; keep what it returns.
  ///
  /// - Parameter permutation: the order in which a selection with a ``DatasetSelection/splitSeed`` is split; one without
  ///   does not ask.
  package func load(
    _ selection: DatasetSelection, permutation: Permutation? = nil
  ) throws(DatasetError) -> Dataset {
    let description = try describe(selection)
    let source = try source(of: selection)
    let counts = ExampleCounts(
      train: description.trainCount + description.validationCount, test: description.testCount)
    let (all, test, transform) = try source.read(first: counts, before: selection.transform)
    let (train, validation) = Self.split(all, selection, permutation)
    return Dataset(
      name: selection.name, classes: source.classes, train: train, validation: validation, test: test,
      transform: transform, augment: selection.augment, mix: selection.mix,
      normalization: selection.normalize)
  }

  /// The examples to train on and those to validate with.
  private static func split(
    _ all: ExampleSet, _ selection: DatasetSelection, _ permutation: Permutation?
  ) -> (train: ExampleSet, validation: ExampleSet) {
    let range = selection.split.range(of: all.count)
    if selection.splitSeed == nil, range.upperBound == all.count {
      return (all[0..<range.lowerBound], all[range])
    }
    var order = Array(0..<all.count)
    if let seed = selection.splitSeed {
      guard let permutation else { preconditionFailure("a split by seed \(seed) needs a permutation") }
      order = permutation(UInt64(seed), all.count).map { Int($0) }
    }
    let rest = Array(order[..<range.lowerBound]) + Array(order[range.upperBound...])
    return (all.gathered(rest), all.gathered(Array(order[range])))
  }

  // MARK: Finding

  private struct SourceKey: Hashable {
    let name: String
    let files: DatasetFiles?
    let folders: PictureFolders?
    let classes: [String]?
  }

  private func source(of selection: DatasetSelection) throws(DatasetError) -> any ExampleSource {
    let key = SourceKey(
      name: selection.name, files: selection.files, folders: selection.folders, classes: selection.classes)
    if let source = sources.withLock({ $0[key] }) { return source }
    let source = try find(key)
    sources.withLock { $0[key] = source }
    return source
  }

  private func find(_ key: SourceKey) throws(DatasetError) -> any ExampleSource {
    if let classes = key.classes { try Self.check(classes: classes, of: key.name) }
    switch key.name {
    case "idx": return try arrays(key, format: .idx)
    case "npy": return try arrays(key, format: .npy)
    case "image_folder": return try pictures(key)
    default:
      guard let known = KnownDataset.named(key.name) else {
        throw .unknownName(key.name, known: KnownDataset.all.map(\.name) + ["idx", "npy", "image_folder"])
      }
      return try find(known, classes: key.classes ?? known.classes)
    }
  }

  private func find(_ known: KnownDataset, classes: [String]) throws(DatasetError) -> any ExampleSource {
    switch known.format {
    case .drawn: return DigitExamples(classes: classes)
    case .idx, .cifar, .matlab:
      switch try locate(known) {
      case .missing(let missing): return PublishedExamples(known: known, missing: missing, classes: classes)
      case .cifar(let train, let test, let names):
        let named = classes == known.classes ? names ?? classes : classes
        return CIFARExamples(trainFiles: train, testFile: test, classes: named)
      case .matlab(let train, let test): return MATExamples(train: train, test: test, classes: classes)
      case .idx(let files):
        let source = try arrays(files, format: .idx, classes: classes)
        guard source.shape == known.shape else {
          throw .badDimensions(
            path: files.trainImages, found: source.train.images.header.dimensions,
            expected: "images of \(known.shape), as \(known.name) has")
        }
        return source
      }
    }
  }

  private func pictures(_ key: SourceKey) throws(DatasetError) -> PictureExamples {
    guard let folders = key.folders else {
      throw .badSelection(
        key: "dataset", found: "\"\(key.name)\" without folders", expected: "train_folder and test_folder")
    }
    let found = PictureFolders(train: absolute(folders.train), test: absolute(folders.test), mode: folders.mode)
    let missing = [found.train, found.test].filter { !FileManager.default.fileExists(atPath: $0) }
    guard missing.isEmpty else {
      throw .missing(dataset: key.name, files: missing, folder: absolute("."), command: nil)
    }
    return try PictureExamples(found, classes: key.classes)
  }

  private func arrays(_ key: SourceKey, format: ArrayFormat) throws(DatasetError) -> ArrayExamples {
    guard let files = key.files else {
      throw .badSelection(
        key: "dataset", found: "\"\(key.name)\" without files",
        expected: "train_images, train_labels, test_images and test_labels")
    }
    let found = DatasetFiles(
      trainImages: absolute(files.trainImages), trainLabels: absolute(files.trainLabels),
      testImages: absolute(files.testImages), testLabels: absolute(files.testLabels))
    let paths = [found.trainImages, found.trainLabels, found.testImages, found.testLabels]
    let missing = paths.filter { !FileManager.default.fileExists(atPath: $0) }
    guard missing.isEmpty else {
      throw .missing(dataset: key.name, files: missing, folder: absolute("."), command: nil)
    }
    return try arrays(found, format: format, classes: key.classes)
  }

  private func arrays(
    _ files: DatasetFiles, format: ArrayFormat, classes: [String]?
  ) throws(DatasetError) -> ArrayExamples {
    let train = try ArrayPair(images: files.trainImages, labels: files.trainLabels, format: format)
    let test = try ArrayPair(images: files.testImages, labels: files.testLabels, format: format)
    return try ArrayExamples(train: train, test: test, classes: classes)
  }

  private func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true)).standardizedFileURL.path
  }

  // MARK: Checks

  private static func check(classes: [String], of name: String) throws(DatasetError) {
    let known = KnownDataset.named(name)?.classes.count
    guard known.map({ $0 == classes.count }) ?? (1...DatasetSelection.maximumClasses).contains(classes.count) else {
      throw .badSelection(
        key: "dataset.classes", found: "\(classes.count) names",
        expected: known.map { "\($0)" }
          ?? "1 to \(DatasetSelection.maximumClasses)")
    }
  }

  private static func counts(
    of selection: DatasetSelection, in source: any ExampleSource
  ) throws(DatasetError) -> ExampleCounts {
    func check(_ key: String, _ count: Int, _ limit: Int, _ kind: String) throws(DatasetError) {
      guard (1...limit).contains(count) else {
        throw .badSelection(
          key: "dataset.\(key)", found: "\(count)", expected: "1 to \(limit), the \(kind) examples that there are")
      }
    }
    let counts = ExampleCounts(
      train: selection.train ?? source.usual.train, test: selection.test ?? source.usual.test)
    try check("train", counts.train, source.limit.train, "training")
    try check("test", counts.test, source.limit.test, "test")
    switch selection.split {
    case .last(let validation):
      guard (0..<counts.train).contains(validation) else {
        throw .badSelection(
          key: "dataset.validation", found: "\(validation)",
          expected: "0 to \(counts.train - 1), fewer than the \(counts.train) training examples that it is split off")
      }
    case .fold(let fold, let count):
      guard (2...counts.train).contains(count) else {
        throw .badSelection(
          key: "dataset.validation.of", found: "\(count)",
          expected: "2 to \(counts.train), the training examples that are cut into folds")
      }
      guard (0..<count).contains(fold) else {
        throw .badSelection(
          key: "dataset.validation.fold", found: "\(fold)",
          expected: "0 to \(count - 1), the first to the last of \(count) folds")
      }
    }
    return counts
  }

  private static func checkNormalization(_ normalization: Normalization?, channels: Int) throws(DatasetError) {
    guard let normalization else { return }
    for (key, values) in [("mean", normalization.mean), ("std", normalization.std)] {
      guard values.count == 1 || values.count == channels else {
        throw .badSelection(
          key: "dataset.normalize.\(key)", found: "\(values.count) values",
          expected: channels == 1 ? "1" : "1, or \(channels), one per channel")
      }
      guard let bad = values.first(where: { !Float($0).isFinite || (key == "std" && Float($0) == 0) }) else { continue }
      throw .badSelection(
        key: "dataset.normalize.\(key)", found: "\(bad)", expected: key == "std" ? "numbers other than 0" : "numbers")
    }
  }
}
