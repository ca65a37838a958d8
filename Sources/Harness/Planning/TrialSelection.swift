import Experiments
import Foundation
import Presentation
import Tracking

/// A part of a study's trials: those for which all conditions hold.
///
/// A condition is `path=value`, whatever the value's letters, or one in the language of `bench list --where`.
package struct TrialSelection: Sendable {
  private enum Condition: Sendable {
    case equal(path: String, value: String)
    case filter(TrialFilter)
  }

  private let conditions: [Condition]

  /// Reads conditions, and checks that each holds for some trial of the study.
  ///
  /// - Throws: ``UsageError`` where one can't be read or holds for no trial.
  package init(_ texts: [String], in study: Study) throws {
    conditions = try texts.map { text in
      let condition = try Self.condition(text, in: study)
      guard study.trials.contains(where: { Self.holds(condition, for: $0) }) else {
        throw UsageError("--only \(text): no trial is like that" + Self.hint(condition, study))
      }
      return condition
    }
  }

  /// Whether all conditions hold for a trial.
  package func includes(_ trial: Trial) -> Bool { conditions.allSatisfy { Self.holds($0, for: trial) } }

  private static func condition(_ text: String, in study: Study) throws -> Condition {
    // Labels have spaces and quotes; where the text after "=" is a value as it stands, nothing in it is read.
    if let split = text.firstIndex(of: "=") {
      let path = text[..<split].trimmingCharacters(in: .whitespaces)
      let value = text[text.index(after: split)...].trimmingCharacters(in: .whitespaces)
      let equal = Condition.equal(path: path, value: value)
      if study.trials.contains(where: { holds(equal, for: $0) }) { return equal }
    }
    do {
      let filter = try TrialFilter(text)
      for path in filter.paths where values(of: path, in: study).isEmpty {
        let known = ["label", "seed"] + study.axes.map(\.path)
        throw UsageError(
          "--only \(text): no trial has \(quoted(path)); expected one of \(known.joined(separator: ", ")), "
            + "or another path of the grid")
      }
      return .filter(filter)
    } catch let error as TrialFilterError {
      throw UsageError("--only", condition: text, error)
    }
  }

  private static func holds(_ condition: Condition, for trial: Trial) -> Bool {
    switch condition {
    case .equal(let path, let expected): value(of: path, in: trial) == expected
    case .filter(let filter): filter.matches { value(of: $0, in: trial) }
    }
  }

  private static func hint(_ condition: Condition, _ study: Study) -> String {
    guard case .filter(let filter) = condition, let path = filter.paths.first, filter.paths.count == 1 else {
      return ""
    }
    return "; \(path) is one of \(listed(values(of: path, in: study)))"
  }

  private static func value(of path: String, in trial: Trial) -> String? {
    switch path {
    case "label": trial.configuration.label
    case "seed": "\(trial.seed)"
    default: trial.configuration.value(at: path)
    }
  }

  private static func values(of path: String, in study: Study) -> [String] {
    var seen: Set<String> = []
    return study.trials.compactMap { value(of: path, in: $0) }.filter { seen.insert($0).inserted }
  }
}
