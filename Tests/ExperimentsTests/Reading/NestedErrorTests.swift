import Testing

@testable import Experiments

/// The exact words about layers that are made of layers.
@Suite struct NestedErrorTests {
  @Test(
    arguments: [
      (
        #"{"type": "residual", "layers": [{"type": "conv2d", "out_channels": 8, "kernel_size": 3}]}"#,
        [
          "4:24: sample: residual1 (layers[0]): its layers give [8 × 26 × 26], and its input, which is added to that, is "
            + "[1 × 28 × 28]; both must be alike: let the layers keep the shape, or give it a shortcut that changes the "
            + "input alike, such as a conv2d with kernel_size 1, or a subsample2d"
        ]
      ),
      (
        #"{"type": "residual", "layers": [{"type": "max_pool2d", "kernel_size": 2}], "shortcut": [{"type": "relu"}]}"#,
        [
          "4:24: sample: residual1 (layers[0]): its layers give [1 × 14 × 14], and its shortcut gives [1 × 28 × 28]; both "
            + "must be alike, for they are added: give the shortcut the strides and the channels of the layers"
        ]
      ),
      (
        #"{"type": "concat", "branches": [[{"type": "conv2d", "out_channels": 8, "kernel_size": 3}], []]}"#,
        [
          "4:24: sample: concat1 (layers[0]): its branches[0] gives [8 × 26 × 26], and its branches[1] gives "
            + "[1 × 28 × 28]; all sizes but the first must be alike, for they are put behind one another: give the "
            + "branches the same strides, and paddings that go with their kernels"
        ]
      ),
      (
        #"{"type": "residual", "layers": []}"#,
        [
          "4:55: model.layers[0].layers is an empty list; expected a list of 1 to 1000, each a layer such as "
            + #"{"type": "relu"}"#
        ]
      ),
      (
        #"{"type": "residual"}"#,
        [
          "4:24: model.layers[0].layers is missing; residual needs it: a list of 1 to 1000, each a layer such as "
            + #"{"type": "relu"}"#
        ]
      ),
      (
        #"{"type": "residual", "layers": [{"type": "relu", "slop": 1}], "short": [], "lr": 0.1}"#,
        [
          "4:73: model.layers[0].layers[0].slop is not a known key; relu has type, trainable and name",
          "4:86: model.layers[0].short is not a known key; residual has type, layers, shortcut, trainable and name. "
            + #"Did you mean "shortcut"?"#,
          "4:99: model.layers[0].lr is not a known key; residual has type, layers, shortcut, trainable and name",
        ]
      ),
      (
        #"{"type": "concat", "branches": [[{"type": "relu"}]]}"#,
        [
          "4:55: model.layers[0].branches is a list of 1; expected a list of 2 to 100, each a list of 0 to 1000, each a "
            + #"layer such as {"type": "relu"}"#
        ]
      ),
      (
        #"{"type": "concat", "branches": [{"type": "relu"}, [5]]}"#,
        [
          "4:56: model.layers[0].branches[0] is an object; expected a list of 0 to 1000, each a layer such as "
            + #"{"type": "relu"}"#,
          #"4:75: model.layers[0].branches[1][0] is 5; expected a layer such as {"type": "relu"}"#,
        ]
      ),
      (
        #"{"type": "concat", "branches": [[], [{"type": "conv2d", "out_channels": 4, "kernel_size": 40}]]}"#,
        ["4:61: sample: conv1 (layers[0].branches[1][0]): kernel 40 does not fit its 28 × 28 input"]
      ),
      (
        #"{"type": "residual", "layers": [{"type": "conv2d", "out_channels": 1, "kernel_size": 1, "in_channels": 3}]}"#,
        [
          "4:56: sample: conv1 (layers[0].layers[0]): in_channels is 3, and its input [1 × 28 × 28] has 1"
        ]
      ),
      (
        #"{"type": "residual", "layers": [{"type": "relu", "name": "a"}, {"type": "tanh", "name": "a"}]}"#,
        [#"4:87: model.layers[0].layers[1].name is "a", as another layer's; names differ"#]
      ),
      (
        #"{"type": "residual", "layers": [{"type": "prelu"}]}, {"type": "prelu", "name": "0.layers.0"}"#,
        [
          "4:77: sample: prelu2: its tensor 0.layers.0.weight has the name of another layer's; give one of them another "
            + "name"
        ]
      ),
      (
        #"{"type": "concat", "branches": [[], []]}, {"type": "subsample2d", "out_channels": 1}"#,
        [
          "4:66: sample: subsample1: out_channels 1 is less than the 2 channels of its input; it adds channels of zeros "
            + "and leaves none out"
        ]
      ),
      (
        nested(9),
        [
          "4:312: model.layers[0]\(String(repeating: ".layers[0]", count: 9)) lies in 9 layers that are made of layers; at "
            + "most 8 may lie in each other"
        ]
      ), (nested(8), []),
    ])
  func aMistakeIsToldWithItsPlace(_ layers: String, _ messages: [String]) {
    let model = #"{"layers": [\#(layers), {"type": "flatten"}, {"type": "linear", "out_features": 10}]}"#
    #expect(errors(grid(["model": model])) == messages.map { "grid.json:\($0)" })
  }

  @Test func aDepthIsToldWithItsNeighbours() {
    #expect(
      errors(grid(["model": #"{"family": "resnet", "depth": 18}"#])) == [
        "grid.json:4:12: model.depth is 18; expected 6n + 2, for n blocks in each of three stages: take 14 or 20"
      ])
  }
}

/// A ReLU in so many residuals.
private func nested(_ depth: Int) -> String {
  (0..<depth).reduce(#"{"type": "relu"}"#) { inside, _ in #"{"type": "residual", "layers": [\#(inside)]}"# }
}
