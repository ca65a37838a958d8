import Experiments
import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Files with seeded damage: each is read or refused with a message, without a crash and without waiting.
@Suite struct HostileFileTests {
  static let rounds = fuzzRounds(everyDay: 300)

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Describes and loads; anything but success or a message in words is a fault of the reader.
  func read(_ selection: DatasetSelection, round: Int) {
    let library = DatasetLibrary(root: DataRoot(option: folder.path), relativeTo: folder.path)
    do {
      let data = try library.load(selection)
      #expect(data.train.count == data.description.trainCount, "round \(round)")
      #expect(data.train.labelValues.allSatisfy { Int($0) < data.description.classes.count }, "round \(round)")
      #expect(data.train.shape.count <= 4096, "round \(round)")
    } catch {
      #expect("\(error)".count > 20, "round \(round)")
    }
  }

  @Test(.timeLimit(.minutes(60))) func damagedIDXFiles() throws {
    let images = SampleFiles.idx([4, 3, 3], (0..<36).map { UInt8($0) })
    let labels = SampleFiles.idx([4], [0, 1, 2, 1])
    let packed = try SampleFiles.gzipped(images)
    try folder.write(images, to: "c")
    try folder.write(labels, to: "d")
    let files = DatasetFiles(trainImages: "a", trainLabels: "b", testImages: "c", testLabels: "d")
    for round in 0..<Self.rounds {
      var random = SeededGenerator(seed: UInt64(round))
      // A container costs a process, so it has its turn less often.
      try folder.write((round % 20 == 0 ? packed : images).damaged(&random), to: "a")
      try folder.write(round % 2 == 0 ? labels : labels.damaged(&random), to: "b")
      read(DatasetSelection(name: "idx", files: files, classes: round % 3 == 0 ? nil : ["a", "b", "c"]), round: round)
    }
  }

  @Test(.timeLimit(.minutes(60))) func damagedNPYFiles() throws {
    let headers = [
      ("{'descr': '|u1', 'fortran_order': False, 'shape': (4, 3, 3), }", 36),
      ("{'descr': '<f4', 'fortran_order': True, 'shape': (4, 1, 3, 3), }", 144),
      ("{'descr': '>f8', 'fortran_order': False, 'shape': (4, 9), }", 288),
    ]
    let labels = SampleFiles.npy(
      header: "{'descr': '<i2', 'fortran_order': False, 'shape': (4,), }", [0, 0, 1, 0, 2, 0, 1, 0])
    try folder.write(labels, to: "y")
    let files = DatasetFiles(trainImages: "a", trainLabels: "b", testImages: "a", testLabels: "y")
    for round in 0..<Self.rounds {
      var random = SeededGenerator(seed: UInt64(round))
      let (header, size) = headers[round % headers.count]
      let images = SampleFiles.npy(header: header, (0..<size).map { UInt8($0 % 256) })
      try folder.write(images.damaged(&random), to: "a")
      try folder.write(round % 2 == 0 ? labels : labels.damaged(&random), to: "b")
      read(DatasetSelection(name: "npy", files: files, classes: round % 3 == 0 ? nil : ["a", "b", "c"]), round: round)
    }
  }

  @Test(.timeLimit(.minutes(60))) func damagedCIFARFiles() throws {
    let batch = SampleFiles.cifar(labels: [1, 2, 3])
    try folder.write(batch, to: "cifar-10-batches-bin/test_batch.bin")
    for round in 0..<Self.rounds {
      var random = SeededGenerator(seed: UInt64(round))
      var bytes = batch.damaged(&random)
      // Torn records are refused at once; every other round is whole, so that the labels are looked at.
      if round % 2 == 0 { bytes = Array((bytes + batch).prefix(batch.count)) }
      try folder.write(bytes, to: "cifar-10-batches-bin/data_batch_1.bin")
      try folder.write(Array("a\nb\nc\n".utf8).damaged(&random), to: "cifar-10-batches-bin/batches.meta.txt")
      read(DatasetSelection(name: "cifar10"), round: round)
    }
  }
}
