/// A rule of any kind, as a value that can be compared, read and written.
package struct SchedulerRule: Hashable, Sendable {
  /// The rule.
  package let kind: any SchedulerKind

  /// Creates a value of a rule.
  package init(_ kind: any SchedulerKind) { self.kind = kind }

  /// Makes the rule of checked options, its name among them.
  init(_ options: Options, among kinds: [any SchedulerKind.Type]) {
    guard let kind = kinds.first(where: { $0.type.table.name == options.text("name") }) else {
      preconditionFailure("no scheduler has the name \(options.text("name"))")
    }
    self.init(kind.type.make(options))
  }

  /// The name and the options of the rule's kind.
  var type: SchedulerType { Swift.type(of: kind).type }

  /// The name and all options, defaults written out.
  var asOptions: [String: OptionValue] {
    let values = Dictionary(type.options(kind).pairs.map { ($0.name, $0.value) }) { $1 }
    return values.merging(["name": .text(type.table.name)]) { $1 }
  }

  /// The name, then the options that differ from their defaults: `step_lr`, `step_size 30`, `gamma 0.5`.
  var words: [String] {
    [type.table.name] + type.options(kind).filter { !$0.isDefault }.map { "\($0.name) \($0.value.listText)" }
  }

  package static func == (first: SchedulerRule, second: SchedulerRule) -> Bool { first.kind.isEqual(to: second.kind) }

  package func hash(into hasher: inout Hasher) { kind.hash(into: &hasher) }
}

extension OptionValue {
  /// The value as a person writes it, a list in brackets.
  fileprivate var listText: String {
    if case .list(let values) = self { "[\(values.map(\.text).joined(separator: ", "))]" } else { text }
  }
}
