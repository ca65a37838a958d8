/// One row of values per example, in that order (`nn.Flatten()`).
///
/// - Input: `[N, C, H, W]`
/// - Output: `[N, C · H · W]`
public struct Flatten: LayerKind {
  /// Creates the description of a flattening.
  public init() {}

  private static let flatten = LayerType(
    "flatten", module: "Flatten", "One row of values per example, channels first (nn.Flatten()).", Flatten(), [])

  /// `flatten`
  public static var types: [LayerType] { [flatten] }

  /// `flatten`
  public var type: LayerType { Self.flatten }

  /// `nil`: flattening goes without saying.
  public var diagramName: String? { nil }

  /// One dimension with all values of the input.
  public func inferred(from input: Shape) -> ShapeInference { ShapeInference(output: Shape(input.count)) }
}
