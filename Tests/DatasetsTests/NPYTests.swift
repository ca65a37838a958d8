import Architectures
import Datasets
import Experiments
import Foundation
import Testing

/// Files that NumPy 2.4.6 wrote with `numpy.lib.format.write_array(file, array, version)`.
private enum Written {
  /// `arange(12, dtype="<f4").reshape(2, 2, 3)`, version 1
  static let floats =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIsIDMpLCB9ICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAA"
    + "AEEAABBBAAAgQQAAMEE="
  /// The same as `>f8` in Fortran's order, version 2
  static let doublesFirstIndexFastest =
    "k05VTVBZAgB0AAAAeydkZXNjcic6ICc+ZjgnLCAnZm9ydHJhbl9vcmRlcic6IFRydWUsICdzaGFwZSc6ICgyLCAyLCAzKSwgfSAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAEAYAAAAAAAAQAgAAAAAAABAIgAAAAAAAD/w"
    + "AAAAAAAAQBwAAAAAAABAEAAAAAAAAEAkAAAAAAAAQAAAAAAAAABAIAAAAAAAAEAUAAAAAAAAQCYAAAAAAAA="
  /// `arange(24, dtype="u1").reshape(2, 3, 2, 2)` in Fortran's order, version 3
  static let bytesFirstIndexFastest =
    "k05VTVBZAwB0AAAAeydkZXNjcic6ICd8dTEnLCAnZm9ydHJhbl9vcmRlcic6IFRydWUsICdzaGFwZSc6ICgyLCAzLCAyLCAyKSwgfSAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoADAQQCBQCDgYSChYBDQURCRUDDwcTCxc="
  /// `arange(6, dtype="u1").reshape(2, 3)`, version 3
  static let bytes =
    "k05VTVBZAwB0AAAAeydkZXNjcic6ICd8dTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQIDBAU="
  /// `array([2, 0], dtype="<i8")`, version 1
  static let longLabels =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoCAAAAAAAAAAAAAAAAAAAA"
  /// `array([2, 0], dtype=">u2")`, version 1
  static let shortLabels =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPnUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAgAA"
}

@Suite struct NPYTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func load(
    images: String, labels: String = Written.longLabels, normalize: Normalization? = nil
  ) throws -> ExampleSet {
    try load(
      images: [UInt8](try #require(Data(base64Encoded: images))),
      labels: [UInt8](try #require(Data(base64Encoded: labels))), normalize: normalize)
  }

  func load(images: [UInt8], labels: [UInt8], normalize: Normalization? = nil) throws -> ExampleSet {
    try folder.write(images, to: "x.npy")
    try folder.write(labels, to: "y.npy")
    let files = DatasetFiles(trainImages: "x.npy", trainLabels: "y.npy", testImages: "x.npy", testLabels: "y.npy")
    let selection = DatasetSelection(name: "npy", files: files, classes: ["a", "b", "c"], normalize: normalize)
    return try DatasetLibrary(relativeTo: folder.path).load(selection).train
  }

  @Test(arguments: [Written.floats, Written.doublesFirstIndexFastest])
  func readsFloatsInBothOrders(_ file: String) throws {
    let examples = try load(images: file)
    #expect(examples.shape == Shape(1, 2, 3))
    #expect(examples.floats == (0..<12).map(Float.init))
  }

  @Test func readsBytesInBothOrders() throws {
    let images = try load(images: Written.bytesFirstIndexFastest)
    #expect(images.shape == Shape(3, 2, 2))
    #expect(images.bytes == Array(0..<24))
    let vectors = try load(images: Written.bytes)
    #expect(vectors.shape == Shape(3))
    #expect(vectors.bytes == Array(0..<6))
  }

  @Test(arguments: [Written.longLabels, Written.shortLabels])
  func readsIntegerLabels(_ file: String) throws {
    #expect(try load(images: Written.floats, labels: file).labelValues == [2, 0])
  }

  @Test func normalizesFloatsAsTheyAreReadWithoutDividingThem() throws {
    let examples = try load(images: Written.floats, normalize: Normalization(mean: [0.1], std: [0.3]))
    let normalized: [Float] = (0..<12).map { (Float($0) - 0.1) / 0.3 }
    #expect(examples.floats == normalized)
  }

  static let damagedHeaders: [(header: String, word: String)] = [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)", "a dictionary of"),
    ("{'descr': '<f4', 'fortran_order': False, }", "a dictionary of"),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", "a dictionary of"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 99999999999999999999), }", "a dictionary of"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3), }", "a dictionary of"),
    ("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 3), }", "a dictionary of"),
    ("{'descr': '<f4", "a dictionary of"),
    ("", "a dictionary of"),
    ("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", "values are \"<f2\""),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }", "values are \"|O\""),
    ("{'descr': '<u1', 'fortran_order': False, 'shape': (4000000000, 4000000000), }", "product fits"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "dimensions are none"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", "dimensions are 1; expected those of images"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", "cut short"),
  ]

  @Test(arguments: damagedHeaders)
  func refusesDamagedHeaders(_ damage: (header: String, word: String)) throws {
    let labels = [UInt8](try #require(Data(base64Encoded: Written.longLabels)))
    let error = try #require(throws: DatasetError.self) {
      try load(images: SampleFiles.npy(header: damage.header, [1]), labels: labels)
    }
    #expect("\(error)".contains(damage.word) && "\(error)".contains("x.npy"), "\(error)")
  }

  @Test func refusesOtherVersionsAndLongHeaders() throws {
    let labels = [UInt8](try #require(Data(base64Encoded: Written.longLabels)))
    var file = SampleFiles.npy(header: "{}")
    file[6] = 4
    let version = try #require(throws: DatasetError.self) { try load(images: file, labels: labels) }
    #expect("\(version)".contains("version 4.0; expected 1.0, 2.0 or 3.0"))
    let long = try #require(throws: DatasetError.self) {
      try load(images: [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255], labels: labels)
    }
    #expect("\(long)".contains("4294967295 bytes; expected at most 10000"))
  }

  @Test func refusesFloatLabels() throws {
    let error = try #require(throws: DatasetError.self) { try load(images: Written.floats, labels: Written.floats) }
    #expect("\(error)".contains("values are <f4; expected integers for labels"))
  }
}
