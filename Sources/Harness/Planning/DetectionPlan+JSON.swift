import Foundation
import Presentation
import Tracking

extension DetectionPlan {
  /// For programs: differences and deviations in the unit that is named.
  package var json: JSONValue {
    [
      "difference": shownJSON(difference), "unit": .string(metric.unit), "metric": .string(metric.name),
      "power": .double(Self.power), "alpha": .double(alpha), "pairs": .integer(pairs), "seeds": .integer(seeds),
      "seeds_needed": widest.seedsNeeded.map { .integer($0) } ?? .null, "widest": json(widest), "median": json(middle),
      "pilot_trials": .integer(trials),
      "configurations": .array(
        spreads.map { spread in
          [
            "label": .string(spread.label), "deviation": shownJSON(spread.deviation), "trials": .integer(spread.trials),
            "from": .string(from(spread.origin)),
          ]
        }),
      "notes": .array(notes.map { .string($0) }),
    ]
  }

  /// The pair with the widest spread and the one in the middle of all.
  var pairTable: Table {
    Table(
      names: [
        "pair", "first", "second", "first_deviation", "second_deviation", "seeds_needed", "smallest_difference",
        "difference", "unit", "metric", "power", "alpha", "pairs", "seeds", "pilot_trials",
      ],
      values: [("widest", widest), ("median", middle)].map { name, pair in
        [
          .string(name), .string(pair.first.label), .string(pair.second.label), shownJSON(pair.first.deviation),
          shownJSON(pair.second.deviation), .optional(pair.seedsNeeded),
          pair.smallestDifference.map(shownJSON) ?? .null, shownJSON(difference), .string(metric.unit),
          .string(metric.name), .double(Self.power), .double(alpha), .integer(pairs), .integer(seeds),
          .integer(trials),
        ]
      })
  }

  private func json(_ pair: Pair) -> JSONValue {
    [
      "first": .string(pair.first.label), "second": .string(pair.second.label),
      "deviations": [shownJSON(pair.first.deviation), shownJSON(pair.second.deviation)],
      "seeds_needed": pair.seedsNeeded.map { .integer($0) } ?? .null,
      "smallest_difference": pair.smallestDifference.map(shownJSON) ?? .null,
    ]
  }

  /// Without the digits that the change of unit adds.
  private func shownJSON(_ value: Double) -> JSONValue {
    .double(NumberText.rounded(value * metric.scale, digits: 12))
  }

  private func from(_ origin: Pilot.Origin?) -> String {
    switch origin {
    case .configuration: "same configuration"
    case .label(let revision): "same label in revision \(revision)"
    case nil: "median of the others"
    }
  }
}
