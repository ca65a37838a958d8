import Experiments
import Files
import Foundation

@testable import Datasets

/// Small files in the formats that are read here.
enum SampleFiles {
  /// An IDX file: magic, sizes, values.
  static func idx(code: UInt8 = 8, _ dimensions: [Int], _ values: [UInt8]) -> [UInt8] {
    [0, 0, code, UInt8(dimensions.count)]
      + dimensions.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } } + values
  }

  /// Records of CIFAR-10 whose pixels count up from the label.
  static func cifar(labels: [UInt8]) -> [UInt8] {
    labels.flatMap { label in [label] + (0..<3072).map { UInt8(truncatingIfNeeded: Int(label) + $0) } }
  }

  /// A `.npy` file of version 1 with a header as it is given.
  static func npy(header: String, _ values: [UInt8] = []) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count % 256), UInt8(header.utf8.count / 256)]
      + Array(header.utf8) + values
  }

  /// The bytes as `gzip` packs them.
  static func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "bytes")
    _ = try ChildProcess(.gzip, [path], for: "test").finish()
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + ".gz")))
  }

  /// Writes the four files of a data set of three training and two test images of 2 × 2.
  static func writeIDX(
    to folder: TemporaryFolder, trainImages: [UInt8]? = nil, trainLabels: [UInt8]? = nil
  ) throws -> DatasetFiles {
    try folder.write(trainImages ?? idx([3, 2, 2], Array(0..<12)), to: "a.idx")
    try folder.write(trainLabels ?? idx([3], [0, 1, 2]), to: "b.idx")
    try folder.write(idx([2, 2, 2], Array(100..<108)), to: "c.idx")
    try folder.write(idx([2], [2, 1]), to: "d.idx")
    return DatasetFiles(trainImages: "a.idx", trainLabels: "b.idx", testImages: "c.idx", testLabels: "d.idx")
  }
}
