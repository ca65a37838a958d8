import Foundation
import Testing

@testable import Kernels

@Suite struct ElementwiseTests {
  private func apply(_ function: ElementwiseFunction, _ values: [Float]) -> [Float] {
    var result = [Float](repeating: 99, count: values.count)
    let layout = ImageLayout(channels: values.count)
    activationForward(function, input: layout, output: layout, count: 1, values, into: &result)
    return result
  }

  @Test func sigmoidAndTanhAreRightToAFewRoundings() {
    let values = stride(from: Float(-95), through: 95, by: 0.0137).map { $0 } + [1e-30, -1e-8, 0.624, 0.626]
    for (x, y) in zip(values, apply(.sigmoid, values)) {
      let expected = 1 / (1 + exp(-Double(x)))
      #expect(abs(Double(y) - expected) <= 4e-7 * expected + 1e-37, "sigmoid(\(x)) is \(y)")
    }
    for (x, y) in zip(values, apply(.tanh, values)) {
      #expect(abs(Double(y) - tanh(Double(x))) <= 4e-7 * abs(tanh(Double(x))), "tanh(\(x)) is \(y)")
    }
  }

  @Test func theErrorFunctionIsRightToAFewRoundings() {
    let values =
      [0, 1e-30, -1e-8, 0.999, 1, 1.999, 2, -2] + stride(from: Float(-12), through: 12, by: 0.001_37).map { $0 }
    for first in stride(from: 0, to: values.count - 7, by: 8) {
      let x = Float8(values[first..<first + 8])
      let (value, power) = errorFunction(x)
      for lane in 0..<8 {
        let (expected, square) = (erf(Double(x[lane])), exp(-Double(x[lane] * x[lane])))
        #expect(abs(Double(value[lane]) - expected) <= 4e-7 * abs(expected), "erf(\(x[lane])) is \(value[lane])")
        #expect(abs(Double(power[lane]) - square) <= 4e-7 * square + 1e-37)
      }
    }
  }

  @Test func theEndsOfTheNumbersAreKept() {
    let values: [Float] = [.infinity, -.infinity, .nan, 1000, -1000]
    let sigmoid = apply(.sigmoid, values)
    #expect(sigmoid[0] == 1 && sigmoid[1] == 0 && sigmoid[2].isNaN && sigmoid[3] == 1 && sigmoid[4] == 0)
    let tanh = apply(.tanh, values)
    #expect(tanh[0] == 1 && tanh[1] == -1 && tanh[2].isNaN && tanh[3] == 1 && tanh[4] == -1)
    let relu = apply(.relu, values)
    #expect(relu[0] == .infinity && relu[1] == 0 && relu[2].isNaN)
    #expect(apply(.elu(alpha: 2), values)[1] == -2)
    #expect(apply(.leakyReLU(slope: 0.5), values)[1] == -.infinity)
    let softplus = apply(.softplus(beta: 1, threshold: 20), values)
    #expect(softplus[0] == .infinity && softplus[1] == 0 && softplus[2].isNaN && softplus[3] == 1000)
    let clamp = apply(.clamp(low: -2, high: 6), values)
    #expect(clamp[0] == 6 && clamp[1] == -2 && clamp[2].isNaN)
    let selu = apply(.selu, values)
    #expect(selu[0] == .infinity && abs(selu[1] + 1.758_099_3) < 1e-6 && selu[2].isNaN && selu[4] == selu[1])
    // −∞ times a share of zero is NaN in PyTorch too.
    for function in [ElementwiseFunction.gelu, .geluByTanh, .silu, .hardswish, .mish] {
      let ends = apply(function, values)
      #expect(ends[0] == .infinity && ends[1].isNaN && ends[2].isNaN && ends[3] == 1000 && ends[4] == 0, "\(function)")
    }
  }

  @Test func gradientsFarFromZeroAreNoughtOrOne() {
    let values: [Float] = [1000, -1000, 30, -100]
    let ones = [Float](repeating: 1, count: 4)
    let layout = ImageLayout(channels: 4)
    for function in [
      ElementwiseFunction.gelu, .geluByTanh, .silu, .softplus(beta: 1, threshold: 80), .hardswish, .mish,
    ] {
      var slopes = [Float](repeating: 99, count: 4)
      activationBackward(
        function, input: layout, output: layout, count: 1, values, result: apply(function, values), gradOutput: ones,
        gradInput: &slopes)
      #expect(zip(slopes, [1, 0, 1, 0]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(function): \(slopes)")
    }
  }

  @Test func paddingIsLeftAloneAndFilledFromWhatTheyNameAndFoldedBack() {
    let layout = ImageLayout(channels: 1, height: 2, width: 3, top: 1, left: 1, bottom: 1, right: 2)
    var images = [Float](repeating: 7, count: layout.exampleStride)
    for index in 0..<6 { images[layout.position(of: index)] = Float(index + 1) }
    func filled(_ fill: PaddingFill) -> [Float] {
      var copy = images
      fillPadding(layout, with: fill, count: 1, &copy)
      return copy
    }
    #expect(filled(.replicate) == [1, 1, 2, 3, 3, 3, 1, 1, 2, 3, 3, 3, 4, 4, 5, 6, 6, 6, 4, 4, 5, 6, 6, 6])
    #expect(filled(.circular) == [6, 4, 5, 6, 4, 5, 3, 1, 2, 3, 1, 2, 6, 4, 5, 6, 4, 5, 3, 1, 2, 3, 1, 2])
    #expect(filled(.reflect) == [5, 4, 5, 6, 5, 4, 2, 1, 2, 3, 2, 1, 5, 4, 5, 6, 5, 4, 2, 1, 2, 3, 2, 1])
    var ones = [Float](repeating: 1, count: layout.exampleStride)
    fillPaddingBackward(layout, with: .replicate, count: 1, &ones)
    #expect((0..<6).map { ones[layout.position(of: $0)] } == [4, 2, 6, 4, 2, 6])
    clearPadding(layout, count: 1, &images)
    #expect(images.reduce(0, +) == 21)
  }

  @Test func pixelsAreGatheredThroughTheTableOfTheirPart() {
    let layout = ImageLayout(channels: 2, height: 1, width: 2, left: 1)
    let bytes: [UInt8] = [0, 1, 2, 3, 10, 11, 12, 13]
    let table = (0..<512).map { Float($0) }
    var batch = [Float](repeating: -1, count: 2 * layout.exampleStride)
    gatherBytes(layout, images: bytes, table: table, tableChannels: 2, indices: [1, 0], count: 2, into: &batch)
    #expect(batch == [-1, -1, 10, 268, 11, 269, -1, -1, 0, 258, 1, 259])
    gatherBytes(layout, images: bytes, table: table, tableChannels: 1, indices: [1, 0], count: 2, into: &batch)
    #expect(batch == [-1, -1, 10, 12, 11, 13, -1, -1, 0, 2, 1, 3])
    var back = [Float](repeating: 0, count: 8)
    unpack(layout, count: 2, batch, into: &back)
    #expect(back == [10, 11, 12, 13, 0, 1, 2, 3])
  }
}
