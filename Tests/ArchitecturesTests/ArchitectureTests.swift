import Architectures
import Testing

@Suite struct ArchitectureTests {
  @Test(arguments: [(32, 400), (64, 2704)])
  func theCIFARNetworkFlattensTo(side: Int, features: Int) throws {
    let convolution = { (channels: Int) in
      Layer(Convolution(outChannels: channels, kernelSize: Extent(5)))
    }
    let pool = Layer(MaxPooling(kernelSize: Extent(2)))
    let network = Architecture(
      input: Shape(3, side, side), layers: [convolution(6), pool, convolution(16), pool, Layer(Flatten())])
    #expect(try network.resolved().last?.output == Shape(features))
  }

  @Test func parametersComeInStateDictOrderWithPyTorchsShapes() throws {
    let network = Architecture(
      input: Shape(4, 8, 8),
      layers: [
        Layer(Convolution(outChannels: 6, kernelSize: Extent(3, 5), groups: 2)),
        Layer(BatchNorm()),
        Layer(TransposedConvolution(outChannels: 8, kernelSize: Extent(2), groups: 2)),
        Layer(Flatten()),
        Layer(Linear(outFeatures: 10), name: "head"),
      ])
    let layers = try network.resolved()
    let parameters = layers.flatMap(\.parameters).map { "\($0.name) \($0.shape)" }
    #expect(
      parameters == [
        "0.weight [6, 2, 3, 5]", "0.bias [6]", "1.weight [6]", "1.bias [6]", "2.weight [6, 4, 2, 2]", "2.bias [8]",
        "head.weight [10, 280]", "head.bias [10]",
      ])
    #expect(layers[1].buffers.map(\.name) == ["1.running_mean", "1.running_var", "1.num_batches_tracked"])
    #expect(layers[0].multiplyAdds == 6 * 6 * 4 * 2 * 3 * 5)
  }

  /// Layers come in the order in which their outputs are there; each has its parameters once.
  @Test func layersInLayersHaveTheNamesOfPyTorchsModules() throws {
    func convolution(_ channels: Int) -> Layer {
      Layer(Convolution(outChannels: channels, kernelSize: Extent(3), padding: .same, bias: false))
    }
    let branches = Layer(Concat([[], [convolution(2), Layer(BatchNorm(), name: "norm")]]))
    let network = Architecture(
      input: Shape(1, 4, 4),
      layers: [
        convolution(3), Layer(Residual([branches], shortcut: [convolution(5)]), trainable: false, name: "block"),
        Layer(Flatten()), Layer(Linear(outFeatures: 10)),
      ])
    let layers = try network.resolved()
    #expect(
      layers.map(\.title) == [
        "conv1", "conv2", "batch_norm1", "concat1", "conv3", "residual1", "flatten1", "linear1",
      ])
    #expect(
      layers.map(\.place.description) == [
        "layers[0]", "layers[1].layers[0].branches[1][0]", "layers[1].layers[0].branches[1][1]", "layers[1].layers[0]",
        "layers[1].shortcut[0]", "layers[1]", "layers[2]", "layers[3]",
      ])
    #expect(
      layers.flatMap(\.parameters).map { "\($0.name) \($0.shape)" } == [
        "0.weight [3, 1, 3, 3]", "block.layers.0.branches.1.0.weight [2, 3, 3, 3]",
        "block.layers.0.branches.1.norm.weight [2]", "block.layers.0.branches.1.norm.bias [2]",
        "block.shortcut.0.weight [5, 3, 3, 3]", "3.weight [10, 80]", "3.bias [10]",
      ])
    #expect(layers.map(\.layer.trainable) == [true, false, false, false, false, false, true, true])
    #expect(layers.chain.map(\.title) == ["conv1", "residual1", "flatten1", "linear1"])
    #expect(layers.map(\.index) == Array(0..<8))
    #expect(network.everyLayer.map(\.kind.type.table.name) == layers.map(\.layer.kind.type.table.name))
    #expect(
      network.layers.diagram
        == "CONV → ([INPUT | CONV → BATCH NORM]) + (CONV) → FC")

    let first = network.initialized(Initialisers(weight: Initialiser(.ones)), layers)
    #expect(
      try first.resolved().map { $0.layer.own.initialisers != nil } == [
        true, true, false, false, true, false, false, true,
      ])
  }
}
