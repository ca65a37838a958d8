import Presentation

/// What an array file says of itself before its values begin.
struct ArrayHeader: Hashable {
  /// Bytes before the values.
  let length: Int
  let elements: ElementType
  /// Sizes, outermost first; each at least 1.
  let dimensions: [Int]
  /// Whether the first index runs fastest in the file (Fortran's order) and not the last.
  let firstIndexFastest: Bool
  /// Bytes of all values.
  let valueBytes: Int

  /// Checks the dimensions; the file is not yet checked against them.
  init(
    path: String, length: Int, elements: ElementType, dimensions: [Int], firstIndexFastest: Bool = false
  ) throws(DatasetError) {
    let sizes = "sizes of at least 1 whose product fits the memory"
    var bytes = elements.size
    for size in dimensions {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow, product < 1 << 48 else {
        throw .badDimensions(path: path, found: dimensions, expected: sizes)
      }
      bytes = product
    }
    (self.length, self.elements, self.dimensions) = (length, elements, dimensions)
    self.firstIndexFastest = firstIndexFastest && dimensions.count > 1
    valueBytes = bytes
  }

  /// Bytes as a person compares them: `00 00 08 03`.
  static func shown(_ bytes: some Collection<UInt8>) -> String {
    bytes.isEmpty ? "nothing" : hexadecimal(bytes, separator: " ")
  }
}

/// The formats of array files that are read here.
enum ArrayFormat {
  /// The format of MNIST's files, which Yann LeCun's page describes.
  case idx
  /// NumPy's, versions 1 to 3 (numpy.lib.format).
  case npy

  /// Reads the header, to its last byte.
  func header(of source: ByteSource) throws(DatasetError) -> ArrayHeader {
    switch self {
    case .idx: try .idx(from: source)
    case .npy: try .npy(from: source)
    }
  }
}
