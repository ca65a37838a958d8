import Architectures
import Presentation
import Testing

@testable import Experiments

@Suite struct IdentityTests {
  private func one(_ members: [String: String] = [:]) throws -> StudyConfiguration {
    try study(grid(members)).configurations[0]
  }

  /// The digests are Python's hashlib's of the same texts.
  @Test func theCanonicalTextIsThis() throws {
    let configuration = try one(["model": #"{"family": "mlp", "hidden": [5]}"#]).resolved
    #expect(
      configuration.canonicalJSON == """
        {"dataset":{"name":"mnist","train":null,"test":null,"validation":0,"shuffle":true,"normalize":null},\
        "input":[1,28,28],"layers":[{"type":"flatten"},{"type":"linear","out_features":5,"bias":true},{"type":"relu"},\
        {"type":"linear","out_features":10,"bias":true}],"loss":"cross_entropy","optimizer":{"name":"sgd","lr":0.01,\
        "momentum":0,"dampening":0,"weight_decay":0,"nesterov":false},"training":{"batch_size":100,"iterations":3000,\
        "evaluate_every":null,"evaluation_draws":"none"},"initial_weights":null}
        """)
    #expect(configuration.hash == "f9149e4c87a15579be690b97608ebf33aac649355a56e46a7ad700841ff528e9")
    #expect(
      Trial.key(configurationHash: configuration.hash, seed: 7, dataDigest: "d1")
        == "875a68d53afbbcb13e418a1e9e0de680a235573590d115267fa77fc899e9f9e9")
  }

  @Test func theCanonicalTextIsJSON() throws {
    var reader = JSONReader(Array(try one().resolved.canonicalJSON.utf8))
    #expect(try reader.read().value.compactText == one().resolved.canonicalJSON)
  }

  @Test(arguments: [
    ["optimizer": #"{"name": "sgd", "lr": 0.02}"#], ["optimizer": #"{"name": "adam", "lr": 0.01}"#],
    ["optimizer": #"{"name": "sgd", "lr": 0.01, "nesterov": true, "momentum": 0.9}"#],
    ["loss": "\"mse\""], ["training": #"{"batch_size": 100, "iterations": 3001}"#],
    ["training": #"{"batch_size": 100, "iterations": 3000, "evaluate_every": 500}"#],
    ["training": #"{"batch_size": 100, "iterations": 3000, "evaluation_draws": "loader"}"#],
    ["dataset": #"{"name": "fashion_mnist"}"#], ["dataset": #"{"name": "mnist", "shuffle": false}"#],
    ["dataset": #"{"name": "mnist", "validation": 1}"#],
    ["dataset": #"{"name": "mnist", "normalize": {"mean": [0.5], "std": [0.5]}}"#],
    ["model": #"{"family": "cnn", "channels": [16, 32], "padding": 1}"#],
    ["model": #"{"family": "cnn", "channels": [16, 32], "activation": "tanh"}"#],
    ["loss": #"{"name": "cross_entropy", "label_smoothing": 0.1}"#],
    ["model": #"{"family": "cnn", "channels": [16, 32], "init": {"weight": "xavier_uniform"}}"#],
    ["model": #"{"family": "cnn", "channels": [16, 32], "init": {"bias": "zeros"}}"#],
  ])
  func whatChangesANumberChangesTheHash(_ members: [String: String]) throws {
    #expect(try one(members).resolved.hash != one().resolved.hash)
  }

  /// Settings that a trial has beside those of before stand in its text; what only says the default does not.
  @Test func newSettingsStandInTheTextWhereTheyAreMade() throws {
    let plain = try one()
    #expect(try one(["loss": #"{"name": "cross_entropy", "label_smoothing": 0, "weight": null}"#]) == plain)
    #expect(try one(["model": #"{"family": "cnn", "channels": [16, 32], "init": {}}"#]) == plain)
    let configuration = try one([
      "loss": #"{"name": "cross_entropy", "label_smoothing": 0.1}"#,
      "model": """
      {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 5, "weight_decay": 0.5, "lr": 0.1},
        {"type": "batch_norm1d"}, {"type": "linear", "out_features": 10, "bias": false, "init": {"weight": "ones"}}],
        "init": {"weight": {"name": "xavier_normal", "gain": 2}, "bias": "zeros"}}
      """,
    ])
    let text = configuration.resolved.canonicalJSON
    #expect(text.contains(#""loss":{"name":"cross_entropy","label_smoothing":0.1},"optimizer""#))
    #expect(
      text.contains(
        #""bias":true,"lr":0.1,"weight_decay":0.5,"init":{"bias":{"name":"zeros"},"#
          + #""weight":{"gain":2,"name":"xavier_normal"}}},{"type":"batch_norm1d""#), "\(text)")
    #expect(text.contains(#""bias":false,"init":{"weight":{"name":"ones"}}}"#))
    #expect(try StudyConfiguration(storedJSON: configuration.storedJSON) == configuration)
  }

  /// A loss is a name or an object; paths lead into both, and to the default.
  @Test func pathsLeadIntoALossThatIsAName() throws {
    for loss in [
      "-", "\"cross_entropy\"", #"{"name": "cross_entropy"}"#, #"{"name": "cross_entropy", "weight": null}"#,
    ] {
      let labels = try study(grid(["loss": loss, "axes": #"{"loss.label_smoothing": [0, 0.1]}"#])).configurations
      #expect(labels.map(\.label) == ["label_smoothing 0", "label_smoothing 0.1"])
      #expect(labels.map(\.resolved.loss.labelSmoothing) == [0, 0.1])
    }
    let losses = try study(
      grid(["loss": #"{"name": "smooth_l1", "beta": 0.3}"#, "axes": #"{"loss.name": ["smooth_l1", "l1"]}"#])
    ).configurations.map(\.resolved.loss.text)
    #expect(losses == ["smooth l1, beta 0.3", "l1"])
    let mixed = try study(grid(["axes": #"{"loss": ["mse", {"name": "smooth_l1", "beta": 2}]}"#])).configurations
    #expect(mixed.map(\.label) == ["loss mse", "loss smooth_l1 (beta 2)"])
  }

  @Test func pathsLeadToInitialisersAndALayersOwnRate() throws {
    let models = try study(
      grid(["axes": #"{"model.init.weight": ["orthogonal", {"name": "normal", "std": 0.01}]}"#])
    ).configurations
    #expect(models.map(\.label) == ["weight orthogonal", "weight normal (std 0.01)"])
    #expect(
      models.map { $0.resolved.architecture.layers[0].own.initialisers?.weight?.function } == [.orthogonal, .normal])
    let layers = #"{"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 10}]}"#
    let rates = try study(grid(["model": layers, "axes": #"{"model.layers[1].lr": [0.1, 0.5]}"#])).configurations
    #expect(rates.map { $0.resolved.architecture.layers[1].own.learningRate } == [0.1, 0.5])
  }

  /// Layers inside a nested one are written whole, their names left out.
  @Test func aNestedLayersTextHasTheLayersInside() throws {
    func model(_ name: String, _ more: String = "") -> String {
      #"{"layers": [{"type": "residual"\#(name), "layers": [{"type": "conv2d"\#(name), "out_channels": 1, "kernel_size": 3, "#
        + #""padding": "same"\#(more)}]}, {"type": "flatten"}, {"type": "concat", "branches": [[], [{"type": "relu"\#(name)}]]}, "#
        + #"{"type": "linear", "out_features": 10}], "init": {"weight": "kaiming_normal"}}"#
    }
    let plain = try one(["model": model("")])
    let text = plain.resolved.canonicalJSON
    let weight = #"{"a":0,"mode":"fan_in","name":"kaiming_normal","nonlinearity":"leaky_relu"}"#
    #expect(
      text.contains(
        #""layers":[{"type":"residual","layers":[{"bias":true,"dilation":1,"groups":1,"init":{"weight":\#(weight)},"#
          + #""kernel_size":3,"out_channels":1,"padding":1,"padding_mode":"zeros","stride":1,"type":"conv2d"}],"shortcut":[]},"#
          + #"{"type":"flatten"},{"type":"concat","branches":[[],[{"type":"relu"}]]},{"type":"linear""#), "\(text)")
    let named = try one(["model": model(#", "name": "a""#)])
    #expect(named.resolved.hash == plain.resolved.hash && named != plain)
    #expect(try one(["model": model("", #", "lr": 0.5"#)]).resolved.hash != plain.resolved.hash)
    #expect(try StudyConfiguration(storedJSON: named.storedJSON) == named)
    let axes =
      #"{"model.layers[0].layers[0].bias": [true, false], "model.layers[2].branches[1][0].type": ["relu", "tanh"]}"#
    let varied = try study(grid(["model": model(""), "axes": axes])).configurations
    #expect(
      varied.map(\.label) == [
        "bias true, type relu", "bias true, type tanh", "bias false, type relu", "bias false, type tanh",
      ])
    #expect(Set(varied.map(\.resolved.hash)).count == 4 && varied[0].resolved.hash == plain.resolved.hash)
  }

  @Test func namesPathsAndLabelsDoNot() throws {
    let layers = { (name: String) in
      "{\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"out_features\": 10\(name)}]}"
    }
    let plain = try one(["model": layers("")]).resolved
    #expect(try one(["model": layers(", \"name\": \"fc\""), "name": "\"other\""]).resolved.hash == plain.hash)
    #expect(try one(["model": layers(", \"trainable\": false")]).resolved.hash != plain.hash)
    var (a, b) = (plain, plain)
    a.initialWeights = InitialWeights(path: "a.safetensors", digest: "11")
    b.initialWeights = InitialWeights(path: "b.safetensors", digest: "11")
    #expect(a.hash == b.hash && a.hash != plain.hash)
    b.initialWeights?.digest = "22"
    #expect(a.hash != b.hash)
  }

  @Test func aTrialIsKnownByConfigurationSeedAndData() throws {
    let hash = try one().resolved.hash
    let keys = [(0, "a"), (1, "a"), (0, "b")].map { (seed, data) in
      Trial.key(configurationHash: hash, seed: UInt64(seed), dataDigest: data)
    }
    #expect(Set(keys).count == 3)
  }

  @Test func storedConfigurationsKeepEverything() throws {
    let members = [
      "dataset": """
      {"name": "idx", "train_images": "a b", "train_labels": "\\"q\\"", "test_images": "c", "test_labels": "d",
       "classes": ["T-shirt", "x,y", "z"], "train": 500, "test": 20, "validation": 100, "shuffle": false,
       "normalize": {"mean": [0.1307], "std": [0.3081]}}
      """,
      "model": """
      {"layers": [{"type": "conv2d", "out_channels": 4, "kernel_size": [2, 3], "padding": "same", "groups": 1,
         "padding_mode": "circular", "trainable": false, "name": "first"},
        {"type": "batch_norm2d", "momentum": null}, {"type": "elu", "alpha": 0.7}, {"type": "dropout", "p": 0.1},
        {"type": "avg_pool2d", "kernel_size": 2, "stride": [1, 2], "divisor_override": 3},
        {"type": "adaptive_avg_pool2d", "output_size": [null, 3]},
        {"type": "conv_transpose2d", "out_channels": 2, "kernel_size": 3, "stride": 2, "output_padding": 1},
        {"type": "max_pool2d", "kernel_size": 3, "padding": 1, "ceil_mode": true, "dilation": 2},
        {"type": "flatten"}, {"type": "linear", "out_features": 3, "bias": false}, {"type": "log_softmax"}]}
      """, "loss": "\"nll\"", "initial_weights": "\"some where.safetensors\"",
      "optimizer": #"{"name": "adamw", "betas": [0.5, 0.75], "amsgrad": true, "eps": 1e-7}"#,
      "training": #"{"batch_size": 7, "epochs": 2, "evaluate_every": 3, "evaluation_draws": "shuffled_loader"}"#,
      "variants": #"{"V \" \n": {"model.layers[0].out_channels": 6}}"#,
    ]
    var configuration = try one(members)
    configuration.resolved.initialWeights?.digest = "abc"
    #expect(try StudyConfiguration(storedJSON: configuration.storedJSON) == configuration)
  }

  @Test func everyLayerTypeIsStoredAndReadBack() throws {
    let relu = Layer(Activation.relu).optionValue
    for type in LayerRegistry.types {
      let needed: [String: OptionValue] = [
        "out_channels": .integer(2), "kernel_size": .integer(1), "out_features": .integer(3),
        "output_size": .integer(1), "unflattened_size": .list([.integer(1)]), "padding": .integer(0),
        "value": .number(0.5), "num_groups": .integer(1), "normalized_shape": .integer(3), "size": .integer(3),
        "layers": .list([relu]), "branches": .list([.list([]), .list([relu, relu])]),
      ].filter { type.table.option($0.key) != nil }
      var configuration = try one()
      configuration.resolved.architecture.layers = [type.layer(type.table.filled(needed))]
      #expect(try StudyConfiguration(storedJSON: configuration.storedJSON) == configuration, "\(type.table.name)")
    }
  }

  @Test(arguments: [
    "", "{}", "[]", #"{"label": "x"}"#, #"{"label": "x", "settings": [], "configuration": {}, "data": {}}"#,
  ])
  func otherTextsAreRefused(_ text: String) {
    #expect(throws: StoredJSONError.self) { try StudyConfiguration(storedJSON: text) }
  }
}
