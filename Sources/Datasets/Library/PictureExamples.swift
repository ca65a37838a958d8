import Architectures
import Experiments

/// Pictures in folders, one for each class.
struct PictureExamples: ExampleSource {
  let train: PictureFolder
  let test: PictureFolder
  let classes: [String]
  /// The shape of the first picture; others may have other sizes where transforms make one size of them.
  let shape: Shape
  private let mode: PictureFolders.Mode

  /// Lists both folders, and looks at the header of the first picture.
  init(_ folders: PictureFolders, classes: [String]?) throws(DatasetError) {
    (train, test) = (try PictureFolder(path: folders.train), try PictureFolder(path: folders.test))
    guard train.classes == test.classes else {
      throw .classesDiffer(train: train.path, trainClasses: train.classes, test: test.path, testClasses: test.classes)
    }
    if let classes, classes.count != train.classes.count {
      throw .badSelection(
        key: "dataset.classes", found: "\(classes.count) names",
        expected: "\(train.classes.count), one for each folder in \(train.path)")
    }
    self.classes = classes ?? train.classes
    mode = folders.mode
    shape = Self.shape(of: try PictureFile.open(train.files[0].path), mode)
  }

  var usual: ExampleCounts { ExampleCounts(train: train.files.count, test: test.files.count) }

  /// Reads pictures of one size as bytes. Where there are several sizes the transforms are applied here, to each picture.
  func read(
    first counts: ExampleCounts, before transform: [Transform]
  ) throws(DatasetError) -> (train: ExampleSet, test: ExampleSet, transform: [Transform]) {
    let files = (train.files.prefix(counts.train), test.files.prefix(counts.test))
    if let train = try bytes(of: files.0, before: transform), let test = try bytes(of: files.1, before: transform) {
      return (train, test, transform)
    }
    return (try floats(of: files.0, after: transform), try floats(of: files.1, after: transform), [])
  }

  /// Pictures as bytes; `nil` where one has another size than the first, and transforms may mend that.
  private func bytes(
    of files: ArraySlice<PictureFolder.File>, before transform: [Transform]
  ) throws(DatasetError) -> ExampleSet? {
    let pixels = try Allocation(byteCount: files.count * shape.count, for: train.path)
    var start = pixels.start(as: UInt8.self)
    for file in files {
      let picture = try PictureFile.open(file.path)
      let found = Self.shape(of: picture, mode)
      guard found == shape else {
        if !transform.isEmpty { return nil }
        throw .picturesDiffer(
          path: file.path, found: found, first: train.files[0].path, expected: shape, isTransformed: false)
      }
      try mode.write(picture, path: file.path, to: start)
      start += shape.count
    }
    return ExampleSet(shape: shape, pixels: pixels, areBytes: true, labels: files.map(\.label))
  }

  /// Pictures after transforms, which make one size of them.
  private func floats(
    of files: ArraySlice<PictureFolder.File>, after transform: [Transform]
  ) throws(DatasetError) -> ExampleSet {
    let output = try Self.output(of: shape, transform)
    let values = try Allocation(byteCount: files.count * output.count * MemoryLayout<Float>.stride, for: train.path)
    var start = values.start(as: Float.self)
    var chains: [Shape: TransformChain] = [:]
    let draws = NoDraws()
    for file in files {
      let picture = try PictureFile.open(file.path)
      let found = Self.shape(of: picture, mode)
      let becomes = try Self.output(of: found, transform)
      guard becomes == output else {
        throw .picturesDiffer(
          path: file.path, found: becomes, first: train.files[0].path, expected: output, isTransformed: true)
      }
      let pixels = try Allocation(byteCount: found.count, for: file.path)
      try mode.write(picture, path: file.path, to: pixels.start(as: UInt8.self))
      let example = ExampleSet(shape: found, pixels: pixels, areBytes: true, labels: [file.label])
      let chain = chains[found] ?? TransformChain(transform, shape: found)
      chains[found] = chain
      start.update(from: chain.apply(to: example, at: 0, draws), count: output.count)
      start += output.count
    }
    return ExampleSet(shape: output, pixels: values, areBytes: false, labels: files.map(\.label))
  }

  private static func shape(of picture: any PictureDecoder, _ mode: PictureFolders.Mode) -> Shape {
    Shape(mode.channels, picture.height, picture.width)
  }

  private static func output(of shape: Shape, _ transform: [Transform]) throws(DatasetError) -> Shape {
    do { return try transform.output(of: shape, key: "dataset.transform") } catch { throw .badTransform(error) }
  }
}

extension PictureFolders.Mode {
  /// Decodes a picture into bytes in the order `[C, H, W]`.
  fileprivate func write(
    _ picture: any PictureDecoder, path: String, to bytes: UnsafeMutablePointer<UInt8>
  ) throws(DatasetError) {
    let plane = picture.height * picture.width
    let decoded = try Allocation(byteCount: 3 * plane, for: path)
    try picture.decode(into: decoded)
    let colours = decoded.start(as: UInt8.self)
    switch self {
    case .colour:
      for pixel in 0..<plane {
        for channel in 0..<3 { bytes[channel * plane + pixel] = colours[3 * pixel + channel] }
      }
    case .grey:
      // Pillow's, of ITU-R 601-2: 16 bits behind the point, rounded.
      for pixel in 0..<plane {
        let (red, green, blue) = (Int(colours[3 * pixel]), Int(colours[3 * pixel + 1]), Int(colours[3 * pixel + 2]))
        bytes[pixel] = UInt8((19_595 * red + 38_470 * green + 7_471 * blue + 0x8000) >> 16)
      }
    }
  }
}
