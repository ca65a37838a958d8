/// The single-precision logarithm, sine and cosine of the Cephes library (Moshier 1989).
///
/// PyTorch's vectorised `normal_` uses these polynomials. The products and sums are fused where its AVX2 build fuses
/// them, so that the results agree to the bit.
enum CephesFloat {
  /// The natural logarithm of a number in (0, 1].
  static func log(_ value: Float) -> Float {
    let bits = max(value, .leastNormalMagnitude).bitPattern
    var exponent = Float(Int32(bits >> 23) - 127) + 1
    var x = Float(bitPattern: (bits & ~0x7f80_0000) | Float(0.5).bitPattern)
    if x < 0.707_106_77 {
      exponent -= 1
      x = (x - 1) + x
    } else {
      x -= 1
    }
    let z = x * x
    let polynomial: [Float] = [
      7.037_683_629_2e-2, -1.151_461_031_0e-1, 1.167_699_874_0e-1, -1.242_014_084_6e-1, 1.424_932_278_7e-1,
      -1.666_805_766_5e-1, 2.000_071_476_5e-1, -2.499_999_399_3e-1, 3.333_333_117_4e-1,
    ]
    var y = polynomial[0]
    for coefficient in polynomial.dropFirst() { y = coefficient.addingProduct(y, x) }
    y = (exponent * -2.121_944_40e-4).addingProduct(y * x, z)
    y -= z * 0.5
    return (x + y).addingProduct(exponent, 0.693_359_375)
  }

  /// Sine and cosine of a number in [0, 2π].
  static func sineAndCosine(_ angle: Float) -> (sine: Float, cosine: Float) {
    let octant = (Int32(angle * 1.273_239_544_735_16) + 1) & ~1
    let multiple = Float(octant)
    var x = angle.addingProduct(multiple, -0.785_156_25)
    x.addProduct(multiple, -2.418_756_484_985_351_562_5e-4)
    x.addProduct(multiple, -3.774_894_977_445_941_08e-8)
    let z = x * x
    var even = Float(-1.388_731_625_493_765e-3).addingProduct(2.443_315_711_809_948e-5, z)
    even = Float(4.166_664_568_298_827e-2).addingProduct(even, z)
    even = (-(z * 0.5)).addingProduct(even * z, z) + 1
    var odd = Float(8.332_160_873_6e-3).addingProduct(-1.951_529_589_1e-4, z)
    odd = Float(-1.666_665_461_1e-1).addingProduct(odd, z)
    odd = x.addingProduct(odd * z, x)
    let swapped = octant & 2 != 0
    let sine = swapped ? even : odd
    let cosine = swapped ? odd : even
    return (octant & 4 != 0 ? -sine : sine, (octant - 2) & 4 == 0 ? -cosine : cosine)
  }
}
