/// The version of the engine's numbers.
public enum NumericsVersion {
  /// Raised when, and only when, a change of the engine alters a bit of any trial's losses; results of another
  /// version are then trained again. Golden traces in the tests guard it.
  public static let current = 2
}
