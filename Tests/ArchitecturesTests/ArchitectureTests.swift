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
}
