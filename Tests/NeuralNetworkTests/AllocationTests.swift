import Architectures
import Foundation
import Testing

@testable import NeuralNetwork

/// A training step allocates nothing: no array, no closure, no object.
@Suite struct AllocationTests {
  @Test func theCountSeesAnAllocation() throws {
    var objects: [Object] = []
    let count = try #require(Allocations.count { for _ in 0..<10 { objects.append(Object()) } })
    #expect(count >= 10, "\(count)")
    #expect(objects.count == 10)
  }

  private final class Object {}

  @Test(arguments: [
    Optimizer.sgd(.init(momentum: 0.9)), .adam(.init()),
  ])
  func aTrainingStepAllocatesNothing(optimizer: Optimizer) throws {
    let layers: [Layer] = [
      Layer(.convolution(Convolution(outChannels: 4, kernelSize: Extent(3), padding: .same, paddingMode: .circular))),
      Layer(.batchNorm(BatchNorm())), Layer(.activation(.relu)),
      Layer(.maxPooling(MaxPooling(kernelSize: Extent(2)))), Layer(.dropout(probability: 0.3)),
      Layer(.convolution(Convolution(outChannels: 4, kernelSize: Extent(3), groups: 4))), Layer(.activation(.tanh)),
      Layer(.averagePooling(AveragePooling(kernelSize: Extent(2)))),
      Layer(.transposedConvolution(TransposedConvolution(outChannels: 3, kernelSize: Extent(2)))),
      Layer(.flatten), Layer(.linear(Linear(outFeatures: 10))), Layer(.logSoftmax),
    ]
    let network = try Network(
      Architecture(input: Shape(1, 12, 12), layers: layers), batchSize: 8, loss: .nll, target: .classes(10),
      optimizer: optimizer)
    let generator = Generator(seed: 1)
    network.initialize(with: generator)
    let indices = (0..<8).map { Int32($0) }
    MadeUpImages(shape: [1, 12, 12], count: 8).with { examples in
      indices.withUnsafeBufferPointer { batch in
        var loss = network.trainStep(examples, indices: batch, generator: generator)
        let count = Allocations.count {
          for _ in 0..<5 { loss += network.trainStep(examples, indices: batch, generator: generator) }
        }
        #expect(count == 0 && loss.isFinite)
      }
    }
  }
}

/// Counts what Swift's runtime allocates on the calling thread, by the hook that it has for instruments.
private enum Allocations {
  private typealias Allocate = @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?
  private nonisolated(unsafe) static var counted = 0
  private nonisolated(unsafe) static var thread = pthread_self()
  private nonisolated(unsafe) static var original: Allocate?
  private static let lock = NSLock()

  /// The number of objects that `body` allocates; `nil` where the runtime has no hook.
  static func count(_ body: () -> Void) -> Int? {
    // dlsym(nil) looks through all libraries of the process.
    guard let hook = dlsym(nil, "_swift_allocObject"),
      let flag = dlsym(nil, "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly")
    else { return nil }
    let pointer = hook.assumingMemoryBound(to: Allocate.self)
    let enabled = flag.assumingMemoryBound(to: Bool.self)
    lock.lock()
    defer { lock.unlock() }
    (original, thread, counted) = (pointer.pointee, pthread_self(), 0)
    pointer.pointee = { metadata, size, alignment in
      if pthread_equal(pthread_self(), Allocations.thread) != 0 { Allocations.counted += 1 }
      return Allocations.original?(metadata, size, alignment)
    }
    enabled.pointee = true
    body()
    enabled.pointee = false
    pointer.pointee = original ?? pointer.pointee
    return counted
  }
}
