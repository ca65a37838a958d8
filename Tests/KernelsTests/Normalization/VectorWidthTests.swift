import Processor
import InnerLoops
import Testing

#if arch(x86_64)
  import InnerLoopsWide

  /// The loops over channels and over Winograd's tiles give the same bits with vectors of 8 and of 16 floats, and write
  /// nothing but what is theirs.
  @Suite(.enabled(if: KernelLevel.available.contains(.v4), "needs a processor that has x86-64-v4"))
  struct VectorWidthTests {
    static let channels = Array(1...33) + [40, 48, 63, 64]

    @Test(arguments: channels) func channelSums(_ channels: Int) {
      var random = Random(state: UInt64(channels))
      for pixels in [1, 7, 8, 9, 40] {
        let (values, origin) = (random.uniform(pixels * channels), random.uniform(channels))
        func compute(_ sums: Sums, _ moments: Moments) -> [UInt64] {
          var (plain, first, second) = (zeros(channels), zeros(channels), zeros(channels))
          sums(pixels, channels, values, &plain)
          moments(pixels, channels, values, origin, &first, &second)
          return (plain + first + second).map(\.bitPattern)
        }
        let narrow = compute(InnerLoops.addSums, InnerLoops.addMoments)
        #expect(compute(InnerLoopsWide.addSums, InnerLoopsWide.addMoments) == narrow)
        for channel in 0..<channels {
          let expected = (0..<pixels).reduce(0.0) { $0 + Double(values[$1 * channels + channel]) }
          #expect(Double(bitPattern: narrow[channel]) == expected)
        }
        #expect(narrow[channels] == guardBits)
      }
    }

    @Test(arguments: channels) func normalisation(_ channels: Int) {
      var random = Random(state: UInt64(channels))
      for (pixels, hasReLU) in [(1, true), (8, false), (19, true)] {
        let (values, gradients) = (random.uniform(pixels * channels), random.uniform(pixels * channels))
        let (scale, shift) = (random.uniform(channels), random.uniform(channels))
        let (mean, slope) = (random.uniform(channels).map(Double.init), random.uniform(channels).map(Double.init))
        func compute(_ line: Line, _ sums: GradientSums, _ combine: Combination) -> ([UInt32], [UInt64]) {
          var (scaled, combined) = (room(values.count), room(values.count))
          var (plain, products) = (zeros(channels), zeros(channels))
          line(pixels, channels, values, scale, shift, hasReLU, &scaled)
          scale.withUnsafeBufferPointer { scale in
            shift.withUnsafeBufferPointer { shift in
              guard let scale = scale.baseAddress, let shift = shift.baseAddress else { return }
              let relu = hasReLU ? (scale, shift) : nil
              sums(pixels, channels, values, mean, relu, gradients, &plain, &products)
              combine(pixels, channels, values, slope, mean, relu, gradients, slope, &combined)
            }
          }
          #expect(scaled.last == guardValue && combined.last == guardValue)
          return ((scaled + combined).map(\.bitPattern), (plain + products).map(\.bitPattern))
        }
        let narrow = compute(InnerLoops.scaleAndShift, InnerLoops.addGradientSums, InnerLoops.combineGradients)
        let wide = compute(
          InnerLoopsWide.scaleAndShift, InnerLoopsWide.addGradientSums, InnerLoopsWide.combineGradients)
        #expect(wide == narrow)
      }
    }

    @Test(arguments: channels) func winogradTransforms(_ channels: Int) {
      var random = Random(state: UInt64(channels))
      let lanes = (channels + 7) / 8 * 8
      for (taps, columns) in [(3, 6), (3, 8), (3, 13), (5, 4), (5, 7), (5, 14)] {
        let (outputs, pixels) = (9 - taps, columns + taps - 1)
        let tiles = (columns + outputs - 1) / outputs
        let (pointStride, laneStride) = (tiles * channels + 7, tiles * lanes)
        let (row, products) = (random.uniform(pixels * channels + 7), random.uniform(8 * laneStride))
        func compute(_ inputs: Inputs, _ gradients: Gradients, _ combine: Products) -> [UInt32] {
          var (first, second, sums) = (room(8 * pointStride), room(8 * pointStride), room(columns * lanes))
          inputs(row, pixels, channels, tiles, outputs, &first, pointStride)
          gradients(row, columns, channels, tiles, taps, &second, pointStride)
          combine(products, laneStride, lanes, tiles, outputs, columns, &sums)
          for values in [first, second, sums] { #expect(values.last == guardValue) }
          // The floats past a point's last tile may be anything.
          let whole = [first, second].flatMap { values in
            (0..<8).flatMap { values[$0 * pointStride..<$0 * pointStride + tiles * channels] }
          }
          return (whole + sums).map(\.bitPattern)
        }
        let narrow = compute(InnerLoops.transformInputs, InnerLoops.transformGradients, InnerLoops.combineProducts)
        let wide = compute(
          InnerLoopsWide.transformInputs, InnerLoopsWide.transformGradients, InnerLoopsWide.combineProducts)
        #expect(wide == narrow)
      }
    }

    private typealias Floats = UnsafePointer<Float>
    private typealias Doubles = UnsafePointer<Double>
    private typealias ReLU = (scale: Floats, shift: Floats)?
    private typealias Totals = UnsafeMutablePointer<Double>
    private typealias Result = UnsafeMutablePointer<Float>
    private typealias Sums = (Int, Int, Floats, Totals) -> Void
    private typealias Moments = (Int, Int, Floats, Floats, Totals, Totals) -> Void
    private typealias Line = (Int, Int, Floats, Floats, Floats, Bool, Result) -> Void
    private typealias GradientSums = (Int, Int, Floats, Doubles, ReLU, Floats, Totals, Totals) -> Void
    private typealias Combination = (Int, Int, Floats, Doubles, Doubles, ReLU, Floats, Doubles, Result) -> Void
    private typealias Inputs = (Floats, Int, Int, Int, Int, Result, Int) -> Void
    private typealias Gradients = (Floats, Int, Int, Int, Int, Result, Int) -> Void
    private typealias Products = (Floats, Int, Int, Int, Int, Int, Result) -> Void

    private let guardValue: Float = 12_345
    private var guardBits: UInt64 { Double(guardValue).bitPattern }

    /// Zeros to sum up in, with a value behind them that nobody may change.
    private func zeros(_ count: Int) -> [Double] { Array(repeating: 0, count: count) + [Double(guardValue)] }

    /// Room for results, with a value behind it that nobody may change.
    private func room(_ count: Int) -> [Float] { Array(repeating: guardValue, count: count + 1) }
  }
#endif
