import Experiments
import Presentation

/// The JSON Schema of `results.json`.
///
/// New keys may come without a new `schema_version`, so unknown ones are allowed.
package enum ReportSchema {
  /// The schema, draft 2020-12.
  package static let json: JSONValue = [
    "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A report of bench: results.json",
    "type": "object",
    "required": [
      "schema", "schema_version", "study", "title", "revision", "metric", "higher_is_better", "at", "alpha",
      "confidence", "configurations_in_study", "family", "best", "result", "axes", "shared", "configurations", "pairs",
      "images", "effects", "interaction", "variation", "tuned", "caveats", "environment", "source",
    ],
    "properties": [
      "schema": ["const": .string(ReportJSON.schemaName)],
      "schema_version": ["const": .integer(ReportJSON.schemaVersion)],
      "study": text, "title": text,
      "tags": described(
        "The study's tags: its grid's, and those given later; missing where it has neither tags nor notes.", list(text)),
      "notes": described("The study's notes: its grid's, and the one given later.", text), "revision": count,
      "metric": text,
      "higher_is_better": ["type": "boolean"],
      "at": described(
        "The evaluation that scores are taken from: last, best, or the one at this iteration.",
        ["anyOf": [["enum": ["last", "best"]], count]]),
      "configurations_in_study": described("All of the study, shown here or not.", count),
      "family": described("Configurations that were compared: what p is corrected over.", count),
      "alpha": share, "confidence": share,
      "best": described("The label of the configuration that the others are compared with.", optional(text)),
      "result": described("What the study came to, as a sentence.", text),
      "axes": list(object(["path": text, "values": list(setting)])),
      "shared": described("What holds for every configuration, in words.", map(text)),
      "configurations": described("Best first.", list(configuration)),
      "pairs": described(
        "All pairs, first minus second, where there are few configurations.",
        list(
          object([
            "first": text, "second": text, "difference": number, "interval": interval, "p": optional(corrected),
            "improvement": described(
              "How often a run of the first beats one of the second, ties counted half.",
              optional(object(["probability": number, "interval": interval]))),
            "correlation": described("Of the scores over common seeds.", optionalNumber),
          ]))),
      "images": described(
        "Accuracies, then differences (first minus second), with the standard errors that seeds and test images leave, "
          + "and intervals for both.",
        optional(
          object([
            "images": count,
            "entries": list(
              object([
                "first": text, "second": optional(text), "value": number, "seed_error": number,
                "image_error": number, "interval": interval,
              ])),
          ]))),
      "effects": described(
        "Each axis by itself, averaged over the others.",
        list(
          object([
            "path": text, "averaged_over": count,
            "levels": list(
              object(["value": setting, "score": summary, "difference": optionalNumber, "p": optional(corrected)])),
          ]))),
      "interaction": described(
        "How far each cell of the two leading axes lies from the sum of both effects.",
        optional(
          object([
            "first": text, "second": text, "first_values": list(setting), "second_values": list(setting),
            "departures": list(list(number)), "size": number, "seeds": count, "p": number,
          ]))),
      "variation": described(
        "How much of the sum of squares of all scores goes with axes, pairs of axes, seeds and noise; null where not every "
          + "combination of values ran with the same seeds.",
        optional(
          object([
            "sources": described(
              "Largest first; two axes: what they do beyond the sum of both.",
              list(object(["axes": list(text), "share": share, "by_chance": optionalNumber]))),
            "higher": described(
              "What three axes and more do together.",
              optional(object(["share": share, "by_chance": optionalNumber]))),
            "seeds": optionalNumber, "noise": optionalNumber,
          ]))),
      "tuned": described(
        "Each configuration at its own best value of an axis, chosen on validation, scored on test.",
        optional(
          object([
            "path": text, "chosen_by": text, "family": count,
            "equal_budgets": described(
              "Whether all tried as many values; where not, nothing is tested.", ["type": "boolean"]),
            "choices": list(
              object([
                "name": text, "label": text, "value": setting, "validation": summary, "score": summary,
                "interval": interval, "difference": optionalNumber, "p": optional(corrected),
                "expected_best": described(
                  "The validation score to be expected of the best of 1, 2, … of the tried values.", list(number)),
                "tried": list(object(["value": setting, "validation": optionalNumber])),
              ])),
          ]))),
      "caveats": list(text),
      "environment": optional(
        object([
          "host": text, "cpu": text, "cores": count, "memory_bytes": count, "os": text, "swift": text, "blas": text,
          "program": text, "workers": count,
        ])),
      "hosts": described(
        "The machines, where there are several; speeds are relative to the median of all, for the same configurations.",
        list(object(["host": text, "cpu": text, "trials": count, "relative_speed": optionalNumber]))),
      "source": optional(object(["commit": text, "branch": optional(text), "dirty": ["type": "boolean"]])),
      "imported_from": described("The file that another program's curves were imported from; missing otherwise.", text),
    ],
  ]

  private static let configuration = object([
    "label": text, "configuration": described("The configuration's hash.", text), "parameters": optional(count),
    "settings": map(setting),
    "finished": described("Trials that ran to their end with a score.", count),
    "repeated_seeds": described("Seeds whose trials are equal to the last bit to another seed's.", list(count)),
    "test_examples": optional(count), "score": summary, "interval": interval,
    "versus_best": optional(
      object([
        "difference": number, "interval": interval, "p": optional(corrected), "tied_with_best": ["type": "boolean"],
      ])),
    "test_loss": summary, "train_loss": summary, "validation_accuracy": summary, "best_test_accuracy": summary,
    "wall_seconds": summary, "images_per_second": summary, "trials": list(trial),
  ]).allowing(
    "metrics",
    described(
      "What the grid asks for beside loss and accuracy, under names such as test_f1_macro; missing where it asks for "
        + "nothing. Each evaluation has a member of each name.",
      map(object(["score": summary, "interval": interval]))))

  private static let trial = object([
    "trial": described("The trial's key.", text), "seed": count,
    "state": ["enum": .array(TrialState.allCases.map { .string($0.rawValue) })], "error": optional(text),
    "score": optionalNumber, "best_iteration": optional(count), "target_iteration": optional(count),
    "wall_seconds": optionalNumber, "cpu_seconds": optionalNumber, "images_per_second": optionalNumber,
    "trace_digest": optional(text),
    "confusion": described(
      "Counts of the last evaluation on the test images: [truth][guess], classes in the data set's order.",
      optional(list(list(count)))),
    "hits": described(
      "Which test images the last evaluation classified right: base64 of one bit per image; image i is bit i % 8, "
        + "least significant first, of byte i / 8. In studies of few configurations.",
      optional(object(["images": count, "mask": text]))),
    "evaluations": list(
      object([
        "iteration": count, "epoch": optionalNumber, "train_loss": optionalNumber, "validation_loss": optionalNumber,
        "validation_accuracy": optionalNumber, "test_loss": optionalNumber, "test_accuracy": optionalNumber,
      ])),
  ])

  private static let text: JSONValue = ["type": "string"]
  /// The value of a setting: a number, or a list of them, where it is one.
  private static let setting: JSONValue = [
    "type": ["string", "number", "boolean", "null", "array"], "items": ["type": "number"],
  ]
  private static let count: JSONValue = ["type": "integer", "minimum": 0]
  private static let share: JSONValue = ["type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1]
  /// JSON has no NaN and no infinity.
  private static let number: JSONValue = ["anyOf": [["type": "number"], ["enum": ["NaN", "Infinity", "-Infinity"]]]]
  private static let optionalNumber = optional(number)
  private static let corrected = described("A p corrected for the family that the report names.", number)
  private static let interval = described("Lower and upper bound.", optional(list(number)))
  private static let summary = described(
    "Over seeds.",
    optional(
      object(["n": count, "mean": number, "sd": optionalNumber, "min": number, "median": number, "max": number])))

  private static func optional(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }
  private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }
  private static func map(_ values: JSONValue) -> JSONValue { ["type": "object", "additionalProperties": values] }

  private static func object(_ properties: KeyValuePairs<String, JSONValue>) -> JSONValue {
    [
      "type": "object", "required": .array(properties.map { .string($0.key) }),
      "properties": .object(properties.map { JSONValue.Member($0.key, $0.value) }),
    ]
  }

  private static func described(_ description: String, _ schema: JSONValue) -> JSONValue {
    guard case .object(let members) = schema else { return schema }
    return .object([JSONValue.Member("description", .string(description))] + members)
  }
}

extension JSONValue {
  /// The schema of an object that may have one member more.
  fileprivate func allowing(_ key: String, _ schema: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(
      members.map { member in
        guard member.key == "properties", case .object(let properties) = member.value else { return member }
        return Member(member.key, .object(properties + [Member(key, schema)]))
      })
  }
}
