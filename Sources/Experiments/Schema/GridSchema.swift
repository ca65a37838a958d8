import Architectures
import Presentation

/// The JSON Schema of a grid, made of the tables that grids are read with.
///
/// It accepts every grid that the reader accepts; what depends on several values at once (shapes, sums, conditions) only
/// the reader finds.
package enum GridSchema {
  /// The schema, draft 2020-12.
  package static var json: JSONValue {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A grid of experiments for bench",
      "type": "object", "required": ["name"], "additionalProperties": false,
      "properties": .object(members.map { JSONValue.Member($0.0, $0.1) }),
      "$defs": [
        "layer": layer, "point": .object(point), "values": values, "rule": rule, "laws": laws,
        "condition": .object(
          withProperties(point, [.init("variant", described("The label of a variant.", ["type": "string"]))])),
      ],
    ]
  }

  private static let seed: JSONValue = ["type": "integer", "minimum": 0, "maximum": .number(JSONNumber(UInt64.max))]
  private static func text(_ length: Int) -> JSONValue {
    ["type": "string", "minLength": 1, "maxLength": .integer(length)]
  }
  private static let label: JSONValue = ["type": "string", "minLength": 1, "maxLength": 200]

  private static var members: [(String, JSONValue)] {
    [
      ("$schema", ["type": "string"]),
      ("name", described("The study's name.", label)),
      ("title", described("One line that says what the study asks.", ["type": "string", "maxLength": 200])),
      (
        "extends",
        described("The path of another grid, from this one's folder, whose keys this one replaces.", text(4_096))
      ),
      (
        "tags",
        described(
          "Words to find the study by; they change no trial.",
          ["type": "array", "items": text(60), "maxItems": 100, "uniqueItems": true])
      ),
      ("notes", described("Free text; it changes no trial.", ["type": "string", "maxLength": 10_000])),
    ] + GridSection.allCases.map { ($0.rawValue, schema(of: $0)) } + [
      ("metrics", metrics),
      (
        "seeds",
        described(
          "The replicates; each configuration is trained once with each.",
          [
            "anyOf": [
              ["type": "array", "items": seed, "minItems": 1, "maxItems": 100_000, "uniqueItems": true],
              ["$ref": "#/$defs/rule"],
            ]
          ])
      ),
      (
        "variants",
        described(
          "Labelled points; together they are one axis.",
          [
            "type": "object", "minProperties": 1, "propertyNames": label,
            "additionalProperties": ["$ref": "#/$defs/point"],
          ])
      ),
      ("axes", described("Paths and their values; the points are the product of all.", ["$ref": "#/$defs/values"])),
      (
        "zip",
        described(
          "Paths whose values vary together, in lists of one length.",
          ["type": "array", "items": ["$ref": "#/$defs/values"]])
      ),
      (
        "sample",
        described(
          "Points drawn at random, the same each time.",
          [
            "type": "object", "required": ["count", "axes"], "additionalProperties": false,
            "properties": [
              "count": schema(of: .integer(1...SampleReader.maximumCount)),
              "seed": schema(of: .integer(0...4_294_967_295)), "axes": ["$ref": "#/$defs/laws"],
            ],
          ])
      ),
      (
        "when",
        described(
          "Axes that exist only where a condition holds.",
          [
            "type": "array",
            "items": [
              "type": "object", "required": ["if", "axes"], "additionalProperties": false,
              "properties": ["if": ["$ref": "#/$defs/condition"], "axes": ["$ref": "#/$defs/values"]],
            ],
          ])
      ),
      (
        "exclude",
        described("Partial points to leave out.", ["type": "array", "items": ["$ref": "#/$defs/condition"]])
      ),
      (
        "include",
        described(
          "Extra points, each with a label.",
          [
            "type": "array",
            "items": .object(withProperties(point, [.init("label", label)]) + [.init("required", ["label"])]),
          ])
      ),
      ("set", described("What goes over every point.", ["$ref": "#/$defs/point"])),
    ]
  }

  /// The scores beside loss and accuracy.
  private static var metrics: JSONValue {
    let names = ClassificationScore.exampleNames.map { $0.replacing("_5_", with: "_([2-9]|[1-9][0-9]{1,2}|1000)_") }
    return described(
      "What is scored beside loss and accuracy.",
      [
        "type": "array", "maxItems": 100, "uniqueItems": true,
        "items": [
          "type": "string", "pattern": .string("^(\(names.joined(separator: "|")))$"),
          "examples": .array(ClassificationScore.exampleNames.map { .string($0) }),
        ],
      ])
  }

  // MARK: Sections

  private static func schema(of section: GridSection) -> JSONValue {
    switch section {
    case .loss:
      [
        "anyOf": [
          ["enum": .array(Loss.tables.map { .string($0.name) })], union(section.tables, tag: "name", others: []),
        ]
      ]
    case .initialWeights: schema(of: .either([.text(4_096), .object(InitialWeights.table), .null]))
    case .training: partial(TrainingSettings.table, tag: nil)
    case .dataset: union(section.tables, tag: "name", others: [])
    case .optimizer: union(section.tables, tag: "name", others: [])
    case .model:
      union(
        section.tables, tag: "family",
        others: [
          .init("preset", ["enum": .array(Preset.all.map { .string($0.name) })]),
          .init("layers", ["type": "array", "items": ["$ref": "#/$defs/layer"], "minItems": 1, "maxItems": 1_000]),
        ])
    }
  }

  /// An object that may lack options, because a point may give them.
  private static func partial(_ table: OptionTable, tag: String?) -> JSONValue {
    var properties = table.options.map { JSONValue.Member($0.name, schema(of: $0)) }
    if let tag { properties.insert(.init(tag, ["const": .string(table.name)]), at: 0) }
    return [
      "type": "object", "description": .string(table.documentation), "properties": .object(properties),
      "additionalProperties": false,
    ]
  }

  /// An object whose tag says which table holds; without one, any option of any table may stand in it.
  private static func union(_ tables: [OptionTable], tag: String, others: [JSONValue.Member]) -> JSONValue {
    var properties = [JSONValue.Member(tag, ["enum": .array(tables.map { .string($0.name) })])] + others
    properties += merged(tables.flatMap(\.options))
    let choices = tables.map { table -> JSONValue in
      [
        "if": ["properties": .object([.init(tag, ["const": .string(table.name)])]), "required": [.string(tag)]],
        "then": partial(table, tag: tag),
      ]
    }
    return [
      "type": "object", "properties": .object(properties), "additionalProperties": false, "allOf": .array(choices),
    ]
  }

  private static var layer: JSONValue {
    let choices = LayerRegistry.types.map { type -> JSONValue in
      let options = type.layerTable.options
      let required = options.filter { $0.defaultValue == nil && !$0.isOptional }.map { JSONValue.string($0.name) }
      return [
        "if": ["properties": ["type": ["const": .string(type.table.name)]]],
        "then": [
          "description": .string(type.table.documentation), "required": .array(required),
          "properties": .object(
            [.init("type", ["const": .string(type.table.name)])]
              + options.map { JSONValue.Member($0.name, schema(of: $0)) }),
          "additionalProperties": false,
        ],
      ]
    }
    return [
      "type": "object", "required": ["type"],
      "properties": ["type": ["enum": .array(LayerRegistry.types.map { .string($0.table.name) })]],
      "allOf": .array(choices),
    ]
  }

  // MARK: Points

  /// The paths that lead to one option each, with the option's schema.
  private static var paths: [JSONValue.Member] {
    GridSection.allCases.flatMap { section -> [JSONValue.Member] in
      var members = [JSONValue.Member(section.rawValue, section == .loss ? schema(of: section) : [:])]
      if let tag = section.discriminator {
        members.append(.init("\(section.rawValue).\(tag)", ["enum": .array(section.tables.map { .string($0.name) })]))
      }
      if section == .model {
        members.append(.init("model.preset", ["enum": .array(Preset.all.map { .string($0.name) })]))
        members.append(.init("model.layers", ["type": "array", "items": ["$ref": "#/$defs/layer"]]))
      }
      return members
        + merged(section.tables.flatMap(\.options)).map { .init("\(section.rawValue).\($0.key)", $0.value) }
    }
  }

  /// Paths that lead further down: into a layer, a list, or an option that is an object (`dataset.normalize`).
  private static let deeper: String = {
    let objects = GridSection.allCases.flatMap { section in
      merged(section.tables.flatMap(\.options).filter { !$0.kind.tables.isEmpty }).map {
        "\(section.rawValue)\\.\($0.key)"
      }
    }
    return "^((model\\.layers\\[[0-9]+\\]|(dataset|model|optimizer|loss)\\.[a-z0-9_]+\\[[0-9]+\\]|"
      + objects.joined(separator: "|") + ")([.\\[].*)?)$"
  }()

  private static var point: [JSONValue.Member] {
    [
      .init("type", "object"), .init("properties", .object(paths)),
      .init("patternProperties", .object([.init(deeper, [:])])), .init("additionalProperties", false),
    ]
  }

  /// Paths and their values.
  private static var values: JSONValue {
    varied { ["anyOf": [["type": "array", "items": $0, "minItems": 1], ["$ref": "#/$defs/rule"]]] }
  }

  /// Paths and what their values are drawn from.
  private static var laws: JSONValue {
    func law(_ name: String, _ schema: JSONValue) -> JSONValue {
      [
        "type": "object", "properties": .object([.init(name, schema)]), "required": [.string(name)],
        "additionalProperties": false,
      ]
    }
    let range: JSONValue = ["type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2]
    return varied { value in
      let list: JSONValue = ["type": "array", "items": value, "minItems": 1]
      return [
        "anyOf": .array(
          ["log_uniform", "uniform", "int_uniform"].map { law($0, range) }
            + [law("choice", ["anyOf": [list, ["$ref": "#/$defs/rule"]]])])
      ]
    }
  }

  /// An object of paths, whose members `schema` makes of the schema of the path's value.
  private static func varied(_ schema: (JSONValue) -> JSONValue) -> JSONValue {
    [
      "type": "object", "properties": .object(paths.map { .init($0.key, schema($0.value)) }),
      "patternProperties": .object([.init(deeper, schema([:]))]), "additionalProperties": false,
    ]
  }

  /// A list of numbers by a rule.
  private static var rule: JSONValue {
    let numbers: JSONValue = ["type": "array", "items": ["type": "number"], "minItems": 3, "maxItems": 3]
    return [
      "type": "object", "description": "A list of numbers by a rule.", "minProperties": 1, "maxProperties": 1,
      "properties": .object(
        ValueRule.allCases.map { .init($0.rawValue, described("\($0.form).", numbers)) }),
      "additionalProperties": false,
    ]
  }

  private static func withProperties(_ schema: [JSONValue.Member], _ more: [JSONValue.Member]) -> [JSONValue.Member] {
    schema.map { member in
      guard member.key == "properties", case .object(let properties) = member.value else { return member }
      return .init("properties", .object(more + properties))
    }
  }

  // MARK: Options

  /// A member for each name; where tables differ in what they allow under it, any of that.
  private static func merged(_ options: [Option]) -> [JSONValue.Member] {
    var names: [String] = []
    for option in options where !names.contains(option.name) { names.append(option.name) }
    return names.map { name in
      var schemas: [JSONValue] = []
      for option in options where option.name == name {
        let schema = schema(of: option.kind)
        if !schemas.contains(schema) { schemas.append(schema) }
      }
      return JSONValue.Member(name, schemas.count == 1 ? schemas[0] : ["anyOf": .array(schemas)])
    }
  }

  private static func schema(of option: Option) -> JSONValue {
    guard case .object(var members) = described(option.documentation, schema(of: option.kind)) else { return [:] }
    if let value = option.defaultValue { members.append(.init("default", JSONValue(value))) }
    return .object(members)
  }

  private static func described(_ text: String, _ schema: JSONValue) -> JSONValue {
    guard case .object(let members) = schema else { return schema }
    return .object([.init("description", .string(text))] + members)
  }

  static func schema(of kind: OptionKind) -> JSONValue {
    switch kind {
    case .boolean: return ["type": "boolean"]
    case .null: return ["type": "null"]
    case .integer(let range):
      return ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    case .number(let range):
      return [
        "type": "number", range.excludesMinimum ? "exclusiveMinimum" : "minimum": .double(range.minimum),
        range.excludesMaximum ? "exclusiveMaximum" : "maximum": .double(range.maximum),
      ]
    case .text(let limit): return ["type": "string", "minLength": 1, "maxLength": .integer(limit)]
    case .choice(let words): return ["enum": .array(words.map { .string($0) })]
    case .list(let kind, let count):
      return [
        "type": "array", "items": schema(of: kind), "minItems": .integer(count.lowerBound),
        "maxItems": .integer(count.upperBound),
      ]
    case .either: return ["anyOf": .array(kind.flattened.map(schema))]
    case .object(let table):
      let required = table.options.filter { $0.defaultValue == nil && !$0.isOptional }
      return [
        "type": "object", "properties": .object(table.options.map { .init($0.name, schema(of: $0)) }),
        "required": .array(required.map { .string($0.name) }), "additionalProperties": false,
      ]
    case .tagged(let tables):
      guard case .object(let members) = union(tables, tag: "name", others: []) else { return [:] }
      return .object(members + [.init("required", ["name"])])
    case .layer: return ["$ref": "#/$defs/layer"]
    }
  }
}
