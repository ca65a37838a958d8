import Architectures
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Folders of pictures beside Pillow and torchvision.datasets.ImageFolder; `Fixtures/pictures.py` wrote the files.
@Suite struct PictureFolderTests {
  struct Fixture: Decodable {
    let height: Int
    let width: Int
    let names: [String]
    let listed: [String]
    let refused: [File]
    let pictures: [File]
  }

  struct File: Decodable, CustomTestStringConvertible {
    let name: String
    let file: Data
    var RGB: Data?
    var L: Data?
    var testDescription: String { name }
  }

  static let fixture: Fixture? = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/pictures.json")
    return (try? Data(contentsOf: url)).flatMap { try? JSONDecoder().decode(Fixture.self, from: $0) }
  }()
  static var pictures: [File] { fixture?.pictures ?? [] }

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var library: DatasetLibrary {
    DatasetLibrary(root: DataRoot(option: folder.path), relativeTo: folder.path)
  }

  private func selection(_ mode: PictureFolders.Mode = .colour, transform: [any TransformKind] = []) -> DatasetSelection
  {
    var selection = DatasetSelection(name: "image_folder")
    selection.folders = PictureFolders(train: "train", test: "test", mode: mode)
    selection.transform = transform.map(Transform.init)
    return selection
  }

  /// A file of the fixture.
  private static func file(_ name: String) throws -> [UInt8] {
    [UInt8](try #require((pictures + (fixture?.refused ?? [])).first { $0.name == name }).file)
  }

  /// A grey PNG file of bytes that count up from 0 in each row, from 16 more in the next: signature, header, pixels that are
  /// stored, end.
  private static func png(height: Int, width: Int, announcing: (height: Int, width: Int)? = nil) -> [UInt8] {
    func big(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
      let body = Array(type.utf8) + content
      var crc: UInt32 = .max
      for byte in body {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1 }
      }
      return big(content.count) + body + big(Int(~crc))
    }
    var rows: [UInt8] = []
    for row in 0..<height {
      rows.append(0)
      for column in 0..<width { rows.append(UInt8(truncatingIfNeeded: row * 16 + column)) }
    }
    var (low, high) = (1, 0)
    for byte in rows {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let length = rows.count
    let lengths = [length, length >> 8, ~length, ~length >> 8].map { UInt8(truncatingIfNeeded: $0) }
    let stored: [UInt8] = [0x78, 1, 1] + lengths + rows + big(high << 16 | low)
    let size = announcing ?? (height, width)
    let magic: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]
    let header: [UInt8] = big(size.width) + big(size.height) + [8, 0, 0, 0, 0]
    return magic + chunk("IHDR", header) + chunk("IDAT", stored) + chunk("IEND", [])
  }

  /// To the bit, JPEG too: the libraries share their arithmetic.
  @Test(arguments: pictures, PictureFolders.Mode.allCases)
  func pixelsAreThoseOfPillow(picture: File, mode: PictureFolders.Mode) throws {
    let fixture = try #require(Self.fixture)
    #expect(fixture.pictures.count == 30)
    for part in ["train", "test"] { try folder.write([UInt8](picture.file), to: "\(part)/a/1.png") }
    let data = try library.load(selection(mode))
    #expect(data.description.shape == Shape(mode.channels, fixture.height, fixture.width))
    let theirs = [UInt8](try #require(mode == .colour ? picture.RGB : picture.L))
    let plane = fixture.height * fixture.width
    let channels = mode.channels
    let expected = (0..<channels).flatMap { channel in (0..<plane).map { theirs[$0 * channels + channel] } }
    #expect(data.train.bytes == expected)
  }

  @Test func filesAreListedInTheOrderOfImageFolder() throws {
    let fixture = try #require(Self.fixture)
    for name in fixture.names { try folder.write([], to: "train/only/\(name)") }
    let found = try PictureFolder(path: folder.appending("train"))
    #expect(found.files.map { String($0.path.dropFirst(folder.appending("train/only/").count)) } == fixture.listed)
    #expect(found.classes == ["only"])
  }

  @Test func classesAreTheSortedFoldersAndFilesBesideThemAreNone() throws {
    for name in ["b", "A", "é", "a"] {
      try folder.write(Self.png(height: 2, width: 2), to: "train/\(name)/x.png")
      try folder.write(Self.png(height: 2, width: 2), to: "test/\(name)/x.png")
    }
    try folder.write([], to: "train/readme.txt")
    try folder.write(Self.png(height: 2, width: 2), to: "train/A/y.png")
    let data = try library.load(selection(.grey))
    #expect(data.description.classes == ["A", "a", "b", "é"])
    #expect(data.train.labelValues == [0, 0, 1, 2, 3] && data.test.labelValues == [0, 1, 2, 3])
    #expect(data.train.bytes == Array(repeating: [0, 1, 16, 17], count: 5).flatMap { $0 })
    var named = selection(.grey)
    named.classes = ["w", "x", "y", "z"]
    let again = try library.load(named)
    #expect(again.description.classes == ["w", "x", "y", "z"] && again.digest == data.digest)
    #expect(try library.load(selection(.colour)).digest != data.digest)
  }

  /// Pictures of several sizes become one size by a transform, each as if it were alone.
  @Test func aTransformMakesOneSizeOfSeveral() throws {
    let sizes = [(4, 6), (9, 5), (4, 6), (3, 3)]
    for (index, size) in sizes.enumerated() {
      try folder.write(Self.png(height: size.0, width: size.1), to: "train/a/\(index).png")
    }
    try folder.write(Self.png(height: 8, width: 8), to: "test/a/0.png")
    let resize = Resize(.exact(Extent(5, 7)))
    let data = try library.load(selection(.grey, transform: [resize]))
    #expect(data.description.shape == Shape(1, 5, 7) && data.train.count == 4)
    #expect(data.description == (try library.describe(selection(.grey, transform: [resize]))))
    guard case .floats(let values) = data.train.pixels else {
      Issue.record("transformed pictures are floats")
      return
    }
    for (index, size) in sizes.enumerated() {
      try folder.write(Self.png(height: size.0, width: size.1), to: "one/a/0.png")
      var alone = selection(.grey, transform: [resize])
      alone.folders = PictureFolders(train: "one", test: "one", mode: .grey)
      let one = try library.load(alone)
      guard case .floats(let expected) = one.train.pixels else {
        Issue.record("transformed pictures are floats")
        return
      }
      withExtendedLifetime((data, one)) {
        for place in 0..<35 { #expect(values[index * 35 + place] == expected[place]) }
      }
    }
    #expect(
      message(selection(.grey, transform: [Resize(.shorter(4))]))
        == "\(folder.appending("train/a/1.png")) is 1 × 7 × 4 after dataset.transform, and the first picture, "
        + "\(folder.appending("train/a/0.png")), is 1 × 4 × 6; a resize to [rows, columns] makes one size of all")
    #expect(
      message(selection())
        == "\(folder.appending("train/a/1.png")) is 3 × 9 × 5, and the first picture, \(folder.appending("train/a/0.png")), "
        + "is 3 × 4 × 6; make one size of all with \"transform\": [{\"name\": \"resize\", \"size\": [32, 32]}], rows and "
        + "columns as you like")
  }

  /// What loading a selection says.
  private func message(_ selection: DatasetSelection) -> String {
    do {
      _ = try library.load(selection)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func mistakesInFoldersAreTold() throws {
    #expect(
      message(selection()).hasSuffix("/train, \(folder.appending("test")) not found in \(folder.path); check the path"))
    try FileManager.default.createDirectory(atPath: folder.appending("train"), withIntermediateDirectories: true)
    try folder.write(Self.png(height: 2, width: 2), to: "test/a/1.png")
    #expect(
      message(selection())
        == "\(folder.appending("train")): has no folders; expected 1 to 256, one for each class, with its "
        + "pictures")
    try folder.write([], to: "train/a/notes.txt")
    #expect(
      message(selection())
        == "\(folder.appending("train/a")): has no pictures; expected files that end in .png, .jpg or .jpeg")
    try folder.write(Self.png(height: 2, width: 2), to: "train/a/1.png")
    try folder.write(Self.png(height: 2, width: 2), to: "train/b/1.png")
    try folder.write(Self.png(height: 2, width: 2), to: "test/c/1.png")
    #expect(
      message(selection())
        == "\(folder.appending("train")) and \(folder.appending("test")) have different folders: \"c\" not in "
        + "\(folder.appending("train")), \"b\" not in \(folder.appending("test")); expected one for each class in both")
    try folder.write(Self.png(height: 2, width: 2), to: "test/b/1.png")
    try folder.write(Self.png(height: 2, width: 2), to: "train/c/1.png")
    var named = selection()
    named.classes = ["x", "y"]
    #expect(
      message(named)
        == "dataset.classes is 2 names; expected 3, one for each folder in \(folder.appending("train"))")
    try FileManager.default.createSymbolicLink(atPath: folder.appending("train/a/up"), withDestinationPath: "..")
    #expect(message(selection()).hasSuffix("folders above it; expected fewer; is it a link to one of them?"))
  }

  @Test func filesThatAreNoPicturesAreTold() throws {
    try folder.write(Self.png(height: 3, width: 4), to: "test/a/1.png")
    func said(_ bytes: [UInt8]) throws -> String {
      let path = try folder.write(bytes, to: "train/a/1.png")
      let message = message(selection())
      #expect(message.hasPrefix(path), "\(message)")
      return String(message.dropFirst(path.count))
    }
    #expect(try said([]) == ": begins with nothing; expected a PNG or JPEG picture. Is it the right file?")
    #expect(
      try said(Self.file("BMP")) == ": begins with 42 4d 1a 02; expected a PNG or JPEG picture. Is it the right file?")
    #expect(
      try said(Self.file("16 bits"))
        == ": the values are of 16 bits; expected 8 or less per channel. Convert them and save the file again")
    #expect(
      try said(Self.file("CMYK"))
        == ": the values are of four inks (CMYK); expected grey, or red, green and blue. Convert them and save the file again"
    )
    let jpeg = try Self.file("noisy RGB jpeg 75")
    let tail = ". Save it anew, or take it out of its folder"
    #expect(try said(Array(jpeg.prefix(700))) == ": is damaged: Premature end of JPEG file" + tail)
    #expect(
      try said(Array(jpeg.prefix(jpeg.count / 2))) == ": is damaged: Invalid JPEG file structure: missing SOS marker"
        + tail)
    #expect(try said(Array(jpeg.dropLast(2))) == ": is damaged: Premature end of JPEG file" + tail)
    let png = try Self.file("noisy RGB png")
    #expect(try said(Array(png.prefix(png.count / 2))).hasSuffix(tail))
    #expect(try said(Array(png.prefix(20))).hasSuffix(tail))
    // A bomb: 100 bytes that announce 10¹⁰ pixels.
    #expect(
      try said(Self.png(height: 3, width: 4, announcing: (100_000, 100_000)))
        == ": needs 30000000000 bytes of memory; at most 201326592 are allowed here. The file is damaged, or the data set "
        + "too large for this machine")
    #expect(try said(Self.png(height: 3, width: 4, announcing: (3_000, 4_000))).hasSuffix(tail))
    #expect(try said(Self.png(height: 3, width: 4, announcing: (0, 4))).hasSuffix(tail))
    try folder.write(Self.png(height: 3, width: 4), to: "train/a/1.png")
    #expect(message(selection()) == "")
  }

  @Test(.timeLimit(.minutes(60))) func damagedPictures() throws {
    let files = try [
      Self.file("noisy RGBA png"), Self.file("smooth of 4 colours"), Self.file("noisy RGB jpeg 75"),
      Self.file("smooth L jpeg 30"),
    ]
    try folder.write(files[0], to: "test/a/1.png")
    for round in 0..<fuzzRounds(everyDay: 300) {
      var random = SeededGenerator(seed: UInt64(round))
      try folder.write(files[round % files.count].damaged(&random), to: "train/a/1.png")
      do {
        let data = try library.load(selection(round % 3 == 0 ? .grey : .colour))
        #expect(data.train.count == 1 && data.train.shape.count <= 3 << 26, "round \(round)")
      } catch {
        #expect("\(error)".count > 20, "round \(round)")
      }
    }
  }
}
