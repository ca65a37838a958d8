/// A mean moved by a share towards a value, as `Tensor.lerp_` rounds it: from a share of 0.5 on by another formula.
@inline(__always)
func moved(_ mean: Float8, towards value: Float8, by share: Float) -> Float8 {
  share < 0.5 ? mean.addingProduct(share, value - mean) : value - (value - mean) * (1 - share)
}

/// `kept · square + added · value²`, as `mul_` and `addcmul_` round it.
@inline(__always)
func faded(_ square: Float8, keeping kept: Float, adding added: Float, of value: Float8) -> Float8 {
  (square * kept).addingProduct(added * value, value)
}
