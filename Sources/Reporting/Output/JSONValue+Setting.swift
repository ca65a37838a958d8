import Experiments
import Presentation

extension JSONValue {
  /// A setting as what it is: a number, a list of numbers, true, false, null, or else a text.
  static func setting(_ setting: Setting) -> JSONValue {
    setting.path == "variant" ? .string(setting.value) : value(setting.value[...])
  }

  private static func value(_ text: Substring) -> JSONValue {
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "none": return .null
    default:
      // A list of numbers, such as channels.
      if text.hasPrefix("["), text.hasSuffix("]") {
        let items = text.dropFirst().dropLast().split(separator: ", ")
        let numbers = items.compactMap(number)
        return numbers.count == items.count ? .array(numbers) : .string(String(text))
      }
      return number(text) ?? .string(String(text))
    }
  }

  private static func number(_ text: Substring) -> JSONValue? {
    // Most settings are names, and the pattern is slow to say so.
    guard let first = text.first, first == "-" || ("0"..."9").contains(first) else { return nil }
    return text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/) == nil ? nil : Double(text).map { .double($0) }
  }
}
