import Foundation
import Testing

@testable import Reporting

@Suite struct NumPyArrayTests {
  @Test func headersEndAtAMultipleOf64() {
    for count in [0, 1, 7, 1000] {
      let file = NumPyArray((0..<count).map(Double.init)).file
      let length = 10 + Int(file[8]) + Int(file[9]) << 8
      #expect(length % 64 == 0 && file.count == length + 8 * count && file[length - 1] == 10)
    }
    #expect(NumPyArray(["a", "🎉bc"]).type == "<U3")
    #expect(NumPyArray([Double]()).shape == [0])
  }

  /// NumPy itself reads them, where there is one.
  @Test func numpyReadsAnArchive() throws {
    var archive = NumPyArchive()
    archive.add("values", NumPyArray([0.1, .nan, -.infinity, 4], shape: [2, 2]))
    archive.add("seed", NumPyArray([UInt64.max, 0]))
    archive.add("label", NumPyArray(["Model A", "名前 🎉", ""]))
    archive.add("iteration", NumPyArray([-1, 2]))
    let place = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).npz")
    try Data(archive.file).write(to: place)
    defer { try? FileManager.default.removeItem(at: place) }
    let program = """
      import sys
      try:
          import numpy
      except ImportError:
          print("no numpy"); sys.exit()
      a = numpy.load(sys.argv[1])
      print(sorted(a.keys()), a["values"].tolist(), a["seed"].tolist(), a["label"].tolist(), a["iteration"].tolist())
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program, place.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard text != "no numpy\n", process.terminationStatus != 127 else { return }
    #expect(
      text == """
        ['iteration', 'label', 'seed', 'values'] [[0.1, nan], [-inf, 4.0]] [18446744073709551615, 0] \
        ['Model A', '名前 🎉', ''] [-1, 2]

        """)
  }
}
