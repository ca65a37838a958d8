import Kernels

/// The gradient of a tensor that several take: the sum of theirs, in the order in which PyTorch's autograd adds them up.
struct GradientSum {
  let layout: ImageLayout
  let values: UnsafeMutablePointer<Float>
  private(set) var isEmpty = true

  init(_ layout: ImageLayout, _ values: UnsafeMutablePointer<Float>) { (self.layout, self.values) = (layout, values) }

  /// Adds a gradient that lies elsewhere.
  mutating func add(_ other: ImageLayout, _ gradient: UnsafePointer<Float>, count: Int) {
    if isEmpty {
      copyImages(from: other, gradient, to: layout, count: count, into: values)
    } else {
      addImages(layout, values, other, gradient, to: layout, count: count, into: values)
    }
    isEmpty = false
  }

  /// Adds a gradient that `body` writes, into `free` where there is something to add it to.
  mutating func add(
    _ other: ImageLayout, count: Int, free: UnsafeMutablePointer<Float>, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    if isEmpty, other == layout {
      body(values)
      isEmpty = false
    } else {
      body(free)
      add(other, free, count: count)
    }
  }
}
