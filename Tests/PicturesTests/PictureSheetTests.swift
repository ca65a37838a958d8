import Foundation
import TestSupport
import Testing

@testable import Pictures

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
    var rows = try unpacked([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + packed.dropFirst(2).dropLast(4))
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

  private func unpacked(_ member: [UInt8]) throws -> [UInt8] {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).gz")
    try Data(member).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-dc", path.path]
    let output = Pipe()
    gzip.standardOutput = output
    gzip.standardError = FileHandle.nullDevice
    try gzip.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    gzip.waitUntilExit()
    return Array(bytes)
  }

  @Test(arguments: [(1, 1), (3, 5), (300, 4), (7, 129)])
  func pngHoldsThePixels(width: Int, height: Int) throws {
    var random = SeededGenerator(seed: UInt64(width * height))
    // Runs of every length, and rows that repeat.
    var rgb: [UInt8] = []
    while rgb.count < width * height * 3 {
      rgb += [UInt8](
        repeating: UInt8.random(in: 0...255, using: &random), count: Int.random(in: 1...700, using: &random))
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
    #expect(Picture(dimensions: [3, 1, 2], bytes: [1, 2, 3, 4, 5, 6]).rgb == [1, 3, 5, 2, 4, 6])
    #expect(Picture(dimensions: [1, 1, 2], bytes: [7, 6]).rgb == [7, 7, 7, 6, 6, 6])
    #expect(Picture(dimensions: [2, 1, 2], bytes: [1, 2, 3, 5]).rgb == [2, 2, 2, 3, 3, 3])
    let square = Picture(dimensions: [4], values: [-1, 0, 1, .nan])
    #expect(square.width == 2 && square.height == 2)
    #expect(square.rgb == [0, 0, 0, 128, 128, 128, 255, 255, 255, 0, 0, 0])
    #expect(Picture(dimensions: [3], bytes: [1, 2, 3]).width == 3)
    let table = Picture(dimensions: [2, 3], bytes: [1, 2, 3, 4, 5, 6])
    #expect(table.width == 3 && table.height == 2)
  }

  @Test func samplesAreTheFirstOfEachClass() {
    let labels = [2, 0, 2, 2, 0, 2]
    let sheet = PictureSheet.samples(
      title: "three classes", classes: [("a", "2"), ("b", "0"), ("c", "4")], labels: labels, columns: 3
    ) { Picture(width: 1, height: 1, grey: [UInt8($0)]) }
    #expect(sheet.rows.map(\.label) == ["a", "b", "c"] && sheet.rows.map(\.note) == ["2", "0", "4"])
    #expect(sheet.rows.map { $0.cells.map { Int($0.picture.rgb[0]) } } == [[1, 4], [], [0, 2, 3]])
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
}
