extension Schema {
  /// The trials of each study's latest revision, in file order, joined with all that names them.
  private static let latest = """
    \(Joins.latestRevision)
    \(Joins.trialsOfRevision)
    \(Joins.nameOfTrial)
    """

  /// SQLite has no unsigned integers: a seed from 2⁶³ on is shown as text.
  private static let seed = "CASE WHEN trial.seed < 0 THEN printf('%llu', trial.seed) ELSE trial.seed END AS seed"

  /// The public view of trials: names, order and meaning of its columns stay.
  ///
  /// A running attempt counts as stale here once its lease is over; that its process is gone only the program can see.
  ///
  /// - Parameter parameters: SQL of the learnt values in the network.
  static func trialsView(parameters: String = "configuration.parameters") -> String {
    """
    CREATE VIEW trials AS
    SELECT
      study.name AS study, trial.key AS trial, named_configuration.label AS label,
      configuration.hash AS configuration, \(seed),
      CASE
        WHEN attempt.id IS NULL THEN 'planned'
        WHEN attempt.state = 'running' AND attempt.lease_until < unixepoch() THEN 'stale'
        ELSE attempt.state
      END AS state,
      \(parameters) AS parameters, attempt.recorded AS iterations,
      summary.train_loss, summary.validation_loss, summary.validation_accuracy,
      summary.test_loss, summary.test_accuracy, summary.best_test_accuracy, summary.best_iteration,
      attempt.wall_seconds, attempt.cpu_seconds, attempt.images_per_second, attempt.error
    \(latest)
      \(Joins.latestAttempt)
      LEFT JOIN summary ON summary.trial_id = trial.id;

    """
  }

  /// The public view of curves: names, order and meaning of its columns stay.
  ///
  /// - Parameter iterationsPerEpoch: SQL of the training steps in an epoch.
  static func curvesView(iterationsPerEpoch: String = "trial.iterations_per_epoch") -> String {
    """
    CREATE VIEW curves AS
    SELECT \(curveColumns("'train'", "'loss'", "batch_loss", iterationsPerEpoch))
    \(latest)
      JOIN batch_loss ON batch_loss.trial_id = trial.id
    UNION ALL
    SELECT \(curveColumns("series.split", "series.metric", "metric", iterationsPerEpoch))
    \(latest)
      JOIN series ON series.metric <> 'mean_loss'
      JOIN metric ON metric.trial_id = trial.id AND metric.series_id = series.id;

    """
  }

  private static func curveColumns(
    _ split: String, _ metric: String, _ table: String, _ iterationsPerEpoch: String
  ) -> String {
    """
    study.name AS study, trial.key AS trial, named_configuration.label AS label,
      configuration.hash AS configuration, \(seed),
      \(split) AS split, \(metric) AS metric,
      \(table).iteration AS iteration, \(table).iteration * 1.0 / \(iterationsPerEpoch) AS epoch,
      \(table).value AS value,
      CASE
        WHEN \(table).value IS NULL THEN 'nan'
        WHEN \(table).value = 9e999 THEN 'inf'
        WHEN \(table).value = -9e999 THEN '-inf'
        ELSE 'finite'
      END AS kind
    """
  }
}
