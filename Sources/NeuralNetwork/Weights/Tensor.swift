/// A named tensor in PyTorch's layout, as weight files hold it.
package struct Tensor: Hashable, Sendable {
  /// What the values are in a file. In memory all are Float.
  package enum Element: String, Hashable, Sendable, CaseIterable {
    /// 32-bit floats: parameters and running statistics.
    case float32 = "F32"
    /// 64-bit integers: PyTorch's `num_batches_tracked`.
    case int64 = "I64"
  }

  /// The name, such as `0.weight`.
  package var name: String
  /// Sizes, outermost first; empty for a scalar.
  package var shape: [Int]
  /// What the values are in a file.
  package var element: Element
  /// The values, row-major.
  package var values: [Float]

  /// Creates a tensor.
  package init(name: String, shape: [Int], element: Element = .float32, values: [Float]) {
    (self.name, self.shape, self.element, self.values) = (name, shape, element, values)
  }
}
