import Architectures
import Foundation
import Testing

@testable import Experiments

/// The grids in `experiments/`.
@Suite struct ExperimentFilesTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("experiments")

  /// Name, configurations, seeds, parameters of each configuration.
  @Test(arguments: [
    ("model-abc", 6, [28_938, 28_938, 18_378]), ("mlp-vs-cnn", 3, [397_510, 28_938]),
    ("activations", 6, [79_510, 79_510, 79_510, 79_510]), ("capacity", 3, [28_938, 70_282, 229_578, 171_158]),
    ("convnet", 3, [187_349]), ("lab7", 3, [62_006]), ("linear-vs-cnn", 3, [7_850, 397_510, 28_938]),
    ("quick", 6, [50_890, 5_994, 5_994]), ("autoencoder", 3, [8_861, 27_689, 103_001]),
    ("nightly", 6, [50_890, 5_994, 5_994, 4_154, 50_890]),
    (
      "speed", 1,
      [
        68_098, 75_754, 6_490, 53_294, 34_918, 34_042, 7_549, 16_490, 405_946, 1_910_810, 32_634, 305_130, 918_858,
        36_858,
      ]
    ),
    (
      "pooling-padding", 3,
      [
        28_938, 28_938, 28_938, 18_378, 18_378, 18_378, 45_258, 45_258, 45_258, 28_938, 28_938, 28_938, 18_378, 18_378,
        18_378, 45_258, 45_258, 45_258,
      ]
    ),
  ])
  func isWhatItSays(_ name: String, _ seeds: Int, _ parameters: [Int]) throws {
    try expect(Self.folder.appendingPathComponent("\(name).json"), isNamed: name, seeds, parameters)
  }

  /// Parameters as the sources have them.
  @Test(arguments: [
    ("fashion-mnist-quickstart", 669_706), ("keras-cifar10-cnn", 1_250_858), ("keras-mnist-convnet", 34_826),
    ("lenet-5", 61_706), ("mlx-mnist", 26_506), ("mnist-99-7", 326_410), ("nn-tutorial", 3_930), ("one-cycle", 78_042),
    ("pytorch-cifar10", 62_006), ("pytorch-mnist", 1_199_882), ("resnet20-cifar10", 269_722),
    ("tinygrad-mnist", 87_850),
  ])
  func isTheExampleOfItsSource(_ name: String, _ parameters: Int) throws {
    try expect(Self.folder.appendingPathComponent("examples/\(name).json"), isNamed: name, 3, [parameters])
  }

  private func expect(_ file: URL, isNamed name: String, _ seeds: Int, _ parameters: [Int]) throws {
    let grid = try Grid.read(bytes: Array(Data(contentsOf: file)), file: file.lastPathComponent)
    let study = try grid.study(describe: describe)
    #expect(study.name == name && !study.title.isEmpty)
    #expect(study.seeds == (0..<UInt64(seeds)).map { $0 })
    #expect(StudyPlan(study).rows.map { StudyPlan(study).networks[$0.network].parameters } == parameters)
    #expect(study.collapsed.isEmpty)
  }

  @Test func noGridIsUntested() throws {
    func grids(_ folder: String) throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: folder).count { $0.hasSuffix(".json") }
    }
    #expect(try grids(Self.folder.path) == 12)
    #expect(try grids(Self.folder.appendingPathComponent("examples").path) == 12)
  }
}
