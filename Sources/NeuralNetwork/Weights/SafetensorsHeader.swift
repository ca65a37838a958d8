import Presentation

/// What the JSON header of a safetensors file says of one tensor, which nothing bears out yet.
struct SafetensorsHeader {
  var name: String
  var element: SafetensorsElement
  var shape: [Int]
  var begin: Int
  var end: Int

  /// Reads the tensors in the header's order.
  static func all(in bytes: ArraySlice<UInt8>) throws(SafetensorsError) -> [SafetensorsHeader] {
    var reader = JSONReader(Array(bytes))
    let root: JSONNode
    do { root = try reader.read() } catch { throw .header(reason: error.message, at: error.position) }
    if let double = reader.duplicates.first { throw .duplicate(key: double.key) }
    guard let members = root.members else { throw .header(reason: "expected an object", at: root.position) }
    var tensors: [SafetensorsHeader] = []
    for member in members {
      if member.key == "__metadata__" {
        guard let texts = member.value.members, texts.allSatisfy({ $0.value.string != nil }) else {
          throw .header(reason: "__metadata__ is not an object of texts", at: member.value.position)
        }
      } else {
        tensors.append(try SafetensorsHeader(member))
      }
    }
    return tensors
  }

  private init(_ member: JSONNode.Member) throws(SafetensorsError) {
    let (name, value) = (member.key, member.value)
    let known = ["dtype", "shape", "data_offsets"]
    if let other = value.members?.first(where: { !known.contains($0.key) }) {
      throw .header(reason: "tensor \(quoted(name)) has the unknown key \(quoted(other.key))", at: other.keyPosition)
    }
    guard let type = value["dtype"]?.value.string, let shape = value["shape"]?.value,
      let offsets = value["data_offsets"]?.value
    else {
      throw .header(reason: "tensor \(quoted(name)) needs dtype, shape and two data_offsets", at: value.position)
    }
    guard let element = SafetensorsElement(rawValue: type) else { throw .element(name: name, found: type) }
    let places = try Self.sizes(offsets)
    guard places.count == 2 else {
      throw .header(reason: "tensor \(quoted(name)) needs two data_offsets", at: offsets.position)
    }
    (self.name, self.element, self.shape) = (name, element, try Self.sizes(shape))
    (begin, end) = (places[0], places[1])
  }

  private static func sizes(_ node: JSONNode) throws(SafetensorsError) -> [Int] {
    guard let elements = node.elements else { throw .header(reason: "expected a list", at: node.position) }
    var sizes: [Int] = []
    for element in elements {
      guard case .number(let number) = element.content, let size = Int(number.text), size >= 0 else {
        throw .header(reason: "expected a whole number of at most 63 bits", at: element.position)
      }
      sizes.append(size)
    }
    return sizes
  }
}
