import Experiments
import Presentation

/// A place of a grid that says something else on two sides.
package struct GridChange: Sendable, Hashable {
  /// What became of it.
  package enum Kind: String, Sendable { case added, removed, changed }

  /// The dotted path: `optimizer.lr`, `axes.model.padding`, `seeds`.
  package var path: String
  /// What it says before, as JSON; `nil` where it is not there.
  package var before: String?
  /// What it says after, as JSON; `nil` where it is not there.
  package var after: String?

  /// Creates a change.
  package init(path: String, before: String?, after: String?) {
    (self.path, self.before, self.after) = (path, before, after)
  }

  /// What became of it.
  package var kind: Kind { before == nil ? .added : after == nil ? .removed : .changed }
}

/// What two grids say otherwise, path by path.
enum GridDifference {
  /// The changes from one study's grid to another's: the places of the first in its order, then those that are new.
  ///
  /// Axes and seeds are compared as they were expanded, so that a rule and the values that it makes are the same. Where
  /// one side was imported, or its grid can't be read, nothing else is: that nobody wrote it down is no change.
  static func changes(from before: StudyRecord, to after: StudyRecord) -> [GridChange] {
    var (old, new) = (expandedPlaces(before), expandedPlaces(after))
    if let oldGrid = gridPlaces(before), let newGrid = gridPlaces(after) { (old, new) = (oldGrid + old, newGrid + new) }
    let (oldTexts, newTexts) = (texts(old), texts(new))
    let changed = old.compactMap { place -> GridChange? in
      let now = newTexts[place.path]
      return now == place.text ? nil : GridChange(path: place.path, before: place.text, after: now)
    }
    let added = new.filter { oldTexts[$0.path] == nil }.map { GridChange(path: $0.path, before: nil, after: $0.text) }
    return changed + added
  }

  private typealias Place = (path: String, text: String)

  private static func texts(_ places: [Place]) -> [String: String] {
    Dictionary(places.map { ($0.path, $0.text) }) { first, _ in first }
  }

  /// What the grid says beside its name, axes and seeds; `nil` where it is not known.
  private static func gridPlaces(_ record: StudyRecord) -> [Place]? {
    var reader = JSONReader(Array(record.gridText.utf8), allowsComments: true)
    guard !record.configurations.contains(where: \.configuration.isImported),
      case .object(let members)? = try? reader.read().value
    else { return nil }
    var places: [Place] = []
    for member in members where !["name", "axes", "seeds"].contains(member.key) {
      add(member.value, at: member.key, to: &places)
    }
    return places
  }

  private static func expandedPlaces(_ record: StudyRecord) -> [Place] {
    var places: [Place] = record.axes.map { ("axes.\($0.path)", "[\($0.values.joined(separator: ", "))]") }
    // A seed may be missing in one configuration, and none is there twice.
    var known: Set<UInt64> = []
    let seeds = record.configurations.flatMap(\.trials).map(\.seed).filter { known.insert($0).inserted }
    places.append(("seeds", "[\(seeds.map(String.init).joined(separator: ", "))]"))
    return places
  }

  /// Adds a value: an object and a list of objects by their parts, all else as it is.
  private static func add(_ value: JSONValue, at path: String, to places: inout [Place]) {
    switch value {
    case .object(let members) where !members.isEmpty:
      for member in members { add(member.value, at: "\(path).\(member.key)", to: &places) }
    case .array(let elements) where elements.contains { if case .object = $0 { true } else { false } }:
      for (index, element) in elements.enumerated() { add(element, at: "\(path)[\(index)]", to: &places) }
    default: places.append((path, value.compactText))
    }
  }
}
