import Architectures
import Presentation

/// What a grid's `model` says, checked by itself; it becomes a network once the data are known.
enum ModelDescription {
  case family(ModelFamily, Options)
  case layers([DescribedLayer], Initialisers?)

  /// A layer and what the grid says of it.
  struct DescribedLayer {
    var layer: Layer
    var node: JSONNode
  }
}

extension [ModelDescription.DescribedLayer] {
  /// What the grid says of the layer that stands somewhere in them; `nil` where none does.
  func node(at place: LayerPlace) -> JSONNode? {
    guard case .index(let first)? = place.steps.first, indices.contains(first) else { return nil }
    return self[first].node.node(at: place.steps.dropFirst())
  }
}

extension OptionReader {
  /// Reads `model`: a family, a preset or explicit layers.
  ///
  /// - Parameter isPartial: whether a point of the grid may give what is missing.
  func readModel(_ node: JSONNode, isPartial: Bool = false) -> ModelDescription? {
    guard let members = node.members else {
      log.report(node.position, "is \(node.found); expected an object")
      return nil
    }
    let forms = members.filter { ["family", "preset", "layers"].contains($0.key) }
    guard let form = forms.first, forms.count == 1 else {
      if let second = forms.dropFirst().first {
        log.report(second.keyPosition, "stands beside \(forms[0].key); a model has one of family, preset and layers")
      } else if isPartial {
        reportKeys(of: node, knownIn: ModelFamily.all.map(\.table), besides: ["family", "preset", "layers"])
        _ = readInitialisers(node)
      } else {
        let families = ModelFamily.all.map(\.table.name)
        log.report(
          node.position, member: "family",
          "is missing; expected one of \(families.joined(separator: ", ")), or a preset, or layers")
      }
      return nil
    }
    guard readInitialisers(node) else { return nil }
    switch form.key {
    case "layers": return readLayers(form, of: node)
    case "preset":
      guard let preset = choose(form.value, among: Preset.all, \.name) else { return nil }
      guard let given = read(node, preset.family.table, besides: ["preset"], isPartial: true) else { return nil }
      return .family(preset.family, preset.family.table.filled(preset.options.merging(given) { $1 }))
    default:
      guard let family = choose(form.value, among: ModelFamily.all, \.table.name) else { return nil }
      return read(node, family.table, besides: ["family"], isPartial: isPartial).map {
        .family(family, family.table.filled($0))
      }
    }
  }

  /// Whether the arguments of the initialisers under an object's `init` go together, as far as they can be read at all.
  private func readInitialisers(_ node: JSONNode) -> Bool {
    var isGood = true
    for member in node["init"]?.value.members ?? [] where member.value.members != nil {
      let silent = OptionReader(log: ErrorLog(file: "", root: nil))
      guard let value = silent.value(member.value, .tagged(Initialiser.tables)) else { continue }
      let made: Void? = make(member.value) { () throws(OptionError) in try Initialiser(value)?.check() }
      if made == nil { isGood = false }
    }
    return isGood
  }

  private func readLayers(_ form: JSONNode.Member, of node: JSONNode) -> ModelDescription? {
    var isGood = true
    for member in node.members ?? [] where member.key != "layers" && member.key != "init" {
      log.report(member.keyPosition, "stands beside layers; a model of explicit layers has no other key but init")
      isGood = false
    }
    let kind = ModelFamily.initialisers.kind
    let given = node["init"].flatMap { value($0.value, kind) }
    if node["init"] != nil, given == nil { isGood = false }
    guard let elements = form.value.elements, (1...1_000).contains(elements.count) else {
      log.report(form.value.position, "is \(form.value.found); expected a list of 1 to 1000 layers")
      return nil
    }
    guard let layers = readChain(elements), isGood else { return nil }
    return .layers(
      zip(layers, elements).map { .init(layer: $0, node: $1) },
      Initialisers(Options(given.map { ["init": $0] } ?? [:])))
  }

  /// Reads the layers of a chain, the network's own or one in a nested layer.
  func readChain(_ elements: [JSONNode]) -> [Layer]? {
    var isGood = true
    var names: Set<String> = []
    let layers = elements.compactMap { node in
      let layer = readLayer(node)
      if let name = layer?.name, !names.insert(name).inserted {
        log.report(node.position, member: "name", "is \(quoted(name)), as another layer's; names differ")
        isGood = false
      }
      return layer
    }
    return isGood && layers.count == elements.count ? layers : nil
  }

  private func readLayer(_ node: JSONNode) -> Layer? {
    guard nesting <= Self.maximumNesting else {
      log.report(
        node.position,
        "lies in \(nesting) layers that are made of layers; at most \(Self.maximumNesting) may lie in each other")
      return nil
    }
    guard node.members != nil else {
      log.report(node.position, "is \(node.found); expected a layer such as {\"type\": \"relu\"}")
      return nil
    }
    guard let type = node["type"]?.value else {
      log.report(
        node.position, member: "type",
        "is missing; expected one of \(LayerRegistry.types.map(\.table.name).joined(separator: ", "))")
      return nil
    }
    guard let layerType = type.string.flatMap(LayerRegistry.type(named:)) else {
      _ = value(type, .choice(LayerRegistry.types.map(\.table.name)))
      return nil
    }
    var inside = self
    inside.nesting += 1
    guard let values = inside.read(node, layerType.layerTable, besides: ["type"]) else { return nil }
    let options = layerType.layerTable.filled(values)
    if let name = options.textIfAny("name"), Int(name) != nil {
      log.report(node.position, member: "name", "is \(quoted(name)); a number is the name of the layer in that place")
      return nil
    }
    guard readInitialisers(node) else { return nil }
    return layerType.layer(options, trainable: options.boolean("trainable"), name: options.textIfAny("name"))
  }
}
