import Kernels

/// A convolution and its gradients as the definition has them, in Double over stored images.
struct NaiveConvolution {
  let geometry: ConvolutionGeometry
  let count: Int

  /// Calls `body` with the positions of output, input (`nil` outside the stored image) and weight that meet.
  func forEach(_ body: (Int, Int?, Int) -> Void) {
    let (input, output, window) = (geometry.input, geometry.output, geometry.window)
    let (perGroup, outPerGroup) = (input.channels / geometry.groups, output.channels / geometry.groups)
    for n in 0..<count {
      for o in 0..<output.channels {
        for y in 0..<output.height {
          for x in 0..<output.width {
            let target = n * output.exampleStride + output.origin + y * output.rowStride + x * output.channels + o
            for ky in 0..<window.height {
              for kx in 0..<window.width {
                let row = input.top + y * window.strideHeight - window.paddingTop + ky * window.dilationHeight
                let column = input.left + x * window.strideWidth - window.paddingLeft + kx * window.dilationWidth
                let inside =
                  row >= 0 && row < input.top + input.height + input.bottom && column >= 0
                  && column < input.left + input.width + input.right
                for i in 0..<perGroup {
                  let channel = o / outPerGroup * perGroup + i
                  let source = n * input.exampleStride + row * input.rowStride + column * input.channels + channel
                  let weight = ((o * window.height + ky) * window.width + kx) * perGroup + i
                  body(target, inside ? source : nil, weight)
                }
              }
            }
          }
        }
      }
    }
  }

  func forward(_ input: [Float], _ weight: [Float], _ bias: [Float]?) -> [Double] {
    var result = [Double](repeating: 0, count: count * geometry.output.exampleStride)
    let layout = geometry.output
    for index in 0..<count * layout.valueCount {
      let (n, inner) = index.quotientAndRemainder(dividingBy: layout.valueCount)
      result[n * layout.exampleStride + layout.position(of: inner)] =
        Double(bias?[inner / (layout.height * layout.width)] ?? 0)
    }
    forEach { target, source, position in
      if let source { result[target] += Double(input[source]) * Double(weight[position]) }
    }
    return result
  }

  func backward(_ input: [Float], _ weight: [Float], _ gradient: [Float]) -> (input: [Double], weight: [Double]) {
    var gradInput = [Double](repeating: 0, count: input.count)
    var gradWeight = [Double](repeating: 0, count: weight.count)
    forEach { target, source, position in
      guard let source else { return }
      gradInput[source] += Double(gradient[target]) * Double(weight[position])
      gradWeight[position] += Double(gradient[target]) * Double(input[source])
    }
    return (gradInput, gradWeight)
  }
}
