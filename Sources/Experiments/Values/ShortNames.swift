import Presentation

/// Short names of a study's configurations, made of what differs among them: `avg · valid · 0.1`.
///
/// Equal names are one configuration, in every chart, table and line that takes its names from here. No name is cut: a
/// value that is too long goes by the words that tell it apart, or by its number among the values of its setting; a
/// name that is too long still has the number of its configuration.
package struct ShortNames: Sendable, Hashable {
  /// One for each configuration, in the order in which they were given.
  package let names: [String]
  /// What the parts of a name are, in words; `nil` where the names are the labels.
  package let meaning: String?
  /// Whether ``meaning`` is not enough, because some values or names go by a number or by a part of them.
  package let isShortened: Bool

  /// By setting and value, as they were given, the value as names have it.
  private let values: [String: [String: String]]

  /// Columns of a terminal that a name takes at most.
  package static let limit = 40
  private static let separator = " · "

  /// Names all configurations of a study, so that a name means the same wherever some of them are shown.
  ///
  /// - Parameters:
  ///   - axes: the study's, which tell variants of studies that older programs stored.
  ///   - path: a setting that names leave out: configurations that differ in it alone have one name.
  package init(_ configurations: [some NamedPoint], axes: [Axis], without path: String? = nil) {
    let configurations = configurations.map { Point($0, sayingVariantOf: axes) }
    let columns = Self.columns(configurations)
    var shortened = columns.contains(where: \.isShortened)
    let shown = columns.filter { $0.path != path }
    var groups: [[Setting]: Int] = [:]
    // Without the setting several configurations are one; with all of them each is its own, whatever its settings.
    let places = configurations.indices.map { index -> Int in
      guard let path else { return index }
      let settings = configurations[index].settings.filter { $0.path != path }
      if let place = groups[settings] { return place }
      groups[settings] = index
      return index
    }
    values = Dictionary(uniqueKeysWithValues: columns.map { ($0.path, $0.values) })
    let own = Array(Set(places)).sorted()
    var result: [Int: String] = [:]
    for place in own {
      let parts = shown.compactMap { $0.texts[place] }
      let whole = parts.joined(separator: Self.separator)
      if parts.isEmpty {
        let label = PlainText.oneLine(configurations[place].label)
        let own = label.isEmpty ? "#\(place + 1)" : label
        let name = path == nil || columns.isEmpty ? own : "all"
        result[place] = name.terminalColumns <= Self.limit ? name : Self.beginning(of: name, place)
        shortened = shortened || name.terminalColumns > Self.limit
      } else if whole.terminalColumns > Self.limit {
        shortened = true
        result[place] = Self.fitting(parts, place)
      } else {
        result[place] = whole
      }
    }
    let named = Self.distinct(own.map { result[$0] ?? "" }, numbers: own)
    shortened = shortened || named.isChanged
    let byPlace = Dictionary(uniqueKeysWithValues: zip(own, named.names))
    names = places.map { byPlace[$0] ?? "" }
    isShortened = shortened
    let labels = configurations.map { PlainText.oneLine($0.label) }
    meaning = names == labels || shown.isEmpty ? nil : Self.meaning(shown)
  }

  /// A value of a setting as it stands in names, without the setting's own name.
  package func text(of value: String, of path: String) -> String { values[path]?[value] ?? PlainText.oneLine(value) }

  // MARK: Columns

  /// A setting that varies, as names show it.
  private struct Column {
    var path: String
    var title: String
    /// For each configuration; `nil` where it has no such setting.
    var texts: [String?]
    /// By value, as it was given, its text without the title.
    var values: [String: String]
    var abbreviations: [(short: String, long: String)] = []
    var isShortened = false
  }

  private static func columns(_ configurations: [Point]) -> [Column] {
    var order: [String] = []
    var values: [String: [String?]] = [:]
    for (index, configuration) in configurations.enumerated() {
      for setting in configuration.settings {
        if values[setting.path] == nil {
          order.append(setting.path)
          values[setting.path] = Array(repeating: nil, count: configurations.count)
        }
        values[setting.path]?[index] = setting.value
      }
    }
    let variants = values["variant"]
    let paths = order.filter { path in
      guard let column = values[path], Set(column).count > 1 else { return false }
      guard let variants, path != "variant" else { return true }
      return !isSaid(column, by: variants)
    }
    let kinds = paths.map { path in Kind((values[path] ?? []).compactMap { $0 }) }
    let numeric = kinds.count { $0 == .numbers }
    var taken: [String: Int] = [:]
    let short = paths.map { path in shortValues(values[path] ?? [], isVariant: path == "variant") }
    for column in short { for text in Set(column.texts.compactMap { $0 }) { taken[text, default: 0] += 1 } }
    return paths.indices.map { index in
      var column = Column(
        path: paths[index], title: title(paths[index], among: paths), texts: short[index].texts,
        values: short[index].values, abbreviations: short[index].abbreviations, isShortened: short[index].isShortened)
      let isShared = column.texts.contains { $0.map { taken[$0, default: 0] > 1 } ?? false }
      guard column.path != "variant" else { return column }
      let empty = column.texts.indices.filter { column.texts[$0] == "[]" }
      if kinds[index] == .switches {
        column.texts = column.texts.map { $0.map { $0 == "true" ? column.title : "no \(column.title)" } }
      } else if kinds[index] == .words, !isShared {
        // A number among words says nothing by itself.
        column.texts = column.texts.map { $0.map { Kind.isNumeric($0) ? "\(column.title) \($0)" : $0 } }
      } else if kinds[index] == .numbers, numeric == 1, paths.count > 1, !isShared {
        // A number by itself would be a riddle; beside words it is not.
        return column
      } else {
        column.texts = column.texts.map { $0.map { "\(column.title) \($0)" } }
      }
      for place in empty { column.texts[place] = "no \(column.title)" }
      return column
    }
  }

  /// Whether a variant's name says a setting: each variant has one value of it.
  private static func isSaid(_ column: [String?], by variants: [String?]) -> Bool {
    var known: [String?: String?] = [:]
    for (variant, value) in zip(variants, column) {
      if let before = known[variant], before != value { return false }
      known[variant] = .some(value)
    }
    return true
  }

  /// What a setting's values are.
  private enum Kind {
    case numbers, switches, words, nothings

    init(_ values: [String]) {
      let words = Set(values)
      if words.isSubset(of: ["true", "false"]) {
        self = .switches
      } else if !words.isDisjoint(with: ["true", "false", "null", "none", ""]) {
        self = .nothings
      } else {
        self = values.allSatisfy(Self.isNumeric) ? .numbers : .words
      }
    }

    /// `0.1`, `[16, 32]`
    static func isNumeric(_ value: String) -> Bool {
      value.contains(where: \.isNumber) && value.allSatisfy { $0.isNumber || "[](), .e+-−×".contains($0) }
    }
  }

  /// `lr`, or what the setting is called where another one ends alike; short, for a name has few columns.
  private static func title(_ path: String, among paths: [String]) -> String {
    let parts = path.split(separator: ".")
    let last = parts.last.map(String.init) ?? path
    let isUnique = paths.count { $0 == last || $0.hasSuffix(".\(last)") } <= 1
    let title = PlainText.oneLine((isUnique ? last : Setting.name(of: path, among: paths)).replacing("_", with: " "))
    return title.terminalColumns <= 20 ? title : PlainText.shortened(title, to: 20)
  }

  // MARK: Values

  /// Words of the grid language that have a shorter form which everybody reads.
  private static let abbreviations = ["average": "avg"]
  private static let valueLimit = 24

  /// The values of a setting without its title.
  private struct ShortValues {
    var texts: [String?]
    var values: [String: String]
    var abbreviations: [(short: String, long: String)]
    var isShortened: Bool
  }

  private static func shortValues(_ values: [String?], isVariant: Bool) -> ShortValues {
    var all: [String] = []
    var seen: Set<String> = []
    for value in values.compactMap({ $0 }) where seen.insert(value).inserted { all.append(value) }
    let clean = all.map { String(PlainText.oneLine($0).withoutSpacesAround) }.map { $0.isEmpty ? "(empty)" : $0 }
    var texts = clean
    var used: [(short: String, long: String)] = []
    if !isVariant {
      for index in texts.indices {
        guard let short = abbreviations[texts[index]], !clean.contains(short) else { continue }
        used.append((short, texts[index]))
        texts[index] = short
      }
    }
    let limit = isVariant ? Self.limit - 4 : valueLimit
    var long = texts.indices.filter { texts[$0].terminalColumns > limit }
    let isShortened = !long.isEmpty
    for index in long {
      let outline = outline(texts[index])
      if outline.terminalColumns <= limit && !texts.contains(outline) { texts[index] = outline }
    }
    long.removeAll { texts[$0].terminalColumns <= limit }
    if !long.isEmpty {
      let parts = differing(long.map { texts[$0] })
      let isClear =
        Set(parts).count == parts.count && parts.allSatisfy { $0.terminalColumns <= limit && $0 != "…" && $0 != "……" }
      for (place, index) in long.enumerated() {
        texts[index] = isClear ? parts[place] : beginning(of: texts[index], index, limit: limit)
      }
    }
    // What cleaning made equal, and a part that looks like another value.
    let unique = Self.distinct(texts, numbers: Array(texts.indices))
    let known = Dictionary(uniqueKeysWithValues: zip(all, unique.names))
    return ShortValues(
      texts: values.map { $0.flatMap { known[$0] } }, values: known, abbreviations: used,
      isShortened: isShortened || unique.isChanged)
  }

  /// A list without its brackets and what stands in parentheses: `random_crop, random_erasing`.
  private static func outline(_ text: String) -> String {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return text }
    var depth = 0
    let kept = text.dropFirst().dropLast().filter { character in
      if character == "(" { depth += 1 }
      defer { if character == ")" { depth -= 1 } }
      return depth == 0
    }
    return kept.split(separator: ",").map { String($0.withoutSpacesAround) }.joined(separator: ", ")
  }

  /// The texts without the words that all of them begin and end with.
  private static func differing(_ texts: [String]) -> [String] {
    guard texts.count > 1 else { return texts }
    let words = texts.map { $0.split(separator: " ").map(String.init) }
    let shortest = words.map(\.count).min() ?? 0
    let head = (0..<shortest).first { place in Set(words.map { $0[place] }).count > 1 } ?? shortest
    let tail =
      (0..<(shortest - head)).first { place in Set(words.map { $0[$0.count - 1 - place] }).count > 1 }
      ?? (shortest - head)
    return words.map { list in
      (head > 0 ? "…" : "") + list[head..<(list.count - tail)].joined(separator: " ") + (tail > 0 ? "…" : "")
    }
  }

  // MARK: Names

  /// As many whole parts as fit before the configuration's number.
  private static func fitting(_ parts: [String], _ place: Int) -> String {
    let number = "#\(place + 1)"
    var name = number
    for part in parts {
      let next = "\(name)\(separator)\(part)"
      guard next.terminalColumns <= limit else { break }
      name = next
    }
    return name
  }

  /// The beginning of a text that is too long, and a number.
  private static func beginning(of text: String, _ place: Int, limit: Int = Self.limit) -> String {
    let number = " #\(place + 1)"
    return "\(text.prefix(terminalColumns: limit - number.terminalColumns - 1))…\(number)"
  }

  /// The names, with the numbers of their things where two were the same.
  private static func distinct(_ names: [String], numbers: [Int]) -> (names: [String], isChanged: Bool) {
    var counts: [String: Int] = [:]
    for name in names { counts[name, default: 0] += 1 }
    if counts.count == names.count { return (names, false) }
    let numbered = names.indices.map { index in
      counts[names[index], default: 0] > 1 ? "\(names[index]) #\(numbers[index] + 1)" : names[index]
    }
    // A name may look like another with its number.
    return Set(numbered).count == names.count
      ? (numbered, true) : (names.indices.map { "#\(numbers[$0] + 1) \(names[$0])" }, true)
  }

  private static func meaning(_ columns: [Column]) -> String {
    let abbreviations = columns.flatMap(\.abbreviations)
    let stands = abbreviations.map { "\($0.short) stands for \($0.long)" }
    let paths = columns.map(\.path)
    let titles = paths.map { PlainText.shortened(Setting.title(of: $0, among: paths), to: limit) }
    let isPartial = columns.contains { $0.texts.contains { $0 == nil } }
    return "A name says \(titles.joined(separator: separator))\(isPartial ? ", each where it applies" : "")"
      + (stands.isEmpty ? "." : "; \(joined(stands)).")
  }
}

/// A configuration with its variant among the settings: older programs said it in the label alone.
private struct Point {
  var label: String
  var settings: [Setting]

  init(_ point: some NamedPoint, sayingVariantOf axes: [Axis]) {
    (label, settings) = (point.label, point.settings)
    guard !settings.contains(where: { $0.path == "variant" }), let axis = axes.first(where: { $0.path == "variant" }),
      let variant = axis.values.filter({ label == $0 || label.hasPrefix("\($0), ") }).max(by: { $0.count < $1.count })
    else { return }
    settings.insert(Setting(path: "variant", value: variant), at: 0)
  }
}
