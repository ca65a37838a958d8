import Architectures
import Foundation
import Testing

@testable import NeuralNetwork

/// A training step allocates nothing: no array, no closure, no object. Each count is made in a process of its own,
/// where no other test allocates.
@Suite struct AllocationTests {
  @Test func theCountSeesAnAllocation() async {
    await #expect(processExitsWith: .exitCode(10)) {
      var objects: [Object] = []
      objects.reserveCapacity(10)
      exit(Allocations.count { for _ in 0..<10 { objects.append(Object()) } })
    }
  }

  private final class Object {}

  @Test func aTrainingStepAllocatesNothing() async {
    await #expect(processExitsWith: .exitCode(0)) {
      exit(
        try AllocationTests.steps(.sgd(.init(momentum: 0.9))) + AllocationTests.steps(.adam(.init()))
          + AllocationTests.steps(.nadam(.init())))
    }
  }

  /// The allocations of five training steps of a network with a layer of every kind.
  private static func steps(_ optimizer: Optimizer) throws -> Int32 {
    let layers: [Layer] = [
      Layer(Convolution(outChannels: 4, kernelSize: Extent(3), padding: .same, paddingMode: .circular)),
      Layer(BatchNorm()), Layer(Activation.relu),
      Layer(MaxPooling(kernelSize: Extent(2))), Layer(Dropout(probability: 0.3)), Layer(GroupNorm(groups: 2)),
      Layer(PReLU(parameterCount: 4)), Layer(InstanceNorm(affine: true, trackRunningStats: true)),
      Layer(Dropout(.channels(.two))), Layer(LocalResponseNorm(size: 3)), Layer(Softmax()), Layer(Dropout(.alpha)),
      Layer(ImagePadding(.reflection, Border(Extent(1)))), Layer(Upsample(scale: [2])),
      Layer(AdaptiveMaxPooling(outputHeight: 7, outputWidth: 7)), Layer(LayerNorm(normalizedShape: [4, 7, 7])),
      Layer(Convolution(outChannels: 4, kernelSize: Extent(3), groups: 4)), Layer(Activation.tanh),
      Layer(AveragePooling(kernelSize: Extent(2))),
      Layer(TransposedConvolution(outChannels: 3, kernelSize: Extent(2))),
      Layer(Convolution(outChannels: 4, kernelSize: Extent(2))), Layer(Activation.relu),
      Layer(MaxPooling(kernelSize: Extent(2))),
      Layer(
        Residual(
          [Layer(Convolution(outChannels: 4, kernelSize: Extent(3), padding: .same)), Layer(Activation.relu)],
          shortcut: [Layer(Dropout(probability: 0.1))])),
      Layer(
        Concat([
          [], [Layer(Residual([Layer(Convolution(outChannels: 4, kernelSize: Extent(1)))]))],
          [Layer(Subsample(stride: Extent(1), outChannels: 6))],
        ])),
      Layer(AdaptiveAveragePooling(outputHeight: 1, outputWidth: 1)),
      Layer(Flatten()), Layer(Linear(outFeatures: 10)), Layer(LogSoftmax()),
    ]
    let network = try Network(
      Architecture(input: Shape(1, 14, 14), layers: layers), batchSize: 8, loss: .nll, target: .classes(10),
      optimizer: optimizer, averageDecay: 0.9)
    let generator = Generator(seed: 1)
    network.initialize(with: generator)
    let indices = (0..<8).map { Int32($0) }
    return MadeUpImages(shape: [1, 14, 14], count: 8).with { examples in
      indices.withUnsafeBufferPointer { batch in
        _ = network.trainStep(examples, indices: batch, generator: generator)
        return Allocations.count {
          for _ in 0..<5 { _ = network.trainStep(examples, indices: batch, generator: generator) }
        }
      }
    }
  }
}

/// Counts what Swift's runtime allocates, by the hook that it has for instruments.
private enum Allocations {
  private typealias Allocate = @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?
  private nonisolated(unsafe) static var counted: Int32 = 0
  private nonisolated(unsafe) static var original: Allocate?

  /// The number of objects that `body` allocates; −1 where the runtime has no hook.
  static func count(_ body: () -> Void) -> Int32 {
    // dlsym(nil) looks through all libraries of the process.
    guard let hook = dlsym(nil, "_swift_allocObject") else { return -1 }
    let pointer = hook.assumingMemoryBound(to: Allocate.self)
    (original, counted) = (pointer.pointee, 0)
    pointer.pointee = { metadata, size, alignment in
      Allocations.counted += 1
      return Allocations.original?(metadata, size, alignment)
    }
    body()
    pointer.pointee = original ?? pointer.pointee
    return counted
  }
}
