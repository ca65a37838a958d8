import Architectures
import Datasets
import Experiments
import NeuralNetwork

/// How fast a network trains on this machine.
package struct SpeedMeasurement: Sendable {
  /// Examples per step.
  package let batchSize: Int
  /// Threads that worked on a step.
  package let threads: Int
  /// The name of the data that was trained on; `random` where its own is not there.
  package let data: String
  /// The median time of a training step, in seconds.
  package let stepSeconds: Double
  /// Floating-point operations of a step as dense arithmetic has them: twice the multiply-adds of the forward pass, of
  /// the weights' gradients and of the inputs' gradients, the first layer's of which nobody needs.
  package let denseOperations: Double

  /// Examples per second.
  package var imagesPerSecond: Double { Double(batchSize) / stepSeconds }
  /// Dense operations per second; kernels that skip zeros may pass the machine's peak.
  package var operationsPerSecond: Double { denseOperations / stepSeconds }

  /// The parts of a step; empty where nobody asked.
  package let parts: [StepTiming.Part]

  /// Trains for about `seconds` and takes the median step.
  ///
  /// - Parameter byLayer: whether the parts of a step are timed too.
  package init(
    _ configuration: Configuration, library: DatasetLibrary, threads: Int = 1, seconds: Double = 1,
    byLayer: Bool = false
  ) throws {
    let dataset = try library.loadOrDraw(configuration.dataset, shape: configuration.architecture.input)
    let timing = try StepTiming(configuration, dataset: dataset, threads: threads, seconds: seconds, byLayer: byLayer)
    (stepSeconds, parts, batchSize) = (timing.stepSeconds, timing.parts, timing.batchSize)
    denseOperations = Double(timing.batchSize) * (try Self.denseOperations(of: configuration.architecture))
    (self.threads, data) = (threads, dataset.description.name)
  }

  private static func denseOperations(of architecture: Architecture) throws(ArchitectureError) -> Double {
    let layers = try architecture.resolved().filter { !$0.parameters.isEmpty }
    let forward = layers.reduce(0) { $0 + $1.multiplyAdds }
    return 2 * Double(3 * forward - (layers.first?.multiplyAdds ?? 0))
  }
}

extension DatasetLibrary {
  /// A data set, or noise of its shape where it is not here.
  package func loadOrDraw(_ selection: DatasetSelection, shape: Shape) throws -> Dataset {
    do {
      return try loadSplit(selection)
    } catch DatasetError.missing {
      return Dataset.noise(shape: shape)
    }
  }
}

extension Dataset {
  fileprivate static func noise(shape: Shape) -> Dataset {
    let generator = Generator(seed: 0)
    func set(_ count: Int) -> ExampleSet {
      ExampleSet(
        shape: shape, bytes: (0..<count * shape.count).map { _ in UInt8(truncatingIfNeeded: generator.nextUInt32()) },
        labels: (0..<count).map { UInt8($0 % 10) })
    }
    return Dataset(name: "random", classes: (0..<10).map(String.init), train: set(2_000), test: set(10))
  }
}
