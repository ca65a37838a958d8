import Presentation

/// The result of a trial's second training, as `bench verify` shows it.
package struct TrialVerification: Printable, Sendable {
  private let key: String
  private let outcome: TrialReplay.Outcome
  private let changes: [TrialReplay.Change]?
  private let hasNumbersOfThisVersion: Bool

  /// Takes a training and its outcome.
  package init(_ replay: TrialReplay, _ outcome: TrialReplay.Outcome) {
    (key, self.outcome, changes) = (replay.details.record.key, outcome, replay.changes)
    hasNumbersOfThisVersion = replay.hasNumbersOfThisVersion
  }

  /// Lines for people, one row for programs.
  package var printout: Printout {
    Printout(
      title: "Trial \(key.prefix(12))", sections: sections, table: table, json: json,
      own: [.text: { lines.map { $0 + "\n" }.joined() + (changedThings.map { $0.text() } ?? "") }])
  }

  private var sections: [Section] {
    [
      Section(
        id: "verification", title: "Verification",
        blocks: lines.map { .paragraph($0) } + (changedThings.map { [.table($0)] } ?? []))
    ]
  }

  private var lines: [String] {
    let name = key.prefix(12)
    if outcome.isSame {
      return [
        "\(name): the same to the last bit: \(NumberText.count(outcome.losses)) losses, "
          + "\(outcome.evaluations) evaluations, trace digest \(outcome.digest)"
      ]
    }
    return [
      "\(name): not the same",
      outcome.firstDifference.map { "\($0)" }
        ?? "the stored losses and scores are the same, but their digest is not: the store was changed",
      "stored digest  \(outcome.storedDigest)", "digest now     \(outcome.digest)",
    ] + circumstances
  }

  /// Differences between then and now that may be the reason.
  private var circumstances: [String] {
    guard let changes else { return [] }
    return (hasNumbersOfThisVersion ? [] : ["it was trained with another version of the engine's numbers"])
      + [changes.isEmpty ? "machine and program are the same as then" : "what is not as it was then:"]
  }

  private var changedThings: Table? {
    guard !outcome.isSame, let changes, !changes.isEmpty else { return nil }
    return Table(
      [.init(""), .init("then"), .init("now")], rows: changes.map { [.name($0.name), .name($0.then), .name($0.now)] })
  }

  private var table: Table {
    Table(
      names: [
        "trial", "same", "losses", "evaluations", "stored_digest", "digest", "first_different_iteration",
        "first_difference", "same_numerics", "changes",
      ],
      values: [
        [
          .string(key), .bool(outcome.isSame), .integer(outcome.losses), .integer(outcome.evaluations),
          .string(outcome.storedDigest), .string(outcome.digest), .optional(outcome.firstDifference?.iteration),
          .optional(outcome.firstDifference?.text), .bool(hasNumbersOfThisVersion), changesJSON,
        ]
      ])
  }

  private var json: JSONValue {
    [
      "schema": 1, "trial": .string(key), "same": .bool(outcome.isSame), "losses": .integer(outcome.losses),
      "evaluations": .integer(outcome.evaluations), "stored_digest": .string(outcome.storedDigest),
      "digest": .string(outcome.digest),
      "first_difference": outcome.firstDifference.map {
        ["iteration": .integer($0.iteration), "text": .string($0.text)]
      } ?? .null,
      "same_numerics": .bool(hasNumbersOfThisVersion), "changes": changesJSON,
    ]
  }

  /// `null` where the store does not know machine and program.
  private var changesJSON: JSONValue {
    guard let changes else { return .null }
    return .array(
      changes.map { ["name": .string($0.name), "then": .string($0.then), "now": .string($0.now)] })
  }
}
