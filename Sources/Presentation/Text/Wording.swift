/// A number and what it counts: `1 trial`, `1,200 trials`.
///
/// - Parameter noun: in the singular; its plural ends in s.
package func counted(_ count: Int, _ noun: String) -> String {
  "\(NumberText.count(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// `one`, `one or two`, `one, two or three`.
package func alternatives(_ words: [String]) -> String { joined(words, "or") }

/// `one`, `one and two`, `one, two and three`.
package func joined(_ words: [String], _ conjunction: String = "and") -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
  return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}

/// The first of many names, and how many are left out: `a, b, c and 4 more`; `none` where there are none.
///
/// - Parameters:
///   - limit: names that are shown at most.
///   - separator: what stands between two; names that may hold commas are parted by `; `.
package func listed(_ names: [String], limit: Int = 12, separator: String = ", ") -> String {
  let more = names.count > limit ? " and \(NumberText.count(names.count - limit)) more" : ""
  return names.isEmpty ? "none" : names.prefix(limit).joined(separator: separator) + more
}
