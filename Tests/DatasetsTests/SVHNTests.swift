import Architectures
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Datasets

/// SVHN's MATLAB files; `Fixtures/svhn.py` wrote small ones.
@Suite struct SVHNTests {
  private struct Fixture: Decodable { let files: [String: Data] }

  private let folder: TemporaryFolder
  private let files: [String: Data]

  init() throws {
    folder = try TemporaryFolder()
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/svhn.json")
    files = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url)).files
    try folder.write(file("plain"), to: "svhn/test_32x32.mat")
  }

  private func file(_ name: String) throws -> [UInt8] { [UInt8](try #require(files[name])) }

  private func load(_ selection: DatasetSelection = DatasetSelection(name: "svhn")) throws(DatasetError) -> Dataset {
    try DatasetLibrary(root: DataRoot(option: folder.path)).load(selection)
  }

  @Test(arguments: ["plain", "y first", "double", "int16"])
  func readsImagesAndLabels(name: String) throws {
    try folder.write(file(name), to: "svhn/train_32x32.mat")
    let data = try load()
    #expect(data.train.labelValues == [0, 1, 9, 3] && data.train.shape == Shape(3, 32, 32))
    var expected: [UInt8] = []
    for image in 0..<4 {
      for channel in 0..<3 {
        for row in 0..<32 {
          for column in 0..<32 {
            expected.append(UInt8((7 * row + 11 * column + 50 * channel + 31 * image) % 256))
          }
        }
      }
    }
    #expect(data.train.bytes == expected)
    let two = try load(DatasetSelection(name: "svhn", train: 2))
    #expect(two.train.bytes == Array(expected.prefix(2 * 3072)) && two.train.labelValues == [0, 1])
  }

  @Test func missingFilesAreNamed() {
    #expect(
      throws: DatasetError.missing(
        dataset: "svhn", files: ["train_32x32.mat"], folder: folder.appending("svhn"), command: "bench data fetch svhn")
    ) { try load() }
  }

  @Test func mistakesAreToldWithTheirFile() throws {
    func said(_ bytes: [UInt8]) throws -> String {
      let path = try folder.write(bytes, to: "svhn/train_32x32.mat")
      let error = #expect(throws: DatasetError.self) { try load() }
      let text = error?.description ?? ""
      #expect(text.hasPrefix(path))
      return String(text.dropFirst(path.count))
    }
    let again = ". The file is damaged: get it again"
    #expect(
      try said([1, 2, 3])
        == ": begins with 01 02 03; expected MATLAB 5.0 MAT-file, little-endian. Is it the right file?")
    #expect(
      try said(file("unpacked")) == ": the header has an element of type 14; expected packed arrays (15), as SVHN has"
        + again)
    #expect(try said(file("label 11")) == ": the header has label 2 as 11.0; expected 1 to 10" + again)
    #expect(try said(file("label 0.5")) == ": the header has label 0 as 10.5; expected 1 to 10" + again)
    #expect(try said(file("few labels")) == ": the dimensions are 3 × 1; expected y of 4 labels, one for each image")
    #expect(try said(file("no y")) == ": the header has no array y; expected the arrays X and y" + again)
    #expect(try said(file("grey")) == ": the dimensions are 32 × 32 × 1 × 4; expected X of 32 × 32 × 3 × count bytes")
    #expect(try said(file("floats")) == ": the dimensions are 32 × 32 × 3 × 4; expected X of 32 × 32 × 3 × count bytes")
    let plain = try file("plain")
    #expect(try said(Array(plain.prefix(300))) == ": can't be unpacked: unexpected end of file. Get the file again")
  }

  @Test(.timeLimit(.minutes(60))) func damagedFiles() throws {
    let plain = try file("plain")
    for round in 0..<fuzzRounds(everyDay: 300) {
      var random = SeededGenerator(seed: UInt64(round))
      try folder.write(plain.damaged(&random), to: "svhn/train_32x32.mat")
      do {
        let data = try load()
        #expect(data.train.labelValues.allSatisfy { $0 < 10 }, "round \(round)")
      } catch {
        #expect("\(error)".count > 20, "round \(round)")
      }
    }
  }
}
