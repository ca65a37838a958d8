import Foundation
import Presentation

/// A rule that stands for a list of numbers: `{"linspace": [0, 1, 5]}`.
enum ValueRule: String, CaseIterable {
  /// `[from, to, count]`: equal differences, as numpy's `linspace`.
  case linspace
  /// `[from, to, count]`: equal ratios, as numpy's `geomspace`.
  case logspace
  /// `[from, to, step]`: up to `to`, which is left out, as numpy's `arange`.
  case range

  /// Values that a rule may make.
  static let maximumCount = 100_000
  /// The largest number in a rule: up to here whole numbers are exact.
  static let largest = 1e15

  /// The rule's three numbers as a message shows them.
  var form: String { self == .range ? "[from, to, step]" : "[from, to, count]" }

  /// All rules as a message shows them.
  static var forms: String {
    alternatives(allCases.map { "{\"\($0.rawValue)\": \($0.form)}" })
  }

  /// Whether an object is meant as a rule.
  static func isRule(_ node: JSONNode) -> Bool {
    guard let members = node.members, members.count == 1 else { return false }
    return ValueRule(rawValue: members[0].key) != nil
  }

  /// The numbers, or what is wrong with the rule.
  func numbers(_ arguments: [Double]) throws(AssignmentError) -> [Double] {
    let (from, to, third) = (arguments[0], arguments[1], arguments[2])
    if self == .range {
      let count = ((to - from) / third).rounded(.up)
      guard third != 0, count > 0 else {
        throw AssignmentError(
          message:
            "has no value; expected a step that leads from the first number towards the second, which is left out")
      }
      guard count <= Double(Self.maximumCount) else {
        throw AssignmentError(message: "has \(JSONNumber(count).text) values; at most \(Self.maximumCount) are allowed")
      }
      // As numpy fills: the step as it comes out between the first two.
      let step = (from + third) - from
      return (0..<Int(count)).map { $0 == 1 ? from + third : from + Double($0) * step }
    }
    guard let count = Int(exactly: third), (1...Self.maximumCount).contains(count) else {
      throw AssignmentError(
        message: "has the count \(JSONNumber(third).text); expected a whole number from 1 to \(Self.maximumCount)")
    }
    if self == .linspace { return Self.evenly(from, to, count) }
    guard from > 0, to > 0 else {
      throw AssignmentError(
        message:
          "goes from \(JSONNumber(from).text) to \(JSONNumber(to).text); logspace has equal ratios, so both ends "
          + "are above 0 (the ends themselves, not their exponents)")
    }
    var values = Self.evenly(log10(from), log10(to), count).map { pow(10, $0) }
    values[0] = from
    if count > 1 { values[count - 1] = to }
    return values
  }

  private static func evenly(_ from: Double, _ to: Double, _ count: Int) -> [Double] {
    let step = (to - from) / Double(max(1, count - 1))
    var values = (0..<count).map { Double($0) * step + from }
    values[0] = from
    if count > 1 { values[count - 1] = to }
    return values
  }

  /// Numbers as JSON; those that people would be shown with many digits are shown with as few as tell all apart, at
  /// least three.
  func shown(_ values: [Double]) -> [JSONNumber] {
    let digits = (3...17).first { digits in
      var seen: Set<Double> = []
      return values.allSatisfy { seen.insert(NumberText.rounded($0, digits: digits)).inserted }
    }
    return values.enumerated().map { index, value in
      var number = JSONNumber(value)
      // The ends are what the user wrote.
      let isEnd = index == 0 || (self != .range && index == values.count - 1)
      if let digits, !isEnd, value != value.rounded() { number.shownDigits = UInt8(digits) }
      return number
    }
  }
}

/// How many values a grid's rules and samples have made, so that no short text fills the memory.
final class MadeValues {
  private static let maximum = 1_000_000

  private var count = 0

  /// Takes note of more values; reports that they are too many.
  func allows(_ more: Int, at position: SourcePosition, _ log: ErrorLog) -> Bool {
    guard count + more <= Self.maximum else {
      log.report(
        position, "makes \(more) values after \(count) others of the grid; at most \(Self.maximum) are allowed")
      return false
    }
    count += more
    return true
  }
}
