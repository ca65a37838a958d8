import Architectures
import Foundation
import Testing

@testable import Datasets

@Suite struct PictureSheetTests {
  /// Undoes the file with the system's own zlib, by way of `gzip`, and the filters by their definition.
  func decoded(_ png: [UInt8]) throws -> (width: Int, height: Int, rgb: [UInt8]) {
    #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    var chunks: [String: [UInt8]] = [:]
    var position = 8
    func number(_ start: Int) -> Int { png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    while position < png.count {
      let length = number(position)
      let name = String(decoding: png[position + 4..<position + 8], as: UTF8.self)
      chunks[name] = Array(png[position + 8..<position + 8 + length])
      position += 12 + length
    }
    let header = try #require(chunks["IHDR"])
    let (width, height) = (Int(header[2]) << 8 | Int(header[3]), Int(header[6]) << 8 | Int(header[7]))
    let packed = try #require(chunks["IDAT"])
    // A gzip member of the same deflate stream: without its checksum gzip complains, but writes all bytes.
    let folder = try TemporaryFolder()
    let path = try folder.write([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + packed.dropFirst(2).dropLast(4), to: "rows")
    let gzip = try ChildProcess(.gzip, ["-dc", path], for: "test")
    var rows = [UInt8](repeating: 0, count: height * (1 + width * 3) + 1)
    let size = rows.withUnsafeMutableBytes { buffer in
      var filled = 0
      while case let count = read(gzip.output, buffer.baseAddress.map { $0 + filled }, buffer.count - filled),
        count > 0
      { filled += count }
      return filled
    }
    rows.removeLast(rows.count - size)
    #expect(rows.count == height * (1 + width * 3))
    for row in 0..<height {
      let start = row * (1 + width * 3)
      for index in 1...width * 3 {
        let left = index > 3 ? rows[start + index - 3] : 0
        let above = row > 0 ? rows[start + index - 1 - width * 3] : 0
        rows[start + index] &+= rows[start] == 1 ? left : rows[start] == 2 ? above : 0
      }
    }
    let rowBytes = 1 + width * 3
    let rgb = rows.indices.filter { $0 % rowBytes != 0 }.map { rows[$0] }
    return (width, height, rgb)
  }

  @Test(arguments: [(1, 1), (3, 5), (300, 4), (7, 129)])
  func pngHoldsThePixels(width: Int, height: Int) throws {
    var random = SplitMix64(seed: UInt64(width * height))
    // Runs of every length, and rows that repeat.
    var rgb: [UInt8] = []
    while rgb.count < width * height * 3 {
      rgb += [UInt8](repeating: UInt8(random.index(256)), count: 1 + random.index(700))
    }
    rgb = Array(rgb.prefix(width * height * 3))
    if height > 2 { rgb.replaceSubrange(width * 3..<width * 6, with: rgb[0..<width * 3]) }
    let picture = try decoded(PNGEncoder.encoded(width: width, height: height, rgb: rgb))
    #expect(picture.width == width && picture.height == height)
    let isSame = picture.rgb == rgb
    #expect(isSame)
  }

  /// The smallest PNG file of one red pixel is known: its checksums are those of other encoders.
  @Test func checksumsAreThoseOfTheStandard() {
    let png = PNGEncoder.encoded(width: 1, height: 1, rgb: [255, 0, 0])
    // CRC of IEND, of the IHDR of a 1 × 1 picture in colour, and Adler-32 of 01 ff 00 00.
    #expect(Array(png.suffix(4)) == [0xae, 0x42, 0x60, 0x82])
    #expect(Array(png[29..<33]) == [0x90, 0x77, 0x53, 0xde])
    #expect(Array(png.dropLast(16).suffix(4)) == [0x03, 0x05, 0x01, 0x01])
  }

  @Test func picturesShowGreyColourVectorsAndFloats() {
    let colour = ExampleSet(shape: Shape(3, 1, 2), bytes: [1, 2, 3, 4, 5, 6], labels: [0])
    #expect(Picture(of: colour, at: 0).rgb == [1, 3, 5, 2, 4, 6])
    let grey = ExampleSet(shape: Shape(1, 1, 2), bytes: [9, 8, 7, 6], labels: [0, 0])
    #expect(Picture(of: grey, at: 1).rgb == [7, 7, 7, 6, 6, 6])
    let square = Picture(of: ExampleSet(shape: Shape(4), floats: [-1, 0, 1, .nan], labels: [0]), at: 0)
    #expect(square.width == 2 && square.height == 2)
    #expect(square.rgb == [0, 0, 0, 128, 128, 128, 255, 255, 255, 0, 0, 0])
    #expect(Picture(of: ExampleSet(shape: Shape(3), bytes: [1, 2, 3], labels: [0]), at: 0).width == 3)
  }

  @Test func samplesAreTheFirstOfEachClass() throws {
    let data = try DatasetLibrary().load(.init(name: "digits", train: 300, test: 1))
    let sheet = PictureSheet.samples(of: data, columns: 4)
    #expect(sheet.rows.map(\.label) == (0...9).map(String.init))
    #expect(sheet.rows.allSatisfy { $0.cells.count == 4 })
    let first = try #require(data.train.labelValues.firstIndex(of: 7))
    #expect(sheet.rows[7].cells[0].picture == Picture(of: data.train, at: first))
    #expect(sheet.rows[7].note == "\(data.train.counts(classes: 10)[7])")
  }

  @Test(arguments: ["", "→ ×", "Zürich naïve", "日本語", String(repeating: "W", count: 400), "a\n$(rm)`<b>\"\u{0}"])
  func drawsAnyName(_ name: String) throws {
    let picture = Picture(width: 2, height: 3, grey: [0, 50, 100, 150, 200, 250])
    let sheet = PictureSheet(
      title: name, rows: [.init(label: name, note: name, cells: [.init(picture, caption: name)]), .init(cells: [])])
    let file = try decoded([UInt8](sheet.png()))
    #expect(file.width > 96 && file.height > 100)
  }

  @Test func cutsCaptionsToTheirWidth() {
    #expect(BitmapFont.fitted("cat", width: 100) == "cat")
    let cut = BitmapFont.fitted("automobile → airplane", width: 48)
    #expect(cut.hasPrefix("auto") && cut.hasSuffix("..") && BitmapFont.columns(of: cut).count <= 48)
  }

  @Test func writesTheFileOrSaysWhyNot() throws {
    let folder = try TemporaryFolder()
    let sheet = PictureSheet(title: "t", rows: [])
    try sheet.write(to: folder.appending("a.png"))
    #expect(try folder.names() == ["a.png"])
    #expect(throws: DatasetError.self) { try sheet.write(to: folder.appending("no/a.png")) }
  }
}
