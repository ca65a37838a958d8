/// Moves an average towards values by a share of what lies between them (`torch.lerp`): from the half on, it is the values
/// that are moved back.
package func moveAverage(
  count: Int, _ average: UnsafeMutablePointer<Float>, towards values: UnsafePointer<Float>, by share: Float
) {
  forEachVector(count) { index, lanes in
    let (old, new) = (load8(average + index, count: lanes), load8(values + index, count: lanes))
    let moved = share < 0.5 ? old.addingProduct(share, new - old) : new.addingProduct(share - 1, new - old)
    store8(moved, count: lanes, to: average + index)
  }
}
