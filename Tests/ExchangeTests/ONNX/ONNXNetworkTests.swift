import Architectures
import Experiments
import Testing
import TestSupport

@testable import Architectures
@testable import Exchange

@Suite struct ONNXNetworkTests {
  private func file(
    _ layers: [Layer], input: Shape = Shape(2), _ weights: ONNXNetwork.Weights
  ) throws -> WireMessage {
    let network = ONNXNetwork(Samples.configuration("x", [], layers: layers, input: input), weights: weights)
    return try WireMessage(network.file(name: "graph", facts: [("trial", "abc")], program: "0"))
  }

  private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return ""
  }

  /// A layer that is registered without operators must fail here, not at a user's.
  @Test func everyRegisteredLayerIsMapped() {
    for kind in LayerRegistry.kinds { #expect(kind is any ONNXLayer.Type, "\(kind)") }
  }

  @Test func aLinearLayerIsAProductWithPyTorchsNames() throws {
    let model = try file(
      [Layer(Linear(outFeatures: 3), name: "head"), Layer(Activation.relu)],
      ["head.weight": [1, 2, 3, 4, 5, 6], "head.bias": [7, 8, 9]])
    #expect(model.integer(1) == 8 && model.text(2) == "bench")
    #expect(try model.message(8).integer(2) == 17)
    #expect(try model.messages(14).map { $0.text(1) } == ["trial", "dataset", "dataset_shape", "classes", "loss"])
    #expect(try model.messages(14)[3].text(2) == #"["a","b"]"#)
    let graph = try model.message(7)
    let nodes = try graph.messages(1)
    #expect(nodes.map { $0.text(4) } == ["Gemm", "Relu"])
    #expect(
      nodes[0][1] == ["input", "head.weight", "head.bias"].map { .bytes(Array($0.utf8)) }
        && nodes[0][2] == nodes[1][1] && nodes[1].text(2) == "output")
    let tensors = try graph.messages(5)
    #expect(tensors.map { $0.text(8) } == ["head.weight", "head.bias"])
    #expect(tensors[0][1] == [.bytes([3, 2])] && tensors[0].integer(2) == 1)
    let bytes = (1...6).flatMap { withUnsafeBytes(of: Float($0).bitPattern.littleEndian) { Array($0) } }
    #expect(tensors[0][9] == [.bytes(bytes)])
    for (field, size) in [(11, 2), (12, 3)] {
      let dimensions = try graph.message(field).message(2, 1, 2).messages(1)
      #expect(dimensions.map { $0.text(2) } == ["N", ""] && dimensions.map { $0.integer(1) } == [0, size])
    }
  }

  /// A layer that does nothing in evaluation leaves no operator; a network of such has one all the same.
  @Test func layersThatDoNothingLeaveNothing() throws {
    let nodes = { try self.file($0, [:]).message(7).messages(1).map { $0.text(4) } }
    #expect(try nodes([Layer(Activation.relu), Layer(Dropout()), Layer(Activation.tanh)]) == ["Relu", "Tanh"])
    #expect(try nodes([Layer(Dropout())]) == ["Identity"])
  }

  @Test func mistakesAreNamed() {
    #expect(
      message { _ = try file([Layer(Linear(outFeatures: 1))], ["0.weight": [1, 2]]) }
        == "the weights have no 0.bias, of 1 values")
    #expect(
      message { _ = try file([Layer(Linear(outFeatures: 1))], ["0.weight": [1, 2, 3], "0.bias": [1]]) }
        == "the weights have 3 values of 0.weight; the network needs 2")
    #expect(
      message { _ = try file([Layer(Residual([Layer(Unheard())]))], [:]) }
        == "unheard1 (layers[0].layers[0]): a layer of the type unheard can't be said in ONNX's operator set 17; bench "
        + "export weights writes its weights for PyTorch")
  }
}

/// A layer of which ONNX has not heard.
private struct Unheard: LayerKind {
  static let types = [LayerType("unheard", module: "Unheard", "Nothing.", Unheard(), [])]
  var type: LayerType { Self.types[0] }
  func inferred(from input: Shape) -> ShapeInference { ShapeInference(output: input) }
}

/// Counts of averages over windows at the edge, which no operator has as PyTorch has them.
@Suite struct ONNXWindowsTests {
  @Test func countsAreThoseOfPyTorch() {
    // 5 values, windows of 3 at every second, a padding of 1, rounded up: the last begins at 5, in the far padding.
    let windows = ONNXWindows(input: 6, output: 4, kernel: 3, stride: 2, padding: 1)
    #expect(windows.behind == 2)
    #expect(windows.counts(countsPadding: true) == [3, 3, 3, 2])
    #expect(windows.counts(countsPadding: false) == [2, 3, 3, 1])
  }
}
