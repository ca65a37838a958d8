import Experiments
import Foundation
import Testing

@testable import Datasets

/// Files with seeded damage: each is read or refused with a message, without a crash and without waiting.
///
/// `BENCH_FUZZ_ROUNDS` sets how many there are of each kind; a failure names its round, which is its seed.
@Suite struct HostileFileTests {
  static let rounds = ProcessInfo.processInfo.environment["BENCH_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 300

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// One to four changes of the kinds that find faults in readers.
  func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.index(4) {
      let place = bytes.isEmpty ? 0 : random.index(random.index(2) == 0 ? min(bytes.count, 96) : bytes.count)
      switch random.index(7) {
      case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(random.index(8))
      case 1 where !bytes.isEmpty: bytes[place] = [0, 1, 0x7f, 0x80, 0xff, 0x28, 0x27, 0x39][random.index(8)]
      case 2: bytes = Array(bytes.prefix(place))
      case 3: bytes += (0...random.index(40)).map { _ in UInt8(random.index(256)) }
      case 4: bytes.insert(contentsOf: bytes[place...].prefix(random.index(20)), at: place)
      case 5: bytes.replaceSubrange(place..<min(bytes.count, place + 4), with: [0xff, 0xff, 0xff, 0xff])
      default: bytes.removeSubrange(place..<min(bytes.count, place + random.index(5)))
      }
    }
    return bytes
  }

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
      var random = SplitMix64(seed: UInt64(round))
      // A container costs a process, so it has its turn less often.
      try folder.write(damaged(round % 20 == 0 ? packed : images, &random), to: "a")
      try folder.write(round % 2 == 0 ? labels : damaged(labels, &random), to: "b")
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
      var random = SplitMix64(seed: UInt64(round))
      let (header, size) = headers[round % headers.count]
      let images = SampleFiles.npy(header: header, (0..<size).map { UInt8($0 % 256) })
      try folder.write(damaged(images, &random), to: "a")
      try folder.write(round % 2 == 0 ? labels : damaged(labels, &random), to: "b")
      read(DatasetSelection(name: "npy", files: files, classes: round % 3 == 0 ? nil : ["a", "b", "c"]), round: round)
    }
  }

  @Test(.timeLimit(.minutes(60))) func damagedCIFARFiles() throws {
    let batch = SampleFiles.cifar(labels: [1, 2, 3])
    try folder.write(batch, to: "cifar-10-batches-bin/test_batch.bin")
    for round in 0..<Self.rounds {
      var random = SplitMix64(seed: UInt64(round))
      var bytes = damaged(batch, &random)
      // Torn records are refused at once; every other round is whole, so that the labels are looked at.
      if round % 2 == 0 { bytes = Array((bytes + batch).prefix(batch.count)) }
      try folder.write(bytes, to: "cifar-10-batches-bin/data_batch_1.bin")
      try folder.write(damaged(Array("a\nb\nc\n".utf8), &random), to: "cifar-10-batches-bin/batches.meta.txt")
      read(DatasetSelection(name: "cifar10"), round: round)
    }
  }
}
