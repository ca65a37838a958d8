import Architectures
import Kernels
import Testing

@testable import NeuralNetwork

/// Losses and their gradients are those of PyTorch's modules, and the gradients are the losses' finite differences.
@Suite struct LossFixtureTests {
  struct Manifest: Decodable { let cases: [Case] }
  struct Case: Decodable {
    let loss: FixtureLoss
    let reconstruction: Bool
    let output: [Float]
    let labels: [Int32]
    let image: [Float]
    let value: Double
    let gradient: [Float]
  }

  private let cases: [Case]

  init() throws { cases = try (Fixtures.json("losses.json") as Manifest).cases }

  @Test func lossesAndGradientsAreThoseOfPyTorch() throws {
    #expect(Set(cases.map(\.loss.loss.kind)) == Set(Loss.Kind.allCases), "each loss has a case")
    for entry in cases {
      let (value, gradient) = try loss(entry, entry.output)
      let what = "\(entry.loss.loss.text), reconstruction \(entry.reconstruction)"
      #expect(
        abs(value - entry.value) <= 1e-6 * max(1, abs(entry.value)), "\(what): \(value), in PyTorch \(entry.value)")
      #expect(distance(gradient, entry.gradient) < 1e-7, "\(what)")
    }
  }

  @Test func gradientsAreFiniteDifferences() throws {
    for entry in cases {
      let step: Float = 0.002
      let gradient = try loss(entry, entry.output).gradient
      let differences = try entry.output.indices.map { index in
        var (plus, minus) = (entry.output, entry.output)
        plus[index] += step
        minus[index] -= step
        return Float((try loss(entry, plus).value - loss(entry, minus).value) / Double(plus[index] - minus[index]))
      }
      #expect(distance(gradient, differences) < 2e-4, "\(entry.loss.loss.text), reconstruction \(entry.reconstruction)")
    }
  }

  /// The loss of a case at an output, and its gradient.
  private func loss(_ entry: Case, _ output: [Float]) throws -> (value: Double, gradient: [Float]) {
    let rows = entry.labels.count
    let size = output.count / rows
    let network = try Network(
      Architecture(input: Shape(size), layers: [Layer(Activation(.leakyReLU))]), batchSize: rows, loss: entry.loss.loss,
      target: entry.reconstruction ? .input : .classes(size), optimizer: .sgd(.init()))
    for (index, label) in entry.labels.enumerated() { network.memory.labels[index] = label }
    var (values, gradient, image) = (output, [Float](repeating: 9, count: output.count), entry.image)
    let loss = network.lossSum(&values, rows, gradient: &gradient, &image)
    return (loss.sum / loss.weight, gradient)
  }
}
