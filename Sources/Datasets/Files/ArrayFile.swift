import Architectures

/// An IDX or `.npy` file whose header was read and whose size was checked against it.
struct ArrayFile {
  let path: String
  let format: ArrayFormat
  let header: ArrayHeader

  /// Reads and checks the header. A gzipped file's size is checked when its values are read.
  init(path: String, format: ArrayFormat) throws(DatasetError) {
    let source = try ByteSource(path: path)
    try self.init(source: source, format: format)
  }

  private init(source: ByteSource, format: ArrayFormat) throws(DatasetError) {
    (path, self.format) = (source.path, format)
    header = try format.header(of: source)
    let expected = header.length + header.valueBytes
    let fits = source.isCompressed ? expected <= source.capacity : expected == source.capacity
    guard fits else {
      throw .wrongSize(path: path, found: source.capacity, expected: expected, because: reason)
    }
  }

  /// How many images or labels there are.
  var count: Int { header.dimensions.first ?? 0 }

  private var reason: String {
    "\(header.dimensions.map(String.init).joined(separator: " × ")) values of \(header.elements.text)"
  }

  // MARK: Images

  /// The shape of one image: `[1, H, W]`, `[C, H, W]` or `[features]`.
  func imageShape() throws(DatasetError) -> Shape {
    guard header.elements == .byte || header.elements.kind == .float else {
      throw .badElements(path: path, found: header.elements.text, expected: "u1, f4 or f8 for images")
    }
    let sizes = header.dimensions.dropFirst()
    switch sizes.count {
    case 1, 3: return Shape(Array(sizes))
    case 2: return Shape([1] + sizes)
    default:
      throw .badDimensions(
        path: path, found: header.dimensions,
        expected: "those of images: count × height × width, count × channels × height × width or count × features")
    }
  }

  /// Whether the images are bytes, which are divided by 255, and not floating-point numbers, which are taken as such.
  var holdsBytes: Bool { header.elements == .byte }

  /// The first images as bytes or as floats, one after the other.
  func images(first count: Int) throws(DatasetError) -> Allocation {
    let values = count * (try imageShape()).count
    let raw = try read(first: count)
    if holdsBytes && !header.firstIndexFastest { return raw }
    let result = try Allocation(byteCount: values * (holdsBytes ? 1 : 4), for: path)
    if holdsBytes {
      let (from, to) = (raw.start(as: UInt8.self), result.start(as: UInt8.self))
      forEachValue(count) { target, source in to[target] = from[source] }
    } else {
      let (from, to, elements) = (raw.start(as: UInt8.self), result.start(as: Float.self), header.elements)
      forEachValue(count) { target, source in to[target] = elements.float(at: from + source * elements.size) }
    }
    return result
  }

  // MARK: Labels

  /// Sees that the file can hold labels.
  func checkLabels() throws(DatasetError) {
    guard header.elements.kind != .float else {
      throw .badElements(path: path, found: header.elements.text, expected: "integers for labels")
    }
    guard header.dimensions.count == 1 else {
      throw .badDimensions(path: path, found: header.dimensions, expected: "those of labels: the count alone")
    }
  }

  /// The first labels, each below `classes`.
  func labels(first count: Int, classes: Int) throws(DatasetError) -> [UInt8] {
    try checkLabels()
    let raw = try read(first: count)
    var labels: [UInt8] = []
    labels.reserveCapacity(count)
    let start = raw.start(as: UInt8.self)
    for index in 0..<count {
      let label = header.elements.integer(at: start + index * header.elements.size) ?? .max
      guard (0..<classes).contains(label) else {
        throw .labelOutOfRange(path: path, index: index, label: label, classes: classes)
      }
      labels.append(UInt8(label))
    }
    return labels
  }

  // MARK: Values

  /// The raw values of the first rows, or of all where the first index runs fastest; the file is read to its end.
  private func read(first rows: Int) throws(DatasetError) -> Allocation {
    let source = try ByteSource(path: path)
    // The file may have changed since its header was looked at.
    let again = try ArrayFile(source: source, format: format)
    guard again.header == header else {
      throw .unreadable(path: path, reason: "it was changed while it was read")
    }
    let wanted = header.firstIndexFastest ? header.valueBytes : header.valueBytes / count * rows
    let raw = try Allocation(byteCount: wanted, for: path)
    var found = try source.read(into: raw.bytes)
    found += try source.countRest(limit: header.valueBytes - found + 1)
    guard found == header.valueBytes else {
      throw .wrongSize(
        path: path, found: found > header.valueBytes ? nil : header.length + found,
        expected: header.length + header.valueBytes, because: reason)
    }
    return raw
  }

  /// Calls with the place of each value in `[N, …]` order and its place in the file.
  private func forEachValue(_ rows: Int, _ body: (_ target: Int, _ source: Int) -> Void) {
    let sizes = header.dimensions
    let perRow = sizes.dropFirst().reduce(1, *)
    guard header.firstIndexFastest else {
      for index in 0..<rows * perRow { body(index, index) }
      return
    }
    var strides = [1]
    for size in sizes.dropLast() { strides.append(strides[strides.count - 1] * size) }
    var position = [Int](repeating: 0, count: sizes.count)
    var source = 0
    for target in 0..<rows * perRow {
      body(target, source)
      var axis = sizes.count - 1
      while axis >= 0 {
        position[axis] += 1
        source += strides[axis]
        if position[axis] < sizes[axis] { break }
        source -= strides[axis] * sizes[axis]
        position[axis] = 0
        axis -= 1
      }
    }
  }
}
