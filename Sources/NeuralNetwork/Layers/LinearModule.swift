import Architectures
import Kernels

/// `y = x Wᵀ + b`; the weights are stored as `[inputs][outputs]`, their inputs in the order of the input's memory.
final class LinearModule: Module {
  private let weight: Int
  private let bias: Int?
  private let trainable: Bool

  init(_ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, _ planner: inout Planner) {
    let fanIn = input.valueCount
    trainable = resolved.layer.trainable
    weight = planner.parameter(
      resolved.parameters[0], trainable: trainable,
      order: .transposed(outputs: output.valueCount, inputs: input), .kaimingUniform(fanIn: fanIn))
    bias =
      resolved.parameters.count > 1
      ? planner.parameter(resolved.parameters[1], trainable: trainable, .uniform(fanIn: fanIn)) : nil
    super.init(input: input, output: output)
  }

  override var isTrainable: Bool { trainable }

  override func forward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (input.valueCount, output.valueCount)
    matrixProduct(
      rows: pass.count, columns: outputs, inner: inputs, values, strideA: inputs, pass.parameters + weight,
      strideB: outputs, into: result, strideC: outputs)
    if let bias { addToRows(pass.parameters + bias, rows: pass.count, columns: outputs, result, stride: outputs) }
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    let (inputs, outputs) = (input.valueCount, output.valueCount)
    if trainable {
      matrixProduct(
        rows: inputs, columns: outputs, inner: pass.count, values, strideA: inputs, transposeA: true, gradOutput,
        strideB: outputs, into: pass.gradients + weight, strideC: outputs)
      if let bias {
        zero(pass.gradients + bias, count: outputs)
        addColumnSums(
          of: gradOutput, rows: pass.count, columns: outputs, stride: outputs, to: pass.gradients + bias)
      }
    }
    if let gradInput {
      matrixProduct(
        rows: pass.count, columns: inputs, inner: outputs, gradOutput, strideA: outputs, pass.parameters + weight,
        strideB: outputs, transposeB: true, into: gradInput, strideC: inputs)
    }
  }
}
