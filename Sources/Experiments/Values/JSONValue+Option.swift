import Architectures
import Presentation

extension JSONValue {
  /// The JSON of an option's value.
  package init(_ value: OptionValue) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .bool(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .double(value)
    case .text(let value): self = .string(value)
    case .list(let values): self = .array(values.map { JSONValue($0) })
    case .described(let value): self.init(.object(value.value.described))
    case .object(let options): self = .object(options.sorted.map { Member($0.name, JSONValue($0.value)) })
    }
  }
}
