import Architectures
import TestSupport
import Testing

@testable import Experiments

@Suite struct ExpansionTests {
  private func labels(_ members: [String: String], _ overrides: [String] = []) throws -> [String] {
    try study(grid(members), overrides).configurations.map(\.label)
  }

  @Test func theLastAxisVariesFastest() throws {
    let found = try labels(["axes": #"{"optimizer.lr": [0.1, 0.01], "model.padding": ["valid", 1]}"#])
    #expect(found == ["lr 0.1, padding valid", "lr 0.1, padding 1", "lr 0.01, padding valid", "lr 0.01, padding 1"])
  }

  @Test func variantsAndAxesKeepTheOrderOfTheFile() throws {
    let text = """
      {"name": "n", "dataset": {"name": "mnist"}, "training": {"batch_size": 1, "epochs": 1},
       "axes": {"optimizer.lr": [1, 2]}, "variants": {"B": {"model.hidden": [2]}, "A": {}},
       "model": {"family": "mlp"}, "optimizer": {"name": "sgd"}}
      """
    #expect(try study(text).configurations.map(\.label) == ["lr 1, B", "lr 1, A", "lr 2, B", "lr 2, A"])
    #expect(try study(text).axes.map(\.path) == ["optimizer.lr", "variant"])
  }

  @Test func zippedPathsVaryTogether() throws {
    let found = try study(
      grid(["zip": #"[{"optimizer.lr": [0.1, 0.2], "optimizer.momentum": [0, 0.9]}]"#])
    ).configurations
    #expect(found.map(\.label) == ["lr 0.1, momentum 0", "lr 0.2, momentum 0.9"])
    #expect(found[1].resolved.optimizer == .sgd(.init(learningRate: 0.2, momentum: 0.9)))
  }

  @Test func excludeLeavesOutPartialPointsAndVariants() throws {
    let axes = #"{"optimizer.lr": [1, 2, 3], "optimizer.momentum": [0, 0.5]}"#
    let some = try labels([
      "axes": axes, "exclude": #"[{"optimizer.lr": 2.0}, {"optimizer.lr": 3, "optimizer.momentum": 0}]"#,
    ])
    #expect(some == ["lr 1, momentum 0", "lr 1, momentum 0.5", "lr 3, momentum 0.5"])
    let named = try labels([
      "variants": #"{"A": {"model.padding": "same"}, "B": {}}"#, "axes": #"{"optimizer.lr": [1, 2]}"#,
      "exclude": #"[{"variant": "A", "optimizer.lr": 1}]"#,
    ])
    #expect(named == ["A, lr 2", "B, lr 1", "B, lr 2"])
  }

  @Test func excludeSeesDefaultsThatNobodyWrote() throws {
    let found = try labels([
      "variants": #"{"A": {}, "B": {"model.pooling": "average"}}"#, "exclude": #"[{"model.pooling": "max"}]"#,
    ])
    #expect(found == ["B"])
  }

  @Test func includeAddsPointsAtTheEnd() throws {
    let found = try study(
      grid([
        "axes": #"{"optimizer.lr": [1, 2]}"#,
        "include": #"[{"label": "Tiny", "model.channels": [2], "optimizer.lr": 5}]"#,
      ])
    ).configurations
    #expect(found.map(\.label) == ["lr 1", "lr 2", "Tiny"])
    #expect(
      found[2].settings == [
        Setting(path: "variant", value: "Tiny"), Setting(path: "model.channels", value: "[2]"),
        Setting(path: "optimizer.lr", value: "5"),
      ])
  }

  @Test func whenAddsAxesWhereItsConditionHolds() throws {
    let found = try study(
      grid([
        "variants": #"{"MLP": {"model.family": "mlp", "model.hidden": [9]}, "CNN": {}}"#,
        "when": """
        [{"if": {"model.family": "cnn"}, "axes": {"model.pooling": ["max", "average"]}},
         {"if": {"model.pooling": "average"}, "axes": {"optimizer.lr": [1, 2]}}]
        """,
      ]))
    #expect(
      found.configurations.map(\.label) == [
        "MLP", "CNN, pooling max", "CNN, pooling average, lr 1", "CNN, pooling average, lr 2",
      ])
    #expect(found.configurations[0].settings.map(\.path) == ["variant", "model.family", "model.hidden"])
    #expect(found.axes.map(\.path) == ["variant", "model.pooling", "optimizer.lr"])
  }

  @Test func aChangeOfFamilyDropsWhatTheNewOneLacks() throws {
    let found = try study(
      grid([
        "model": #"{"family": "cnn", "channels": [4], "activation": "tanh", "hidden": [7]}"#,
        "axes": #"{"model.family": ["cnn", "mlp"]}"#,
      ])
    ).configurations
    #expect(
      found[1].resolved.architecture.layers == [
        Layer(Flatten()), Layer(Linear(outFeatures: 7)), Layer(Activation.tanh), Layer(Linear(outFeatures: 10)),
      ])
  }

  @Test func choicesComeFirstWithinAPoint() throws {
    let found = try study(grid(["variants": #"{"M": {"model.hidden": [3], "model.family": "mlp"}}"#])).configurations[0]
    #expect(found.resolved.architecture.layers.count == 4)
    #expect(errors(grid(["variants": #"{"M": {"model.pooling": "max", "model.family": "mlp"}}"#])).count == 1)
  }

  @Test func anOptimizerThatChangesDropsWhatItLacks() throws {
    let found = try study(
      grid([
        "optimizer": #"{"name": "sgd", "lr": 0.5, "momentum": 0.9}"#, "axes": #"{"optimizer.name": ["sgd", "adam"]}"#,
      ])
    ).configurations
    #expect(found[1].resolved.optimizer == .adam(.init(learningRate: 0.5)))
  }

  @Test func epochsTakeThePlaceOfIterations() throws {
    let found = try study(grid(["axes": #"{"training.epochs": [1, 2]}"#])).configurations
    #expect(found.map(\.resolved.training.length) == [.epochs(1), .epochs(2)])
  }

  @Test func objectsReplaceWhatWasThere() throws {
    let found = try study(
      grid(["axes": #"{"optimizer": [{"name": "adam", "lr": 0.1}, {"name": "sgd", "momentum": 0.5}]}"#]))
    #expect(found.configurations.map(\.label) == ["optimizer adam (lr 0.1)", "optimizer sgd (momentum 0.5)"])
    #expect(found.configurations[1].resolved.optimizer == .sgd(.init(momentum: 0.5)))
  }

  @Test func pathsLeadIntoLists() throws {
    let layers =
      #"{"layers": [{"type": "conv2d", "out_channels": 2, "kernel_size": [3, 5]}, {"type": "flatten"}, {"type": "linear", "out_features": 10}]}"#
    let found = try study(
      grid([
        "model": layers, "axes": #"{"model.layers[0].kernel_size[1]": [1, 7], "model.layers[0].out_channels": [3]}"#,
      ])
    ).configurations
    #expect(
      found.map { $0.resolved.architecture.layers[0] } == [
        Layer(Convolution(outChannels: 3, kernelSize: Extent(3, 1))),
        Layer(Convolution(outChannels: 3, kernelSize: Extent(3, 7))),
      ])
  }

  @Test func equalPointsCollapseAndAreCounted() throws {
    let found = try study(
      grid([
        "variants":
          #"{"A": {"model.padding": "same"}, "B": {"model.padding": 2}, "C": {"model.padding": [2, 2]}, "D": {}}"#
      ]))
    #expect(found.configurations.map(\.label) == ["A", "D"])
    #expect(
      found.collapsed == [CollapsedPoint(label: "B", original: "A"), CollapsedPoint(label: "C", original: "A")])
  }

  @Test func pathsWithTheSameLastKeyAreShownWhole() throws {
    let layers =
      #"{"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 5}, {"type": "dropout"}, {"type": "dropout"}, {"type": "linear", "out_features": 10}]}"#
    let found = try labels(["model": layers, "axes": #"{"model.layers[2].p": [0], "model.layers[3].p": [0.1]}"#])
    #expect(found == ["model.layers[2].p 0, model.layers[3].p 0.1"])
  }

  @Test func labelsAreUniqueAndBounded() throws {
    let found = try labels([
      "variants": "{\"lr 1\": {\"optimizer.lr\": 3}}", "include": #"[{"label": "lr 1", "optimizer.lr": 2}]"#,
    ])
    #expect(found == ["lr 1", "lr 1 (2)"])
    let long = (0..<100).map { "\"model.layers[\($0)].p\": [0.\($0)1]" }.joined(separator: ", ")
    let layers =
      (0..<100).map { _ in "{\"type\": \"dropout\"}" } + [
        #"{"type": "flatten"}, {"type": "linear", "out_features": 10}"#
      ]
    let label = try labels(["model": "{\"layers\": [\(layers.joined(separator: ", "))]}", "axes": "{\(long)}"])[0]
    #expect(label.count == 200)
  }

  @Test func aGridWithoutVariationIsOnePointNamedAsTheStudy() throws {
    let found = try study(grid())
    #expect(found.configurations.map(\.label) == ["sample"] && found.seeds == [0] && found.axes.isEmpty)
    #expect(found.configurations[0].settings.isEmpty)
  }

  @Test func hostileNamesPassAsData() throws {
    let name = #"a\"b\n$(rm -rf /)`x`../<script>"#
    let found = try study(grid(["name": "\"\(name)\"", "variants": "{\"\(name)\": {}}"]))
    #expect(found.name == "a\"b\n$(rm -rf /)`x`../<script>" && found.configurations[0].label == found.name)
  }

  @Test func nllFamiliesEndWithLogSoftmax() throws {
    let layers = try study(grid(["loss": "\"nll\""])).configurations[0].resolved.architecture.layers
    #expect(layers.last == Layer(LogSoftmax()))
  }

  // MARK: Overrides

  @Test func anOverrideGoesOverVariantsAndReplacesAnAxis() throws {
    let members = ["axes": #"{"optimizer.lr": [1, 2], "optimizer.momentum": [0, 0.5]}"#]
    #expect(try labels(members, ["optimizer.lr=5"]) == ["momentum 0", "momentum 0.5"])
    #expect(try labels(members, ["optimizer.lr=[7, 8, 9]"]).count == 6)
    let variants = ["variants": #"{"A": {"optimizer.lr": 1, "model.padding": "same"}, "B": {"optimizer.lr": 2}}"#]
    let found = try study(grid(variants), ["optimizer.lr=5"]).configurations
    #expect(found.map(\.resolved.optimizer.learningRate) == [5, 5])
    #expect(found[0].settings.map(\.path) == ["variant", "model.padding"])
  }

  @Test func aListIsOneValueWhereTheAxisHasLists() throws {
    let members = ["axes": #"{"model.channels": [[4], [8]]}"#]
    #expect(try labels(members, ["model.channels=[5, 6]"]) == ["sample"])
    #expect(try labels(members, ["model.channels=[[5], [6], [7]]"]).count == 3)
  }

  @Test func overridesTakeTextAndReplaceNameTitleAndSeeds() throws {
    let found = try study(grid(), ["model.pooling=average", "seeds=[4, 5]", "name=other", "training.epochs=3"])
    #expect(found.name == "other" && found.seeds == [4, 5])
    #expect(found.configurations[0].resolved.training.length == .epochs(3))
  }

  @Test func theTextOfAnOverriddenGridIsAGridThatSaysTheSame() throws {
    let members = ["axes": #"{"optimizer.lr": [1, 2], "model.padding": ["same", "valid"]}"#]
    let overrides = ["optimizer.lr=[7, 8, 9]", "model.pooling=average", "seeds=[4]"]
    let first = try study(grid(members), overrides)
    let second = try study(first.gridText)
    #expect(first.configurations == second.configurations && first.seeds == second.seeds)
    #expect(second.gridText == first.gridText)
  }

  // MARK: Laws

  @Test(arguments: 0..<100)
  func theProductLessTheExcludedPlusTheIncluded(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let rates = (1...Int.random(in: 1...5, using: &random)).map { "0.0\($0)" }
    let momenta = (1...Int.random(in: 1...4, using: &random)).map { "0.\($0)" }
    let sizes = (1...Int.random(in: 1...3, using: &random)).map { "[\($0)]" }
    let excluded = (rates.randomElement(using: &random) ?? "", momenta.randomElement(using: &random) ?? "")
    let included = Int.random(in: 0...3, using: &random)
    let found = try study(
      grid(
        [
          "axes": """
          {"optimizer.lr": [\(rates.joined(separator: ","))], "optimizer.momentum": [\(momenta.joined(separator: ","))],
           "model.channels": [\(sizes.joined(separator: ","))]}
          """,
          "exclude": "[{\"optimizer.momentum\": \(excluded.1), \"optimizer.lr\": \(excluded.0)}]",
          "include":
            "[\((0..<included).map { "{\"label\": \"extra \($0)\", \"optimizer.lr\": 1\($0)}" }.joined(separator: ","))]",
          "model": #"{"family": "cnn", "channels": [9]}"#,
          // One point always stays, so that everything is never excluded.
          "variants": #"{"v": {"training.epochs": 1}, "w": {"training.epochs": 2}}"#,
        ].filter { !(rates.count * momenta.count == 1 && $0.key == "exclude") }))
    let product = 2 * rates.count * momenta.count * sizes.count
    let left = rates.count * momenta.count == 1 ? product : product - 2 * sizes.count
    #expect(found.configurations.count == left + included, "seed \(seed)")
    #expect(Set(found.configurations.map(\.label)).count == found.configurations.count, "seed \(seed)")
    #expect(Set(found.configurations.map(\.resolved.hash)).count == found.configurations.count, "seed \(seed)")
    #expect(found.trials.count == found.configurations.count * found.seeds.count, "seed \(seed)")
  }
}
