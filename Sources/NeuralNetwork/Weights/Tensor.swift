/// A named tensor in PyTorch's layout, as weight files hold it.
public struct Tensor: Hashable, Sendable {
  /// What the values are in a file. In memory all are Float.
  public enum Element: String, Hashable, Sendable, CaseIterable {
    /// 32-bit floats: parameters and running statistics.
    case float32 = "F32"
    /// 64-bit integers: PyTorch's `num_batches_tracked`.
    case int64 = "I64"
  }

  /// The name, such as `0.weight`.
  public var name: String
  /// Sizes, outermost first; empty for a scalar.
  public var shape: [Int]
  /// What the values are in a file.
  public var element: Element
  /// The values, row-major.
  public var values: [Float]

  /// Creates a tensor.
  public init(name: String, shape: [Int], element: Element = .float32, values: [Float]) {
    (self.name, self.shape, self.element, self.values) = (name, shape, element, values)
  }
}
