import Architectures
import Testing

@testable import Experiments

/// The exact words of every kind of error.
@Suite struct GridErrorTests {
  /// A label is a byte.
  @Test func aDataSetHas256ClassesAtMost() throws {
    func named(_ count: Int) -> String {
      let names = (0..<count).map { "\"c\($0)\"" }.joined(separator: ", ")
      return grid(["dataset": "{\"name\": \"mnist\", \"classes\": [\(names)]}"])
    }
    #expect(errors(named(256)) == [])
    #expect(
      errors(named(257)) == [
        "grid.json:3:43: dataset.classes is a list of 257; expected a list of 2 to 256, each a text of 1 to 200 characters"
      ])
    let lines = GridManual.markdown.split(separator: "\n").filter { $0.hasPrefix("| classes ") }
    #expect(!lines.isEmpty && lines.allSatisfy { $0.contains("2 to 256") }, "\(lines)")
  }

  @Test(
    arguments: [
      ("[1, 2", ["grid.json:1:6: found the end of the text in a list; expected a comma or ]"]),
      ("3", ["grid.json:1:1: a grid is an object; found 3"]),
      (
        grid(["name": "\"\"", "title": "5"]),
        [
          "grid.json:2:11: name is \"\"; expected a text of 1 to 200 characters",
          "grid.json:3:12: title is 5; expected a text of 0 to 200 characters",
        ]
      ),
      (
        grid(["name": "\"\(String(repeating: "n", count: 201))\""]),
        [
          "grid.json:2:11: name is \"\(String(repeating: "n", count: 59))…\" (201 characters); expected a text of 1 to 200 "
            + "characters"
        ]
      ),
      (
        grid(["name": "-", "dataset": "-"]),
        [
          "grid.json:1:1: name is missing; expected a text of 1 to 200 characters",
          "grid.json:1:1: dataset is missing; every configuration needs it",
        ]
      ),
      (
        grid(["optimiser": "{}"]),
        [
          "grid.json:7:3: optimiser is not a known key; a grid has extends, name, title, tags, notes, dataset, model, "
            + "optimizer, loss, training, initial_weights, metrics, seeds, variants, axes, zip, sample, when, exclude, include and "
            + "set. Did you mean \"optimizer\"?"
        ]
      ),
      (
        grid(["lr": "0.1"]),
        [
          "grid.json:7:3: lr is not a known key; a grid has extends, name, title, tags, notes, dataset, model, "
            + "optimizer, loss, training, initial_weights, metrics, seeds, variants, axes, zip, sample, when, exclude, include and "
            + "set. It stands in optimizer: \"optimizer.lr\""
        ]
      ),
      (
        grid(["model": "{\"family\": \"cnn\", \"channels\": [16], \"channels\": [3]}"]),
        ["grid.json:4:48: key \"channels\" stands twice in one object; it is on line 4 already"]
      ),
      (
        grid(["axes": "{\"optimizer.name\": [\"sgd\", \"adm\"]}"]),
        [
          "grid.json:7:38: axes.optimizer.name[1] is \"adm\"; expected one of "
            + Optimizer.tables.map(\.name).joined(separator: ", ") + ". Did you mean \"adam\"?"
        ]
      ),
      (
        grid(["optimizer": "{\"name\": \"adam\", \"beta\": [0.9, 0.99]}"]),
        [
          "grid.json:5:33: optimizer.beta is not a known key; adam has name, lr, scheduler, betas, eps, weight_decay and "
            + "amsgrad. Did you mean \"betas\"?"
        ]
      ),
      (
        grid(["training": "{\"batch_size\": 10, \"epochs\": 1, \"scheduler\": null}"]),
        [
          "grid.json:6:47: training.scheduler is not a known key; training has batch_size, iterations, epochs, "
            + "evaluate_every, evaluation_draws, evaluation_batch_size, clip_grad_norm, clip_grad_value, ema_decay and "
            + "early_stopping. It stands in optimizer: \"optimizer.scheduler\""
        ]
      ),
      (
        grid([
          "axes": "{\"optimizer.lr\": [0.1, 0.2], \"training.batch_size\": [10, 20]}",
          "zip": "[{\"optimizer.lr\": [0.3, 0.4], \"optimizer.momentum\": [0, 0.9]}]",
          "sample": "{\"count\": 2, \"axes\": {\"training.batch_size\": {\"choice\": [5, 6]}}}",
        ]),
        [
          "grid.json:8:12: zip[0].optimizer.lr varies already; a path stands in one of axes, zip and sample, once",
          "grid.json:9:35: sample.axes.training.batch_size varies already; a path stands in one of axes, zip and sample, once",
        ]
      ),
      (
        grid(["axes": "{\"optimizer.lr\": [0.1, \"x\", -1, 1e999, 0.10]}"]),
        [
          "grid.json:7:34: axes.optimizer.lr[1] is \"x\"; expected a number from 0 to 1000000",
          "grid.json:7:39: axes.optimizer.lr[2] is -1; expected a number from 0 to 1000000",
          "grid.json:7:43: axes.optimizer.lr[3] is 1e999; expected a number from 0 to 1000000",
          "grid.json:7:50: axes.optimizer.lr[4] is 0.10, which the axis has already",
        ]
      ),
      (
        grid([
          "axes": "{\"optimizer.lrr\": [1], \"optimizer.lr\": [], \"seed\": [1, 2], \"modl.x\": [1], \"a..b\": [1]}"
        ]),
        [
          "grid.json:7:12: axes.optimizer.lrr is not a known key; sgd has name, lr, scheduler, momentum, dampening, "
            + "weight_decay and "
            + "nesterov. Did you mean \"lr\"? (in \"lrr 1\")",
          "grid.json:7:50: axes.optimizer.lr is an empty list; expected a list of values",
          "grid.json:7:54: axes.seed is not a path: seeds are replicates, never an axis; list them under \"seeds\"",
          "grid.json:7:70: axes.modl.x is not a path; a path begins with dataset, model, optimizer, loss, training or "
            + "initial_weights. Did you mean \"model\"?",
          "grid.json:7:85: axes.a..b is not a path; a path looks like optimizer.lr or model.layers[0].kernel_size",
        ]
      ),
      (
        grid(["axes": "{\"optimizer.name\": [\"sgd\", \"adam\"], \"optimizer.momentum\": [0, 0.9]}"]),
        [
          "grid.json:7:47: axes.optimizer.momentum is not a known key; adam has name, lr, scheduler, betas, eps, weight_decay "
            + "and "
            + "amsgrad (in \"name adam, momentum 0\")"
        ]
      ),
      (
        grid(["model": "{\"family\": \"cnn\", \"channels\": [16, \"x\"], \"padding\": \"sam\", \"kernel_size\": [1]}"]),
        [
          "grid.json:4:47: model.channels[1] is \"x\"; expected a whole number from 1 to 1000000",
          "grid.json:4:64: model.padding is \"sam\"; expected a whole number from 0 to 1000000, or a list of 2 such, or one "
            + "of same, valid, full. Did you mean \"same\"?",
          "grid.json:4:86: model.kernel_size is a list of 1; expected a whole number from 1 to 1000000, or a list of 2 such",
        ]
      ),
      (
        grid(["model": "{\"family\": \"cnn\", \"channels\": [1, 1, 1]}"]),
        ["grid.json:4:12: sample: conv3: kernel 5 does not fit its 4 × 4 input"]
      ),
      (
        grid([
          "variants":
            "{\"Model A\": {}, \"Model C\": {\"model.channels\": [1, 1, 1]}, \"D\": {\"model.pool_size\": 40}}"
        ]),
        [
          "grid.json:4:12: Model C: conv3: kernel 5 does not fit its 4 × 4 input",
          "grid.json:4:12: D: max_pool1: window 40 does not fit its 24 × 24 input",
        ]
      ),
      (
        grid(["model": "{\"family\": \"cnn\"}"]),
        [
          "grid.json:4:12: model.channels is missing; cnn needs it: a list of 1 to 100, each a whole number from 1 to 1000000"
        ]
      ),
      (
        grid(["model": "{}"]),
        [
          "grid.json:4:12: model.family is missing; expected one of mlp, cnn, conv1d, resnet, vgg, lenet, or a preset, or "
            + "layers"
        ]
      ),
      (
        grid(["model": "{\"family\": \"mlp\", \"layers\": []}"]),
        ["grid.json:4:30: model.layers stands beside family; a model has one of family, preset and layers"]
      ),
      (
        grid(["model": "{\"preset\": \"model-d\"}"]),
        [
          "grid.json:4:23: model.preset is \"model-d\"; expected one of model-a, model-b, model-c, mlp, convnet, lab7. "
            + "Did you mean \"model-a\"?"
        ]
      ),
      (
        grid([
          "model": """
          {"layers": [{"type": "conv2d", "out_channels": 4, "kernel_size": [3, 0]}, {"typ": "relu"},
            {"type": "relu", "inplace": true}, 5, {"type": "linear", "out_features": 3, "name": "2"}]}
          """
        ]),
        [
          "grid.json:4:81: model.layers[0].kernel_size[1] is 0; expected a whole number from 1 to 1000000",
          "grid.json:4:86: model.layers[1].type is missing; expected one of "
            + LayerRegistry.types.map(\.table.name).joined(separator: ", "),
          "grid.json:5:20: model.layers[2].inplace is not a known key; relu has type, trainable and name",
          "grid.json:5:38: model.layers[3] is 5; expected a layer such as {\"type\": \"relu\"}",
          "grid.json:5:41: model.layers[4].name is \"2\"; a number is the name of the layer in that place",
        ]
      ),
      (
        grid(["model": "{\"layers\": [{\"type\": \"linear\", \"out_features\": 10}]}"]),
        [
          "grid.json:4:24: sample: linear1: needs a flat input, its input is [1 × 28 × 28]; put a flatten layer before it"
        ]
      ),
      (
        grid([
          "model":
            "{\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"in_features\": 28, \"out_features\": 10}]}"
        ]),
        ["grid.json:4:45: sample: linear1: in_features is 28, and its input [784] has 784"]
      ),
      (
        grid(["model": "{\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"out_features\": 12}]}"]),
        [
          "grid.json:4:12: sample: linear1: its output is [12]; cross_entropy needs one value for each of the 10 classes"
        ]
      ),
      (
        grid(["model": "{\"layers\": [{\"type\": \"relu\"}]}"]),
        [
          "grid.json:4:12: sample: relu1: its output is [1 × 28 × 28]; cross_entropy needs one value for each of the 10 "
            + "classes; put a flatten and a linear layer behind it"
        ]
      ),
      (
        grid(["loss": "\"mse\"", "model": "{\"layers\": [{\"type\": \"flatten\"}]}"]),
        [
          "grid.json:4:12: sample: flatten1: its output is [784]; mse needs one value for each of the 10 classes, or the "
            + "shape of the input [1 × 28 × 28]"
        ]
      ),
      (
        grid(["model": "{\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"out_features\": 1000000}]}"]),
        ["grid.json:4:45: sample: linear1: its weight 1000000 × 784 passes the limit of 268435456"]
      ),
      (
        grid(["loss": "\"l2\""]),
        [
          "grid.json:6:11: loss is \"l2\"; expected one of cross_entropy, nll, mse, l1, smooth_l1, bce_with_logits, or an "
            + "object whose name is one of cross_entropy, nll, mse, l1, smooth_l1, bce_with_logits. Did you mean \"l1\"?"
        ]
      ),
      (
        grid(["loss": "{\"name\": \"huber\"}"]),
        [
          "grid.json:6:20: loss.name is \"huber\"; expected one of cross_entropy, nll, mse, l1, smooth_l1, bce_with_logits"
        ]
      ),
      (
        grid(["loss": "{\"name\": \"cross_entropy\", \"label_smoothing\": 2, \"weights\": [1]}"]),
        [
          "grid.json:6:56: loss.label_smoothing is 2; expected a number from 0 to 1",
          "grid.json:6:59: loss.weights is not a known key; cross_entropy has name, label_smoothing and weight. Did you mean "
            + "\"weight\"?",
        ]
      ),
      (
        grid(["loss": "{\"label_smoothing\": 0.1}"]),
        [
          "grid.json:6:11: loss.name is missing; expected one of cross_entropy, nll, mse, l1, smooth_l1, bce_with_logits"
        ]
      ),
      (
        grid(["loss": "{\"name\": \"nll\", \"weight\": [1, 2, 3]}"]),
        ["grid.json:6:11: sample: loss.weight has 3 values; expected one for each of the 10 classes"]
      ),
      (
        grid(["loss": "{\"name\": \"nll\", \"weight\": [0, 0]}"]),
        ["grid.json:6:37: loss.weight is 0 for every class; expected one above 0"]
      ),
      (
        grid(["axes": "{\"loss.beta\": [1, 2]}"]),
        [
          "grid.json:7:12: axes.loss.beta is not a known key; cross_entropy has name, label_smoothing and weight (in \"beta 1\")"
        ]
      ),
      (
        grid(["optimizer": "{\"name\": \"rprop\", \"etas\": [0.5, 0.9]}"]),
        [
          "grid.json:5:42: optimizer.etas is [0.5, 0.9]; expected a factor below 1, then one above 1, such as [0.5, 1.2]"
        ]
      ),
      (
        grid(["optimizer": "{\"name\": \"rmsprop\", \"maximize\": true}"]),
        [
          "grid.json:5:36: optimizer.maximize is not a known key; rmsprop has name, lr, scheduler, alpha, eps, weight_decay, "
            + "momentum and centered"
        ]
      ),
      (
        grid([
          "optimizer": "{\"name\": \"sgd\", \"scheduler\": {\"name\": \"one_cycle_lr\", \"max_lr\": 0.1}}",
          "model":
            "{\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"out_features\": 10, \"lr\": 0.1}]}",
        ]),
        [
          "grid.json:4:12: sample: linear1 has an lr of its own, and the scheduler sets the rates of all layers, from "
            + "its max_lr; leave one of them out, or take a scheduler that goes from each layer's rate"
        ]
      ),
      (
        grid([
          "optimizer": "{\"name\": \"rprop\"}",
          "model":
            "{\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"out_features\": 10, \"weight_decay\": 0.1}]}",
        ]),
        [
          "grid.json:4:12: sample: linear1 has a weight_decay of its own, and the optimizer rprop has none; leave it out, or "
            + "take another optimizer"
        ]
      ),
      (
        grid([
          "model": """
          {"layers": [{"type": "flatten", "lr": 0.1}, {"type": "linear", "out_features": 10, "lr": -1,
            "init": {"weight": "xavier_unifrom", "bias": "orthogonal"}}]}
          """
        ]),
        [
          "grid.json:4:44: model.layers[0].lr is not a known key; flatten has type, trainable and name",
          "grid.json:4:101: model.layers[1].lr is -1; expected a number from 0 to 1000000",
          "grid.json:5:22: model.layers[1].init.weight is \"xavier_unifrom\"; expected one of uniform, normal, trunc_normal, "
            + "zeros, ones, xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal, orthogonal, or an object whose name "
            + "is one of uniform, normal, trunc_normal, constant, zeros, ones, xavier_uniform, xavier_normal, kaiming_uniform, "
            + "kaiming_normal, orthogonal. Did you mean \"xavier_uniform\"?",
          "grid.json:5:48: model.layers[1].init.bias is \"orthogonal\"; expected one of uniform, normal, trunc_normal, zeros, "
            + "ones, or an object whose name is one of uniform, normal, trunc_normal, constant, zeros, ones",
        ]
      ),
      (
        grid([
          "model":
            "{\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"bias\": false, \"out_features\": 10, "
            + "\"init\": {\"bias\": \"zeros\"}}]}"
        ]),
        ["grid.json:4:45: sample: linear1: its init says how its bias begins, and it has no bias"]
      ),
      (
        grid([
          "model": "{\"family\": \"mlp\", \"init\": {\"weight\": {\"name\": \"trunc_normal\", \"a\": 3, \"b\": 2}}}"
        ]),
        ["grid.json:4:87: model.init.weight.b is 2, and a is 3; expected a b above a"]
      ),
      (
        grid([
          "model": "{\"family\": \"mlp\", \"init\": {\"weight\": {\"name\": \"trunc_normal\", \"a\": 99, \"b\": 999}}}"
        ]),
        [
          "grid.json:4:88: model.init.weight.b is 999 with a 99, mean 0 and std 1; of 100 draws not one would lie there. Bring "
            + "a and b nearer to the mean, or make std larger"
        ]
      ),
      (
        grid(["model": "{\"family\": \"mlp\", \"init\": {\"weight\": {\"name\": \"constant\"}, \"bais\": \"zeros\"}}"]),
        [
          "grid.json:4:49: model.init.weight.val is missing; constant needs it: a number from -1000000 to 1000000",
          "grid.json:4:71: model.init.bais is not a known key; init has weight and bias. Did you mean \"bias\"?",
        ]
      ),
      (
        grid(["model": "{\"family\": \"mlp\", \"init\": \"zeros\"}"]),
        ["grid.json:4:38: model.init is \"zeros\"; expected an object with weight and bias"]
      ),
      (
        grid(["model": "{\"layers\": [{\"type\": \"flatten\"}], \"hidden\": [3]}"]),
        [
          "grid.json:4:46: model.hidden stands beside layers; a model of explicit layers has no other key but init"
        ]
      ),
      (
        grid(["training": "{\"batch_size\": 0, \"iterations\": 3, \"epochs\": 2}"]),
        ["grid.json:6:30: training.batch_size is 0; expected a whole number from 1 to 1000000"]
      ),
      (
        grid(["training": "{\"batch_size\": 1, \"iterations\": 3, \"epochs\": 2}"]),
        ["grid.json:6:60: training.epochs stands beside iterations; exactly one of them says how long"]
      ),
      (
        grid(["training": "{\"batch_size\": 1}"]),
        ["grid.json:6:15: training.iterations is missing, and so is epochs; exactly one of them says how long"]
      ),
      (
        grid([
          "training": "{\"batch_size\": 1000000, \"iterations\": 1}",
          "model": "{\"preset\": \"model-a\", \"channels\": [1000]}",
        ]),
        [
          "grid.json:6:15: sample: the values between its layers take 470.6 GB at batch_size 1000000; take a smaller one, or "
            + "fewer channels"
        ]
      ),
      (
        grid([
          "training": "{\"batch_size\": 37, \"epochs\": 1}",
          "dataset": "{\"name\": \"npy\", \"train_images\": \"a\", \"train_labels\": \"b\", "
            + "\"test_images\": \"c\", \"test_labels\": \"d\"}",
          "model": "{\"layers\": [{\"type\": \"batch_norm1d\"}, {\"type\": \"linear\", \"out_features\": 10}]}",
        ]),
        [
          "grid.json:6:15: sample: batch_norm1 has one value per channel and example, and needs more than one example per batch; "
            + "1000 examples at batch_size 37 have a batch of one. Change batch_size, or the data set's train"
        ]
      ),
      (
        grid(["training": "{\"batch_size\": 1, \"epochs\": 1000000}"]),
        ["grid.json:6:15: sample: trains for more than 1000000000 iterations"]
      ),
      (
        grid(["optimizer": "{\"name\": \"sgd\", \"nesterov\": true}"]),
        [
          "grid.json:5:44: optimizer.nesterov is true with momentum 0.0 and dampening 0.0; it needs a momentum above 0 and a "
            + "dampening of 0"
        ]
      ),
      (
        grid([
          "dataset":
            "{\"name\": \"mnist\", \"validation\": 60, \"train\": 60, \"normalize\": {\"mean\": [0.1], \"sdt\": [1]}}"
        ]),
        [
          "grid.json:3:76: dataset.normalize.std is missing; normalize needs it: a list of 1 to 1000, each a number from "
            + "1e-06 to 1000000",
          "grid.json:3:92: dataset.normalize.sdt is not a known key; normalize has mean and std. Did you mean \"std\"?",
        ]
      ),
      (
        grid(["dataset": "{\"name\": \"mnist\", \"validation\": 60, \"train\": 60}"]),
        ["grid.json:3:46: dataset.validation is 60, and train is 60; something must be left to train on"]
      ),
      (
        grid(["dataset": "{\"name\": \"mnist\", \"normalize\": {\"mean\": [0.1, 0.2], \"std\": [1]}}"]),
        ["grid.json:3:54: dataset.normalize.mean has 2 values; expected 1, or one for each of the 1 channels"]
      ),
      (
        grid(["dataset": "{\"name\": \"idx\"}"]),
        ["train_images", "train_labels", "test_images", "test_labels"].map {
          "grid.json:3:14: dataset.\($0) is missing; idx needs it: a text of 1 to 4096 characters"
        }
      ),
      (
        grid([
          "dataset": """
          {"name": "npy", "train_images": "a", "train_labels": "b", "test_images": "c", "test_labels": "d"}
          """
        ]),
        ["grid.json:4:12: model.family is \"cnn\", which needs images [C, H, W]; the data set's examples are [20]"]
      ),
      (
        grid(["seeds": "[0, 0, -1, 1.5, \"x\"]"]),
        [
          "grid.json:7:16: seeds[1] is 0, which is in the list already; a seed is trained once",
          "grid.json:7:19: seeds[2] is -1; expected a whole number from 0 to 18446744073709551615",
          "grid.json:7:23: seeds[3] is 1.5; expected a whole number from 0 to 18446744073709551615",
          "grid.json:7:28: seeds[4] is \"x\"; expected a whole number from 0 to 18446744073709551615",
        ]
      ),
      (
        grid(["seeds": "[0, 7, 4294967296, 8589934599, 4294967295]"]),
        [
          "grid.json:7:19: seeds[2] is 4294967296, which trains the same bits as 0: the generator, as PyTorch's, takes a "
            + "seed modulo 2^32, which is 0 for both; take seeds below 4294967296",
          "grid.json:7:31: seeds[3] is 8589934599, which trains the same bits as 7: the generator, as PyTorch's, takes a "
            + "seed modulo 2^32, which is 7 for both; take seeds below 4294967296",
        ]
      ),
      (
        grid(["seeds": "[]"]),
        ["grid.json:7:12: seeds is an empty list; expected a list of 1 to 100000 seeds, such as [0, 1, 2]"]
      ),
      (
        grid([
          "variants":
            "{\"Model A\": {\"model.pooling\": \"mx\"}, \" \": {}, \"E\": 3, \"F\": {\"model.layers[0].x\": 1}}"
        ]),
        [
          "grid.json:7:45: variants[\"Model A\"].model.pooling is \"mx\"; expected one of max, average, none. Did you mean "
            + "\"max\"?",
          "grid.json:7:52: variants[\" \"] is not a label; expected a text of 1 to 200 characters",
          "grid.json:7:66: variants.E is 3; expected an object of paths and values",
          "grid.json:7:75: variants.F.model.layers[0].x leads through [0], and what should be a list is an empty object",
        ]
      ),
      (
        grid(["zip": "[{\"optimizer.lr\": [1, 2], \"optimizer.momentum\": [0.1]}]"]),
        [
          "grid.json:7:58: zip[0].optimizer.momentum has 1 values, and optimizer.lr has 2; what varies together has lists of "
            + "one length"
        ]
      ),
      (
        grid(["when": "[{\"iff\": {}, \"axes\": {}}]", "include": "[{\"optimizer.lr\": 1}]", "exclude": "[{}]"]),
        [
          "grid.json:7:12: when[0].if is missing; expected {\"if\": {path: value}, \"axes\": {path: [values]}}",
          "grid.json:7:13: when[0].iff is not a known key; it has if and axes. Did you mean \"if\"?",
          "grid.json:8:15: exclude[0] is an empty object; expected an object of paths and values",
          "grid.json:9:15: include[0].label is missing; a point that stands by itself has a label",
        ]
      ),
      (
        grid(["axes": "{\"optimizer.lr\": [1, 2]}", "exclude": "[{\"optimizer.lr\": 5}]"]),
        ["grid.json:8:15: exclude[0] holds for no point of the grid; compare its paths and values with the axes"]
      ),
      (
        grid(["axes": "{\"optimizer.lr\": [1]}", "exclude": "[{\"optimizer.lr\": 1}]"]),
        ["grid.json:1:1: the grid has no point: everything is excluded"]
      ),
      (
        grid(["axes": "{\"optimizer.lr\": [\(list(600))], \"optimizer.momentum\": [\(list(600))]}"]),
        ["grid.json:1:1: the grid has 360000 points and 360000 trials; at most 200000 and 1000000 are allowed"]
      ),
    ] as [(String, [String])])
  func says(_ text: String, _ expected: [String]) {
    #expect(errors(text) == expected)
  }

  @Test func overridesAreNamedByTheirText() {
    #expect(
      errors(grid(), ["optimizer.lr=abc", "model.kernel=3", "seed=3", "optimizer.nam=\"sgd"]) == [
        "--set optimizer.lr=abc: optimizer.lr is \"abc\"; expected a number from 0 to 1000000",
        "--set model.kernel=3: model.kernel is not a known key; cnn has family, channels, kernel_size, padding, stride, "
          + "dilation, activation, pooling, pool_size, pool_stride, hidden, dropout and init. Did you mean \"kernel_size\"?",
        "--set seed=3: seed is not a path: seeds are replicates, never an axis; list them under \"seeds\"",
        "--set optimizer.nam=\"sgd: optimizer.nam is not a known key; sgd has name, lr, scheduler, momentum, dampening, "
          + "weight_decay and "
          + "nesterov. Did you mean \"name\"?",
      ])
  }

  @Test func hostileTextIsHarmlessInMessages() throws {
    let text = grid(["variants": #"{"\u001b[31m\n\u202e": {"model.pooling": "\u009b2J\u0007"}}"#])
    let message = try #require(errors(text).first)
    #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E && $0.value != 0x9B })
  }

  @Test func aFaultOfTheDataSetKeepsItsWords() throws {
    struct Missing: Error, CustomStringConvertible { let description = "mnist: no such file; run bench data fetch" }
    let read = try Grid.read(bytes: Array(grid().utf8), file: "grid.json")
    do {
      _ = try read.study { _ in throw Missing() }
      Issue.record("no error")
    } catch {
      #expect(error.description == "grid.json:3:14: mnist: no such file; run bench data fetch")
      #expect(error.errors.map(\.kind) == [.dataset])
    }
  }

  @Test func listsAHundredFaultsAndCountsTheOthers() {
    let text = grid(["axes": "{\"optimizer.lr\": [\((1...150).map { "-\($0)" }.joined(separator: ", "))]}"])
    #expect(errors(text).count == 100)
    #expect(throws: GridErrors.self) { try study(text) }
    do { _ = try study(text) } catch { #expect(error.omitted == 50 && error.description.hasSuffix("… and 50 more")) }
  }
}

private func list(_ count: Int) -> String { (1...count).map(String.init).joined(separator: ", ") }
