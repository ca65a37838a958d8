import Datasets
import Experiments
import NeuralNetwork

/// How long a configuration's training step and its evaluation take on this machine.
package struct StepTiming: Sendable {
  /// Examples per step: the configuration's, or as many as there are.
  package let batchSize: Int
  /// The median time of a training step, in seconds.
  package let stepSeconds: Double
  /// The time of an evaluation, in seconds per example.
  package let evaluationSeconds: Double

  /// The parts of a step, in their order; empty where nobody asked.
  package let parts: [Part]

  /// A part of a step and its median times, in seconds.
  package struct Part: Sendable {
    /// The layers that are computed together, or `gather`, `loss`, `optimizer`.
    package let title: String
    /// Seconds of the forward pass, or of the whole part.
    package let forwardSeconds: Double
    /// What its gradients take.
    package let backwardSeconds: Double
    /// The algorithms that compute it, in words; `nil` where there is no choice.
    package let plan: String?
  }

  /// Trains for about `seconds`, and for three steps at least unless the first takes a second more, from seed 0; then evaluates up to 200 examples.
  ///
  /// - Parameter byLayer: whether as many steps again are timed part by part.
  package init(
    _ configuration: Configuration, dataset: Dataset, threads: Int = 1, seconds: Double, byLayer: Bool = false
  ) throws {
    let count = configuration.training.largestBatch(examples: dataset.train.count)
    batchSize = count
    let input = NetworkInput(dataset, batchSize: count)
    let network = try Network(of: configuration, on: dataset, threads: threads)
    let generator = Generator(seed: 0)
    network.initialize(with: generator)
    let order = try ExampleSampling(configuration.dataset, of: dataset).epochOrder(generator)
    var position = 0
    func step(_ profile: StepProfile? = nil) {
      if position + count > order.count { position = 0 }
      order.withUnsafeBufferPointer { order in
        let batch = UnsafeBufferPointer(rebasing: order[position..<position + count])
        _ = input.step(network, on: batch, generator: generator, profile: profile)
      }
      position += count
    }
    let clock = ContinuousClock()
    let warmUp = clock.now + .seconds(seconds / 5)
    var times = [clock.measure { step() }]
    if times[0] < .seconds(seconds + 1) {
      while clock.now < warmUp { step() }
      times.removeAll()
      let end = clock.now + .seconds(seconds)
      repeat { times.append(clock.measure { step() }) } while clock.now < end || times.count < 3
    }
    stepSeconds = times.sorted()[times.count / 2] / .seconds(1)
    parts = byLayer ? Self.parts(of: network, steps: times.count, step) : []
    let examples = min(200, dataset.test.count)
    let evaluation = clock.measure { _ = network.evaluate(input.test, range: 0..<examples) }
    evaluationSeconds = evaluation / .seconds(1) / Double(max(1, examples))
  }

  private static func parts(of network: Network, steps: Int, _ step: (StepProfile?) -> Void) -> [Part] {
    let profile = StepProfile()
    for _ in 0..<steps { step(profile) }
    func single(_ title: String, _ part: StepProfile.Part) -> Part {
      Part(title: title, forwardSeconds: profile.seconds(part), backwardSeconds: 0, plan: nil)
    }
    let plans = network.modulePlans
    let modules = network.moduleTitles.enumerated().map { index, title in
      Part(
        title: title, forwardSeconds: profile.seconds(.forward(index)),
        backwardSeconds: profile.seconds(.backward(index)), plan: plans[index])
    }
    return [single("gather", .gather)] + modules + [single("loss", .loss), single("optimizer", .optimizer)]
  }
}
