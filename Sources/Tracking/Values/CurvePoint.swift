/// A row of the view `curves`.
public struct CurvePoint: Sendable, Hashable {
  /// The trial's key.
  public var trial: String
  /// The configuration's label in the study.
  public var label: String
  /// The configuration's hash.
  public var configuration: String
  /// The seed.
  public var seed: UInt64
  /// `train`, `validation` or `test`.
  public var split: String
  /// `loss` or `accuracy`.
  public var metric: String
  /// Training steps done.
  public var iteration: Int
  /// Times through the training set.
  public var epoch: Double
  /// The value; NaN and infinities as they were measured.
  public var value: Double
}
