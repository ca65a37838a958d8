import Experiments

/// How the tables hang together, as pieces of SQL that queries and views are made of.
///
///     study ─ revision ─┬─ revision_configuration ─ named_configuration ─ configuration
///                       └─ revision_trial ──────────────────────────────── trial ─ attempt ─ confusion
enum Joins {
  /// Each study with its latest revision.
  static let latestRevision = """
    FROM study JOIN revision ON revision.study_id = study.id
      AND revision.number = (SELECT max(number) FROM revision AS other WHERE other.study_id = study.id)
    """

  /// A revision's trials: one row per place of a seed under a configuration.
  static let trialsOfRevision = """
    JOIN revision_trial ON revision_trial.revision_id = revision.id
    JOIN trial ON trial.id = revision_trial.trial_id
    """

  /// The name and the settings under which a revision has a trial.
  static let nameOfTrial = """
    JOIN revision_configuration ON revision_configuration.revision_id = revision_trial.revision_id
      AND revision_configuration.position = revision_trial.position
    \(configurationOfName)
    """

  /// The settings of a place in a revision.
  static let configurationOfName = """
    JOIN named_configuration ON named_configuration.id = revision_configuration.named_configuration_id
    JOIN configuration ON configuration.id = named_configuration.configuration_id
    """

  /// A trial's latest attempt, where it has one.
  static let latestAttempt = "LEFT JOIN attempt ON attempt.id = trial.attempt_id"

  /// Whether the numbers of the joined summary are those of the trial's last evaluation: six look-ups by a key.
  static let summaryFits = """
    (summary.iteration IS (
      SELECT max(iteration) FROM metric WHERE metric.trial_id = trial.id
        AND metric.series_id = \(Series.trainLoss.rawValue))
    """
    + zip(
      Series.allCases, ["train_loss", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy"]
    ).map { series, column in
      """
       AND summary.\(column) IS (
        SELECT value FROM metric WHERE metric.trial_id = trial.id AND metric.series_id = \(series.rawValue)
          AND metric.iteration = summary.iteration)
      """
    }.joined() + ")"

  /// The machine that trained a trial; NULL for a trial of another program, whose joined run is the command that imported
  /// it.
  static let environmentOfTraining =
    "CASE WHEN trial.numerics <> \(NumericsVersion.imported) THEN run.environment_id END AS environment_id"

  /// An attempt's confusion matrix, where it ended with one.
  static let confusion = "LEFT JOIN confusion ON confusion.attempt_id = attempt.id"
}
