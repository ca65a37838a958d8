import Testing

@testable import Experiments

@Suite struct FactTests {
  /// What all configurations of a grid share, by name.
  private func shared(_ members: [String: String]) throws -> [String: String] {
    let configurations = try study(grid(members)).configurations
    #expect(configurations.count > 1)
    let facts = Fact.shared(by: configurations.map(\.recipe))
    return Dictionary(uniqueKeysWithValues: facts.map { ($0.name, $0.value) })
  }

  private static let images =
    #"{"name": "mnist", "augment": [{"name": "random_crop", "size": 28, "padding": 2}, {"name": "random_horizontal_flip"}]}"#

  @Test func anOptionThatVariesLeavesTheOthersOfItsThing() throws {
    let flips = try shared(["dataset": Self.images, "axes": #"{"dataset.augment[1].p": [0.25, 0.75]}"#])
    #expect(flips["Augmented"] == "random crop, size 28, padding 2; random horizontal flip")
    let folds = try shared([
      "dataset": #"{"name": "mnist", "validation": {"fold": 0, "of": 5}}"#,
      "axes": #"{"dataset.validation.fold": [0, 1]}"#,
    ])
    let data = try #require(folds["Data"])
    #expect(data.hasPrefix("mnist: ") && data.hasSuffix("10 classes") && data.contains(" validation, "), "\(data)")
    let sizes = try shared(["axes": #"{"dataset.train": [10, 20]}"#])
    #expect(sizes["Data"]?.contains("training") == false && sizes["Data"]?.contains("test examples of") == true)
    let schedules = try shared([
      "optimizer": #"{"name": "sgd", "scheduler": {"name": "step_lr", "step_size": 1, "gamma": 0.5}}"#,
      "training": #"{"batch_size": 100, "epochs": 3}"#, "axes": #"{"optimizer.scheduler.gamma": [0.5, 0.7]}"#,
    ])
    #expect(schedules["Scheduler"] == "step_lr, step_size 1, each epoch")
    let losses = try shared([
      "loss": #"{"name": "cross_entropy", "label_smoothing": 0.1}"#, "axes": #"{"loss.label_smoothing": [0.1, 0.2]}"#,
    ])
    #expect(losses["Loss"] == "cross entropy")
  }

  /// Details of different things have nothing in common, even where they read alike.
  @Test func otherThingsAreNotShared() throws {
    let optimizers = try shared([
      "optimizer": #"{"name": "sgd", "weight_decay": 0.1}"#, "axes": #"{"optimizer.name": ["sgd", "rmsprop"]}"#,
    ])
    #expect(optimizers["Optimizer"] == nil && optimizers["Batch size"] != nil)
    let transforms = try shared([
      "dataset": Self.images,
      "axes": #"{"dataset.augment": [[{"name": "random_horizontal_flip"}], [{"name": "random_vertical_flip"}]]}"#,
    ])
    #expect(transforms["Augmented"] == nil)
  }

  @Test func settingsOfLayersAreSaidByLayer() throws {
    let facts = try shared([
      "model": """
      {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 8, "lr": 0.5, "init": {"bias": "zeros"}},
        {"type": "linear", "out_features": 10, "weight_decay": 0, "lr": 0.1}]}
      """, "axes": #"{"model.layers[2].lr": [0.1, 0.2]}"#,
    ])
    #expect(facts["Layers of their own"] == "linear1: lr 0.5; linear2: weight_decay 0")
    #expect(facts["Initialised"] == "linear1: bias zeros")
    // Layers that are set alike in one configuration and not in another are shared one by one.
    let model = """
      {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 8, "lr": 0.5},
        {"type": "linear", "out_features": 10, "lr": 0.5}]}
      """
    #expect(
      try shared(["model": model, "axes": #"{"model.layers[2].lr": [0.5, 0.1]}"#])["Layers of their own"]
        == "linear1: lr 0.5")
    let alike = try shared(["model": model, "axes": #"{"optimizer.lr": [0.5, 0.1]}"#])
    #expect(alike["Layers of their own"] == "linear1, linear2: lr 0.5")
  }

  /// What the model's init says of all layers is said of all networks, however many layers they have.
  @Test func firstWeightsAreSharedByNetworksOfOtherSizes() throws {
    let facts = try shared([
      "model": #"{"family": "mlp", "hidden": [8], "init": {"weight": {"name": "xavier_uniform"}, "bias": "zeros"}}"#,
      "axes": #"{"model.hidden": [[8], [8, 8]]}"#,
    ])
    #expect(facts["Initialised"] == "bias zeros, weight xavier_uniform (gain 1)")
  }

  @Test func aSettingInAListIsCalledByItsElement() {
    #expect(
      Setting.title(of: "model.layers[7].lr", among: ["optimizer.lr", "model.layers[7].lr"])
        == "layers[7] learning rate")
    #expect(Setting.title(of: "optimizer.weight_decay", among: ["optimizer.weight_decay"]) == "weight decay")
    let paths = ["optimizer.lr", "model.layers[7].lr", "dataset.augment[1].p", "a.name", "b.name"]
    #expect(
      paths.map { Setting.name(of: $0, among: paths) }
        == ["lr", "layers[7] lr", "augment[1] p", "a.name", "b.name"])
  }
}
