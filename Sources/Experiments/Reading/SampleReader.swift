import Foundation
import Presentation

/// Reads `sample`, points drawn at random, which are the same each time and on every machine.
///
/// A drawn value follows from the sample's seed, the path and the point's number alone: more points leave those before
/// them as they are, and another path changes no value of the others.
struct SampleReader {
  /// Points that a sample may have.
  static let maximumCount = 200_000

  let reader: OutlineReader
  private var log: ErrorLog { reader.log }

  init(_ reader: OutlineReader) { self.reader = reader }

  /// From what a value is drawn.
  private enum Law {
    /// A number between two, every ratio as likely as another; to four digits.
    case logUniform(Double, Double)
    /// A number between two; to four digits or more of their difference.
    case uniform(Double, Double)
    /// A whole number from one to another, both included.
    case wholeUniform(Int, Int)
    /// One of some values.
    case choice([JSONNode])

    static let names = ["log_uniform", "uniform", "int_uniform", "choice"]
    static let forms =
      "{\"log_uniform\": [from, to]}, {\"uniform\": [from, to]}, {\"int_uniform\": [from, to]} or {\"choice\": [values]}"

    /// The value that a number from 0 to below 1 stands for.
    func value(_ share: Double, at position: SourcePosition) -> JSONNode {
      switch self {
      case .choice(let values): return values[min(values.count - 1, Int(share * Double(values.count)))]
      case .wholeUniform(let from, let to):
        let value = from + min(to - from, Int(share * Double(to - from + 1)))
        return JSONNode(position: position, content: .number(JSONNumber(value)))
      // Rounded, so that labels are short, and so that the last bit of a machine's logarithm decides nothing.
      case .logUniform(let from, let to):
        let value = NumberText.rounded(from * exp(share * Foundation.log(to / from)), digits: 4)
        return JSONNode(position: position, content: .number(JSONNumber(min(to, max(from, value)))))
      case .uniform(let from, let to):
        let digits = max(0, 4 - Int(log10(to - from).rounded(.down)))
        let value = Double(String(format: "%.\(digits)f", from + share * (to - from))) ?? from
        return JSONNode(position: position, content: .number(JSONNumber(min(to, max(from, value)))))
      }
    }
  }

  /// The points as one dimension; `nil` where something was reported or overrides leave nothing to draw.
  func read(_ node: JSONNode, isOverridden: (GridPath) -> Bool) -> GridOutline.Dimension? {
    guard let members = node.members else {
      log.report(node.position, "is \(node.found); expected an object with count, seed and axes")
      return nil
    }
    for member in members where !["count", "seed", "axes"].contains(member.key) {
      OptionReader(log: log).reportUnknown(member, in: "a sample", ["count", "seed", "axes"])
    }
    guard let count = whole(node, "count", 1...Self.maximumCount, orElse: nil),
      let seed = whole(node, "seed", 0...4_294_967_295, orElse: 0), let laws = readAxes(node)
    else { return nil }
    let drawn = laws.filter { !isOverridden($0.path) }
    guard !drawn.isEmpty, reader.made.allows(count * drawn.count, at: node.position, log) else { return nil }
    let choices = (0..<count).map { index in
      GridOutline.Choice(
        label: "",
        assignments: reader.ordered(
          drawn.map { path, position, law in
            Assignment(
              path: path, position: position,
              value: law.value(Self.share(seed: seed, path: path.text, index: index), at: position))
          }))
    }
    return GridOutline.Dimension(choices: choices, paths: drawn.map(\.path))
  }

  /// A number from 0 to below 1: the first 53 bits of a SHA-256.
  private static func share(seed: Int, path: String, index: Int) -> Double {
    let bytes = ContentDigest.bytes(of: Data("\(seed) \(index) \(path)".utf8))
    return Double(bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 11) * 0x1p-53
  }

  private func whole(_ node: JSONNode, _ key: String, _ range: ClosedRange<Int>, orElse fallback: Int?) -> Int? {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let value = node[key]?.value else {
      if fallback == nil { log.report(node.position, member: key, "is missing; expected \(expected)") }
      return fallback
    }
    guard case .number(let number) = value.content, let whole = number.int, range.contains(whole) else {
      log.report(value.position, "is \(value.found); expected \(expected)")
      return nil
    }
    return whole
  }

  private func readAxes(_ node: JSONNode) -> [(path: GridPath, position: SourcePosition, law: Law)]? {
    guard let axes = node["axes"]?.value else {
      log.report(node.position, member: "axes", "is missing; expected an object: a path and \(Law.forms) for each")
      return nil
    }
    guard let members = axes.members, !members.isEmpty else {
      log.report(axes.position, "is \(axes.found); expected an object: a path and \(Law.forms) for each")
      return nil
    }
    let laws = members.compactMap { member -> (path: GridPath, position: SourcePosition, law: Law)? in
      guard let assignment = reader.assignment(member.key, member.keyPosition, member.value),
        let law = readLaw(member.value)
      else { return nil }
      return (assignment.path, member.keyPosition, law)
    }
    return laws.count == members.count ? laws : nil
  }

  private func readLaw(_ node: JSONNode) -> Law? {
    guard let members = node.members, members.count == 1, Law.names.contains(members[0].key) else {
      let hint = node.members.map { $0.count == 1 ? suggestion(for: $0[0].key, among: Law.names) : "" } ?? ""
      log.report(node.position, "is \(node.found); expected \(Law.forms)\(hint)")
      return nil
    }
    let (name, list) = (members[0].key, members[0].value)
    if name == "choice" { return reader.readValueList(list).map { .choice($0) } }
    let numbers = (list.elements ?? []).compactMap { element -> JSONNumber? in
      if case .number(let number) = element.content, abs(number.double) <= ValueRule.largest { number } else { nil }
    }
    guard numbers.count == 2, list.elements?.count == 2, numbers[0].double < numbers[1].double else {
      log.report(list.position, "is \(list.found); expected [from, to], two numbers of which the first is less")
      return nil
    }
    let (from, to) = (numbers[0].double, numbers[1].double)
    switch name {
    case "uniform": return .uniform(from, to)
    case "log_uniform":
      if from > 0 { return .logUniform(from, to) }
      log.report(list.position, "begins at \(numbers[0].text); log_uniform has only numbers above 0")
    default:
      if let from = numbers[0].int, let to = numbers[1].int { return .wholeUniform(from, to) }
      log.report(list.position, "has ends that are not whole; expected two whole numbers, or \"uniform\"")
    }
    return nil
  }
}
