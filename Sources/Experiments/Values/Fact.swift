/// A thing that is said of a configuration: `Optimizer`, `SGD, momentum 0.9`.
package struct Fact: Sendable, Hashable {
  package var name: String
  /// What is said: a list of things, each with what is said of it.
  package var items: [Item]
  /// Whether each thing is shared by itself, wherever another configuration has one of the same name: layers, say.
  package var isOfSingleItems = false

  /// A thing and its details, which configurations share one by one: `random crop, size 32, padding 4`.
  package struct Item: Sendable, Hashable {
    package var head: String
    package var details: [String]
    /// What stands before the first detail.
    package var opening: String

    /// Creates a thing with its details.
    package init(_ head: String, _ details: [String], opening: String = ", ") {
      (self.head, self.details, self.opening) = (head, details, opening)
    }

    /// A name of options with the options, as kinds of things describe themselves.
    package init(_ words: [String]) { self.init(words.first ?? "", Array(words.dropFirst())) }
  }

  /// Creates a fact of several things.
  package init(name: String, items: [Item], isOfSingleItems: Bool = false) {
    (self.name, self.items, self.isOfSingleItems) = (name, items, isOfSingleItems)
  }

  /// Creates a fact without details.
  package init(name: String, value: String) { self.init(name: name, items: [Item(value, [])]) }

  /// All that is said, in words; single things with equal details are said together.
  package var value: String {
    var said: [Item] = []
    for item in items {
      if isOfSingleItems, let place = said.firstIndex(where: { $0.details == item.details }) {
        said[place].head += ", \(item.head)"
      } else {
        said.append(item)
      }
    }
    return said.map { item in
      item.details.isEmpty ? item.head : item.head + item.opening + item.details.joined(separator: ", ")
    }.joined(separator: "; ")
  }

  /// What is said of all configurations, in the order of the first: a fact where all speak of the same things, with the
  /// details that all have.
  package static func shared(by all: [[Fact]]) -> [Fact] {
    guard let first = all.first else { return [] }
    return all.dropFirst().reduce(first) { shared, facts in
      shared.compactMap { fact in facts.first { $0.name == fact.name }.flatMap(fact.common) }
    }
  }

  /// The fact with the details that another one of the same name has too; `nil` where that speaks of other things.
  private func common(with other: Fact) -> Fact? {
    var common = self
    if isOfSingleItems {
      common.items = items.compactMap { item in
        other.items.first { $0.head == item.head }.map(item.common).flatMap { $0.details.isEmpty ? nil : $0 }
      }
      return common.items.isEmpty ? nil : common
    }
    guard items.map(\.head) == other.items.map(\.head) else { return nil }
    common.items = zip(items, other.items).map { $0.common(with: $1) }
    return common
  }
}

extension Fact.Item {
  fileprivate func common(with other: Fact.Item) -> Fact.Item {
    Fact.Item(head, details.filter(other.details.contains), opening: opening)
  }
}
