import Presentation

extension OutlineReader {
  /// The values of a list, or of a rule that stands for one; `nil` where it is neither, which is then reported.
  ///
  /// - Parameter expected: what else is allowed, as a message says it.
  func readValueList(_ node: JSONNode, expected: String = "a list of values") -> [JSONNode]? {
    if let elements = node.elements, !elements.isEmpty { return elements }
    guard let members = node.members else {
      log.report(node.position, "is \(node.found); expected \(expected)")
      return nil
    }
    guard members.count == 1, let rule = ValueRule(rawValue: members[0].key) else {
      let hint = members.count == 1 ? suggestion(for: members[0].key, among: ValueRule.allCases.map(\.rawValue)) : ""
      log.report(node.position, "is \(node.found); expected \(expected), or \(ValueRule.forms)\(hint)")
      return nil
    }
    let list = members[0].value
    let arguments = (list.elements ?? []).compactMap { element -> Double? in
      guard case .number(let number) = element.content, abs(number.double) <= ValueRule.largest else { return nil }
      return number.double
    }
    guard arguments.count == 3, list.elements?.count == 3 else {
      log.report(
        list.position, "is \(list.found); expected \(rule.form), numbers from -1e15 to 1e15")
      return nil
    }
    do {
      let numbers = try rule.numbers(arguments)
      guard made.allows(numbers.count, at: list.position, log) else { return nil }
      return rule.shown(numbers).map { JSONNode(position: list.position, content: .number($0)) }
    } catch {
      log.report(list.position, error.message)
      return nil
    }
  }
}
