import Architectures
import Foundation
import Kernels

extension Initialiser {
  /// What the function of `torch.nn.init` draws into a tensor of this shape, in PyTorch's order.
  ///
  /// The same bits as PyTorch's, but for `orthogonal`, whose rows are orthonormalised in Double and not by LAPACK in Float.
  func values(_ shape: [Int], _ generator: Generator) -> [Float] {
    let count = shape.reduce(1, *)
    switch function {
    case .zeros: return [Float](repeating: 0, count: count)
    case .ones: return [Float](repeating: 1, count: count)
    case .constant: return [Float](repeating: Float(options.number("val")), count: count)
    case .uniform: return uniform(count, options.number("a"), options.number("b"), generator)
    case .normal: return generator.normal(count, mean: options.number("mean"), std: options.number("std"))
    case .truncatedNormal:
      let normal = truncatedNormal
      return normal.drawsNormal ? redrawn(normal, count, generator) : accepted(normal, count, generator)
    case .xavierUniform, .xavierNormal:
      let (fanIn, fanOut) = fans(shape)
      let deviation = options.number("gain") * (2 / Double(fanIn + fanOut)).squareRoot()
      return drawn(count, deviation, isUniform: function == .xavierUniform, generator)
    case .kaimingUniform, .kaimingNormal:
      let (fanIn, fanOut) = fans(shape)
      let fan = options.text("mode") == "fan_in" ? fanIn : fanOut
      return drawn(
        count, gain / Double(fan).squareRoot(), isUniform: function == .kaimingUniform, generator)
    case .orthogonal: return orthogonal(rows: shape[0], columns: count / shape[0], generator)
    }
  }

  /// Inputs that go into each output, and outputs that each input goes into, as PyTorch counts them for convolutions and
  /// transposed ones alike.
  private func fans(_ shape: [Int]) -> (fanIn: Int, fanOut: Int) {
    let positions = shape.dropFirst(2).reduce(1, *)
    return (shape[1] * positions, shape[0] * positions)
  }

  /// `calculate_gain` for the nonlinearity that follows.
  private var gain: Double {
    switch options.text("nonlinearity") {
    case "tanh": 5.0 / 3
    case "relu": 2.0.squareRoot()
    case "leaky_relu": (2 / (1 + options.number("a") * options.number("a"))).squareRoot()
    case "selu": 3.0 / 4
    default: 1
    }
  }

  private func drawn(_ count: Int, _ deviation: Double, isUniform: Bool, _ generator: Generator) -> [Float] {
    guard isUniform else { return generator.normal(count, std: deviation) }
    let bound = 3.0.squareRoot() * deviation
    return uniform(count, -bound, bound, generator)
  }

  private func uniform(_ count: Int, _ low: Double, _ high: Double, _ generator: Generator) -> [Float] {
    (0..<count).map { _ in generator.uniform(from: Float(low), to: Float(high)) }
  }

  /// Normal numbers, all drawn anew until each was within the bounds once.
  private func redrawn(_ normal: TruncatedNormal, _ count: Int, _ generator: Generator) -> [Float] {
    let bounds = Float(normal.low)...Float(normal.high)
    var values = generator.normal(count, mean: normal.mean, std: normal.std)
    while values.contains(where: { !bounds.contains($0) }) {
      let next = generator.normal(count, mean: normal.mean, std: normal.std)
      for index in values.indices where !bounds.contains(values[index]) { values[index] = next[index] }
    }
    return values
  }

  /// Uniform numbers, each drawn anew until a second one is below its density over the largest.
  private func accepted(_ normal: TruncatedNormal, _ count: Int, _ generator: Generator) -> [Float] {
    let (mean, std, logPeak) = (Float(normal.mean), Float(normal.std), Float(normal.logPeak))
    var values = [Float](repeating: 0, count: count)
    var isPending = [Bool](repeating: true, count: count)
    repeat {
      let candidates = uniform(count, normal.low, normal.high, generator)
      for index in values.indices {
        let level = logf(generator.uniform())
        guard isPending[index] else { continue }
        values[index] = candidates[index]
        let distance = (candidates[index] - mean) / std
        isPending[index] = level > distance * distance * -0.5 - logPeak
      }
    } while isPending.contains(true)
    return values
  }

  /// Orthonormal rows, or columns where there are fewer of them: the Q of a QR factorisation of normal numbers whose R has
  /// a positive diagonal.
  private func orthogonal(rows: Int, columns: Int, _ generator: Generator) -> [Float] {
    let normal = generator.normal(rows * columns)
    let gain = Float(options.number("gain"))
    let (count, length) = rows < columns ? (rows, columns) : (columns, rows)
    let isByRows = rows < columns
    func place(_ vector: Int, _ position: Int) -> Int {
      isByRows ? vector * columns + position : position * columns + vector
    }
    var vectors = (0..<count).flatMap { vector in (0..<length).map { Double(normal[place(vector, $0)]) } }
    vectors.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { orthonormalize(count: count, length: length, base) }
    }
    var values = normal
    for vector in 0..<count {
      for position in 0..<length { values[place(vector, position)] = Float(vectors[vector * length + position]) * gain }
    }
    return values
  }
}
