import Architectures
import Datasets
import Experiments
import NeuralNetwork

/// How fast a preset trains on this machine, with its tutorial's batch size and optimizer.
public struct SpeedMeasurement: Sendable {
  /// The preset's name.
  public let preset: String
  /// Examples a step.
  public let batchSize: Int
  /// Threads that worked on a step.
  public let threads: Int
  /// The name of the data that was trained on; `random` where the tutorial's own is not there.
  public let data: String
  /// The median time of a training step, in seconds.
  public let stepSeconds: Double
  /// Floating-point operations of a step as dense arithmetic has them: twice the multiply-adds of the forward pass, of
  /// the weights' gradients and of the inputs' gradients, the first layer's of which nobody needs.
  public let denseOperations: Double

  /// Examples a second.
  public var imagesPerSecond: Double { Double(batchSize) / stepSeconds }
  /// Dense operations a second; kernels that skip zeros may pass the machine's peak.
  public var operationsPerSecond: Double { denseOperations / stepSeconds }

  /// Trains for about `seconds` and takes the median step.
  public init(_ preset: Preset, library: DatasetLibrary, threads: Int = 1, seconds: Double = 1) throws {
    let dataset = try Self.dataset(for: preset, library)
    let input = NetworkInput(dataset)
    let network = try Network(
      preset.architecture, batchSize: preset.batchSize, loss: .crossEntropy,
      target: .classes(dataset.description.classes.count), optimizer: preset.optimizer, threads: threads)
    let generator = Generator(seed: 0)
    network.initialize(with: generator)
    let count = min(preset.batchSize, dataset.train.count)
    let order = generator.epochOrder(count: dataset.train.count, shuffle: true)
    var position = 0
    func step() {
      if position + count > order.count { position = 0 }
      order.withUnsafeBufferPointer { order in
        let batch = UnsafeBufferPointer(rebasing: order[position..<position + count])
        _ = network.trainStep(input.train, indices: batch, generator: generator)
      }
      position += count
    }
    let clock = ContinuousClock()
    let warmUp = clock.now + .seconds(seconds / 5)
    repeat { step() } while clock.now < warmUp
    var times: [Duration] = []
    let end = clock.now + .seconds(seconds)
    repeat { times.append(clock.measure(step)) } while clock.now < end || times.count < 5
    stepSeconds = times.sorted()[times.count / 2] / .seconds(1)
    denseOperations = Double(preset.batchSize) * (try Self.denseOperations(of: preset.architecture))
    (self.preset, batchSize, self.threads, data) = (preset.name, preset.batchSize, threads, dataset.description.name)
  }

  private static func denseOperations(of architecture: Architecture) throws(ShapeFault) -> Double {
    let layers = try architecture.resolved().filter { !$0.parameters.isEmpty }
    let forward = layers.reduce(0) { $0 + $1.multiplyAdds }
    return 2 * Double(3 * forward - (layers.first?.multiplyAdds ?? 0))
  }

  private static func dataset(for preset: Preset, _ library: DatasetLibrary) throws -> Dataset {
    do {
      return try library.load(preset.datasetSelection)
    } catch DatasetError.missing {
      return random(shape: preset.input, count: 2_000)
    }
  }

  /// Noise: what is trained on where there is nothing better.
  private static func random(shape: Shape, count: Int) -> Dataset {
    let generator = Generator(seed: 0)
    func set(_ count: Int) -> ExampleSet {
      ExampleSet(
        shape: shape, bytes: (0..<count * shape.count).map { _ in UInt8(truncatingIfNeeded: generator.nextUInt32()) },
        labels: (0..<count).map { UInt8($0 % 10) })
    }
    return Dataset(name: "random", classes: (0..<10).map(String.init), train: set(count), test: set(10))
  }
}
