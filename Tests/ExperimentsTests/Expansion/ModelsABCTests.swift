import Architectures
import Testing

@testable import Experiments

@Suite struct ModelsABCTests {
  static let text = """
    {
      "name": "model-abc",
      "title": "Max or average pooling, same or valid padding",
      "dataset": {"name": "mnist", "validation": 0},
      "model": {"family": "cnn", "channels": [16, 32], "kernel_size": 5, "padding": "same", "pooling": "max",
                "activation": "relu", "hidden": []},
      "optimizer": {"name": "sgd", "lr": 0.01},
      "training": {"batch_size": 100, "iterations": 3000, "evaluate_every": 500},
      "seeds": [0, 1, 2, 3, 4, 5],
      "variants": {
        "Model A": {"model.pooling": "max", "model.padding": "same"},
        "Model B": {"model.pooling": "average", "model.padding": "same"},
        "Model C": {"model.pooling": "max", "model.padding": "valid"}
      }
    }
    """

  @Test func expandsInFileOrderWithSettings() throws {
    let study = try study(Self.text)
    #expect(study.configurations.map(\.label) == ["Model A", "Model B", "Model C"])
    #expect(study.axes == [Axis(path: "variant", values: ["Model A", "Model B", "Model C"])])
    #expect(
      study.configurations[1].settings == [
        Setting(path: "variant", value: "Model B"), Setting(path: "model.pooling", value: "average"),
        Setting(path: "model.padding", value: "same"),
      ])
    #expect(study.trials.count == 18)
    #expect(study.gridText == Self.text)
  }

  @Test func hasTheParametersOfTheTutorial() throws {
    let parameters = try study(Self.text).configurations.map {
      try $0.resolved.architecture.resolved().flatMap(\.parameters).reduce(0) { $0 + $1.count }
    }
    #expect(parameters == [28_938, 28_938, 18_378])
  }

  @Test func presetAndFamilyAndLayersAreTheSameConfiguration() throws {
    let layers = """
      {"layers": [{"type": "conv2d", "in_channels": 1, "out_channels": 16, "kernel_size": 5, "padding": 2},
        {"type": "relu"}, {"type": "max_pool2d", "kernel_size": 2},
        {"type": "conv2d", "out_channels": 32, "kernel_size": [5, 5], "padding": "same", "name": "second"},
        {"type": "relu"}, {"type": "max_pool2d", "kernel_size": 2, "stride": 2}, {"type": "flatten"},
        {"type": "linear", "in_features": 1568, "out_features": 10}]}
      """
    let hashes = try ["{\"preset\": \"model-a\"}", layers].map {
      try study(
        grid(["model": $0, "training": "{\"batch_size\": 100, \"iterations\": 3000, \"evaluate_every\": 500}"])
      )
      .configurations[0].resolved.hash
    }
    let family = try study(Self.text).configurations[0].resolved
    #expect(Set(hashes + [family.hash]).count == 1, "\(family.canonicalJSON)")
  }

  @Test func storedConfigurationsComeBackWhole() throws {
    for configuration in try study(Self.text).configurations {
      let stored = configuration.storedJSON
      let read = try StudyConfiguration(storedJSON: stored)
      #expect(read == configuration)
    }
  }
}
