import Foundation
import StudySupport
import Testing

/// `bench show` with pictures, on digits that the program draws itself.
@Suite(.enabled(if: hasGnuplot, "gnuplot is not installed")) struct ShowPicturesTests {
  private static let grid = """
    {"name": "pictures", "dataset": {"name": "digits", "train": 100, "test": 40},
     "model": {"layers": [{"type": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": 1}, {"type": "relu"},
       {"type": "conv2d", "out_channels": 1, "kernel_size": 1}, {"type": "flatten"},
       {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 0.01}, "training": {"batch_size": 20, "iterations": 5}, "seeds": [0]}
    """

  /// Light below dark lights up the first map, dark to the right of light the second; both are added.
  private static let hand = WeightFileBytes(entries: [
    .init(name: "0.weight", shape: [2, 1, 3, 3], values: topEdge + rightEdge),
    .init(name: "0.bias", shape: [2], values: [0, 0]),
    .init(name: "2.weight", shape: [1, 2, 1, 1], values: [1, 1]),
    .init(name: "2.bias", shape: [1], values: [0]),
    .init(name: "4.weight", shape: [10, 784], values: .init(repeating: 0, count: 7840)),
    .init(name: "4.bias", shape: [10], values: (0..<10).map { $0 == 3 ? 5 : 0 }),
  ])
  private static let topEdge: [Float] = [-1, -1, -1, 0, 0, 0, 1, 1, 1]
  private static let rightEdge: [Float] = [1, 0, -1, 1, 0, -1, 1, 0, -1]

  @Test func showsWhatHandSetKernelsMakeOfADigit() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "grid.json")
      try Self.hand.data.write(to: program.folder.appending(path: "hand.safetensors"))
      let outcome = try await program.run(
        "show", "grid.json", "--weights", "hand.safetensors", "--kernels", "--feature-maps", "7")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let pictures = outcome.output.split(separator: "\n").map(String.init)
      #expect(
        pictures.map { URL(filePath: $0).lastPathComponent } == [
          "kernels.svg", "kernels.png", "feature-maps-7.svg", "feature-maps-7.png",
        ])
      let folder = program.folder.appending(path: try #require(pictures.first)).deletingLastPathComponent()
      #expect(folder.path.contains("/reports/pictures/trials/"))

      let kernels = try blocks(folder.appending(path: "kernels.tsv")).map { $0.map { Float($0[2]) } }
      #expect(kernels == [Self.topEdge, Self.rightEdge])

      let maps = try blocks(folder.appending(path: "feature-maps-7.tsv")).map { $0.map { Float($0[2]) } }
      let image = maps[0].map { $0 / 255 }
      let top = correlated(image, Self.topEdge)
      let right = correlated(image, Self.rightEdge)
      #expect(top.contains { $0 > 0.5 } && right.contains { $0 > 0.5 }, "the digit has edges")
      let mixed = zip(top, right).map { max($0, 0) + max($1, 0) }
      for (found, expected) in [(maps[1], top), (maps[2], right), (maps[5], mixed)] {
        #expect(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
  }

  @Test func drawsATrialOfTheStoreAndAReportKeepsItsPictures() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "grid.json")
      #expect(try await program.run("run", "grid.json", "-q").code == 0)
      let csv = try await program.run("report", "pictures", "--format", "csv").output
        .split(whereSeparator: \.isNewline)
      let column = try #require(csv.first?.split(separator: ",").firstIndex(of: "trial"))
      let first = try #require(csv.dropFirst().first)
      let key = String(first.split(separator: ",", omittingEmptySubsequences: false)[column])
      let outcome = try await program.run(
        "show", String(key.prefix(10)), "--kernels", "--feature-maps", "0", "--confusion", "--mistakes")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("of 40 test images right"))
      #expect(outcome.output.contains("truth \\ guess"))
      let folder = program.folder.appending(path: "reports/pictures/trials/\(key.prefix(12))")
      let names = [
        "confusion.gp", "confusion.png", "confusion.svg", "confusion.tsv", "feature-maps-0.gp", "feature-maps-0.png",
        "feature-maps-0.svg", "feature-maps-0.tsv", "kernels.gp", "kernels.png", "kernels.svg", "kernels.tsv",
        "mistakes.png", "mistakes.tsv",
      ]
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
      for round in 1...2 {
        #expect(try await program.run("report", "pictures", "--gnuplot", "/bin/false").code == 0, "report \(round)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
      }
    }
  }

  @Test func findsTheFilesOfATrialWhereItsGridFindsThem() async throws {
    try await Program.inTemporaryFolder { program in
      let folder = program.folder.appending(path: "grids")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let images = Data([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 3]) + Data((0..<36).map { UInt8($0 * 7) })
      try images.write(to: folder.appending(path: "images.idx"))
      try Data([0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]).write(to: folder.appending(path: "labels.idx"))
      try program.write(
        """
        {"name": "files", "dataset": {"name": "idx", "train_images": "images.idx", "train_labels": "labels.idx",
          "test_images": "images.idx", "test_labels": "labels.idx"}, "model": {"family": "mlp"},
         "optimizer": {"name": "sgd"}, "training": {"batch_size": 2, "iterations": 2}, "seeds": [0]}
        """, to: "grids/files.json")
      #expect(try await program.run("run", "grids/files.json", "-q").code == 0)
      let csv = try await program.run("report", "files", "--format", "csv").output.split(whereSeparator: \.isNewline)
      let column = try #require(csv.first?.split(separator: ",").firstIndex(of: "trial"))
      let row = try #require(csv.dropFirst().first)
      let key = String(row.split(separator: ",", omittingEmptySubsequences: false)[column].prefix(10))
      for command in [["show", key, "--feature-maps", "1"], ["verify", key]] {
        let outcome = try await program.run(command)
        #expect(outcome.code == 0, "\(command): \(outcome.errors)")
        let elsewhere = try await program.run(command + ["--grid-folder", "elsewhere"])
        #expect(elsewhere.code != 0 && elsewhere.errors.contains("elsewhere/images.idx"), "\(elsewhere.errors)")
      }
    }
  }

  @Test(arguments: [
    (["--feature-maps", "40"], "0 to 39"), (["--feature-maps=-1"], "expected the index"),
    (["--weights", "hand.safetensors"], "needs a picture"), (["--label", "x", "--kernels"], "--weights"),
  ])
  func refusesWhatCanNotBeDrawn(options: [String], words: String) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "grid.json")
      try Self.hand.data.write(to: program.folder.appending(path: "hand.safetensors"))
      let weights = options.contains("--feature-maps") ? ["--weights", "hand.safetensors"] : []
      let outcome = try await program.run(["show", "grid.json"] + weights + options)
      #expect(outcome.code == 64)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(try program.contents == ["grid.json", "hand.safetensors"])
    }
  }

  @Test func leavesScriptAndDataWhereItCanNotDraw() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "grid.json")
      try Self.hand.data.write(to: program.folder.appending(path: "hand.safetensors"))
      let outcome = try await program.run(
        "show", "grid.json", "--weights", "hand.safetensors", "--kernels", "--gnuplot", "no-such-program")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("script and data"))
      #expect(try program.contents.contains { $0.hasSuffix("kernels.gp") })
    }
  }

  /// The blocks of a data file: rows of columns.
  private func blocks(_ file: URL) throws -> [[[Substring]]] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n\n\n").map { block in
      block.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t") }
    }
  }

  /// A 3 × 3 cross-correlation of a 28 × 28 image with a border of one zero, written out.
  private func correlated(_ image: [Float], _ kernel: [Float]) -> [Float] {
    (0..<784).map { place in
      var sum: Float = 0
      for row in -1...1 {
        for column in -1...1 {
          let (y, x) = (place / 28 + row, place % 28 + column)
          if (0..<28).contains(y), (0..<28).contains(x) {
            sum += image[y * 28 + x] * kernel[(row + 1) * 3 + column + 1]
          }
        }
      }
      return sum
    }
  }
}

extension Float {
  fileprivate init(_ text: Substring) { self = Float(String(text)) ?? .nan }
}

private let hasGnuplot = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].contains {
  FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot")
}
