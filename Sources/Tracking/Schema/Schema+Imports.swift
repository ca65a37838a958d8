extension Schema {
  /// Trials that another program trained, which have `numerics` 0: no version of the engine made their numbers.
  ///
  /// Nobody knows their networks, so that their configurations have 0 `parameters` and their data sets no name; where the
  /// length of an epoch is not known, `iterations_per_epoch` is 0. The views show all of that as NULL.
  static let imports = """
    DROP VIEW trials;
    DROP VIEW curves;

    """
    + trialsView(parameters: "CASE WHEN trial.numerics > 0 THEN configuration.parameters END")
    + curvesView(iterationsPerEpoch: "nullif(trial.iterations_per_epoch, 0)")
}
