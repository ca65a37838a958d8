import Foundation
import Presentation

/// A condition on trials: `optimizer.lr < 0.1 and (seed = 3 or not state = done)`.
///
/// The left side is a column of the view `trials`, or a path as grids have it. Two numbers are compared as
/// numbers, all else as text; `~` asks whether a text contains another, whatever their case. What a trial does not have
/// satisfies no comparison.
package struct TrialFilter: Sendable, Hashable {
  /// How two values are compared.
  enum Comparison: String, CaseIterable, Sendable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contains = "~"
  }

  /// A condition and its parts.
  indirect enum Term: Sendable, Hashable {
    case compare(path: String, Comparison, value: String)
    case not(Term)
    case and(Term, Term)
    case or(Term, Term)
  }

  let term: Term

  /// Reads a condition.
  ///
  /// - Throws: ``TrialFilterError`` with the place where the text can't be understood.
  package init(_ text: String) throws(TrialFilterError) {
    var reader = TrialFilterReader(text)
    term = try reader.read()
  }

  /// Every path that the condition looks at, in order.
  package var paths: [String] { Self.paths(of: term) }

  /// Whether the condition holds for a trial whose values `value` gives, as text.
  package func matches(_ value: (_ path: String) -> String?) -> Bool { Self.matches(term, value) }

  private static func paths(of term: Term) -> [String] {
    switch term {
    case .compare(let path, _, _): [path]
    case .not(let inner): paths(of: inner)
    case .and(let one, let other), .or(let one, let other): paths(of: one) + paths(of: other)
    }
  }

  private static func matches(_ term: Term, _ value: (String) -> String?) -> Bool {
    switch term {
    case .compare(let path, let comparison, let expected):
      value(path).map { holds($0, comparison, expected) } ?? false
    case .not(let inner): !matches(inner, value)
    case .and(let one, let other): matches(one, value) && matches(other, value)
    case .or(let one, let other): matches(one, value) || matches(other, value)
    }
  }

  private static func holds(_ found: String, _ comparison: Comparison, _ expected: String) -> Bool {
    if comparison == .contains { return found.range(of: expected, options: .caseInsensitive) != nil }
    if let found = Double(found), let expected = Double(expected) { return compare(found, comparison, expected) }
    return compare(found, comparison, expected)
  }

  private static func compare<Value: Comparable>(_ found: Value, _ comparison: Comparison, _ expected: Value) -> Bool {
    switch comparison {
    case .equal, .contains: found == expected
    case .notEqual: found != expected
    case .less: found < expected
    case .lessOrEqual: found <= expected
    case .greater: found > expected
    case .greaterOrEqual: found >= expected
    }
  }
}

/// Why a condition can't be used.
package enum TrialFilterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text can't be understood from a character on, counted from 1.
  case syntax(column: Int, found: String, expected: String)
  /// No trial has such a value.
  case unknownPath(String, known: [String])

  /// Where, what was found, and what is allowed.
  package var description: String {
    switch self {
    case .syntax(let column, let found, let expected): "at character \(column): \(found); expected \(expected)"
    case .unknownPath(let path, let known):
      "no trial here has \(quoted(path)); expected one of \(known.joined(separator: ", ")), or a path of the grid"
    }
  }
}
