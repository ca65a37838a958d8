import Experiments
import GRDB

/// The last scores of trials of one configuration that ran to their end: what its spread over seeds is taken from.
package struct Pilot: Sendable, Hashable {
  /// Where a pilot was found.
  package enum Origin: Sendable, Hashable {
    /// The same configuration, in whichever study.
    case configuration
    /// An older revision of the study has a configuration of that name, with other settings.
    case label(revision: Int)
  }

  /// Where it was found.
  package var origin: Origin
  /// The last evaluation of each seed's trial; train losses and times are not read.
  package var scores: [PilotScore]
}

/// What a trial's last evaluation measured.
package struct PilotScore: Sendable, Hashable {
  /// The seed.
  package var seed: UInt64
  /// On the validation examples, where there are any.
  package var validation: Score?
  /// On the test examples.
  package var test: Score?
}

extension Store {
  /// The pilots of configurations, by hash; none for those of which fewer than two trials are done.
  ///
  /// A seed counts once: trained by several versions of the engine or on several states of the data, the latest counts.
  ///
  /// - Parameters:
  ///   - configurations: Hash and label.
  ///   - study: The study in whose older revisions the labels are looked up where the hash has no pilot.
  package func pilots(of configurations: [(hash: String, label: String)], study: String) throws -> [String: Pilot] {
    try read { database in
      let scores = try Store.pilotScores(in: database)
      var pilots: [String: Pilot] = [:]
      for (hash, label) in configurations where pilots[hash] == nil {
        if let found = scores[hash], found.count > 1 {
          pilots[hash] = Pilot(origin: .configuration, scores: found)
          continue
        }
        let older = try Row.fetchCursor(
          database.cachedStatement(
            sql: """
              SELECT revision.number, configuration.hash
              FROM study
              JOIN revision ON revision.study_id = study.id
              JOIN revision_configuration ON revision_configuration.revision_id = revision.id
              \(Joins.configurationOfName)
              WHERE named_configuration.label = ? AND study.name = ? ORDER BY revision.number DESC
              """), arguments: [label, study])
        while let row = try older.next() {
          guard let found = try scores[row.get("hash")], found.count > 1 else { continue }
          pilots[hash] = try Pilot(origin: .label(revision: row.count("number")), scores: found)
          break
        }
      }
      return pilots
    }
  }

  /// The scores of every trial in the store that is done, by its configuration's hash; each seed once.
  private static func pilotScores(in database: Database) throws -> [String: [PilotScore]] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT configuration.hash, trial.seed, summary.validation_loss, summary.validation_accuracy, summary.test_loss,
          summary.test_accuracy
        FROM trial
        JOIN configuration ON configuration.id = trial.configuration_id
        JOIN attempt ON attempt.id = trial.attempt_id AND attempt.state = 'done'
        JOIN summary ON summary.trial_id = trial.id
        ORDER BY trial.numerics DESC, trial.id DESC
        """)
    // The generator takes 32 bits of a seed.
    var seen: [String: Set<UInt32>] = [:]
    var scores: [String: [PilotScore]] = [:]
    func score(_ loss: Double?, _ accuracy: Double?) -> Score? { loss.map { Score(loss: $0, accuracy: accuracy) } }
    while let row = try rows.next() {
      let hash: String = try row.get("hash")
      let seed = try UInt64(bitPattern: row.get("seed"))
      guard seen[hash, default: []].insert(UInt32(truncatingIfNeeded: seed)).inserted else { continue }
      scores[hash, default: []].append(
        try PilotScore(
          seed: seed, validation: score(row.get("validation_loss"), row.get("validation_accuracy")),
          test: score(row.get("test_loss"), row.get("test_accuracy"))))
    }
    return scores
  }
}
